package dev.cadflow.archive;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A process that archives in a loop is killed at random moments, again and again. How often is the system property
 * {@code cadflow.kills}, 5 where it is not set.
 */
final class KilledArchiverTest {
    private static final int KEYS = 15;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path root;

    @Test
    void leavesNothingVisibleThatIsNotWholeAndFinishesInTheEnd() throws Exception {
        int kills = Integer.getInteger("cadflow.kills", 5);
        Random random = new Random(4711);
        int published = 0;
        for (int kill = 0; kill < kills; kill++) {
            Path archive = root.resolve("archive-" + kill % 10);
            Process child = archiving(archive, kill / 10 * KEYS);
            int lines = random.nextInt(KEYS);
            for (int line = 0; line < lines && child.inputReader().readLine() != null; line++) {
                continue;
            }
            spin(random.nextInt(3_000_000));
            child.destroyForcibly().waitFor(30, TimeUnit.SECONDS);
            published += requireAllWhole(archive);
        }
        assertThat(published).isPositive();

        for (int archive = 0; archive < Math.min(10, kills); archive++) {
            Path folder = root.resolve("archive-" + archive);
            for (int kill = archive; kill < kills; kill += 10) {
                Archiving.run(folder, kill / 10 * KEYS, key -> {});
            }
            assertThat(requireAllWhole(folder)).isGreaterThanOrEqualTo(KEYS);
            assertThat(files(folder.resolve(".incoming"))).isEmpty();
        }
    }

    /** Every name that a reader can see has its manifest and is what it says. */
    private static int requireAllWhole(Path archive) throws IOException {
        if (!Files.exists(archive.resolve("parts"))) {
            return 0;
        }
        int whole = 0;
        for (Path file : files(archive.resolve("parts"))) {
            if (!file.toString().endsWith(".manifest.json")) {
                Manifest manifest = Manifest.parse(Files.readAllBytes(Path.of(file + ".manifest.json")));
                assertThat(Parts.sha256(Files.readAllBytes(file)))
                        .isEqualTo(manifest.file().sha256());
                whole++;
            }
        }
        return whole;
    }

    /** A busy wait of no particular length, so that the kill does not fall on the end of a line. */
    private static void spin(int turns) {
        for (int i = 0; i < turns; i++) {
            Thread.onSpinWait();
        }
    }

    private static List<Path> files(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile).toList();
        }
    }

    private static Process archiving(Path archive, int firstKey) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xshare:auto",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Archiving.class.getName(),
                archive.toString(),
                Integer.toString(firstKey)));
        return new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    /** The process that is killed. */
    static final class Archiving {
        private Archiving() {}

        public static void main(String[] arguments) throws IOException {
            run(Path.of(arguments[0]), Integer.parseInt(arguments[1]), System.out::println);
        }

        static void run(Path folder, int firstKey, java.util.function.Consumer<String> done) throws IOException {
            FileArchive archive = new FileArchive(folder);
            for (int number = firstKey; number < firstKey + KEYS; number++) {
                ArchiveKey key = ArchiveKey.of("parts/" + number + ".step");
                byte[] content = Parts.step("part " + number + "x".repeat(number % 7 * 10_000));
                if (archive.find(key).isEmpty()) {
                    bring(archive, key, content);
                }
                done.accept(key.value());
            }
        }

        /** As a download does it: into a partial file that a later run takes up, then published. */
        private static void bring(FileArchive archive, ArchiveKey key, byte[] content) throws IOException {
            try (PartialFile partial = PartialFile.open(archive.staging(), key, "job-" + key, copied -> {})) {
                if (!partial.isComplete()) {
                    partial.startOver(
                            new BodyIdentity("storage.example", (long) content.length, "\"v1\"", null, null, null));
                    partial.append(content, content.length / 2);
                    partial.checkpoint();
                    byte[] rest = java.util.Arrays.copyOfRange(content, content.length / 2, content.length);
                    partial.append(rest, rest.length);
                }
                StagedFile staged = partial.staged(partial.finish().sha256());
                archive.publish(key, staged, Parts.manifest(key, "job-" + key, content), beat -> {});
            }
        }
    }
}
