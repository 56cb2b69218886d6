package dev.cadflow.activity.impl;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cadflow.activity.ArchiveHeartbeat.Stage;
import dev.cadflow.activity.ArchiveInput;
import dev.cadflow.archive.Download;
import dev.cadflow.archive.DownloadLimits;
import dev.cadflow.archive.FileArchive;
import dev.cadflow.archive.Manifest;
import dev.cadflow.archive.Parts;
import dev.cadflow.archive.ProvenDownload;
import dev.cadflow.archive.StorageHost;
import dev.cadflow.workflow.CadRequest;
import dev.cadflow.workflow.DeliveredBy;
import dev.cadflow.workflow.JobFinished;
import dev.cadflow.workflow.OutputFormat;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;
import okhttp3.OkHttpClient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A process that archives one part after another is killed at random moments, again and again. How often is the system
 * property {@code cadflow.kills}, 10 where it is not set; it prints what the kills struck.
 */
final class KilledArchiverTest {
    private static final int KILLS_OF_AN_ARCHIVE = 10;
    /** More than the kills leave time for. */
    private static final int PARTS = 25;

    /** Most kills follow at once, some a few milliseconds later. */
    private static final int LONGEST_SPIN_BITS = 18;

    private static final Map<String, String> ETAG = Map.of("ETag", "\"v1\"");

    private final Random random = new Random(4711);
    private final Map<Stage, Integer> struck = new EnumMap<>(Stage.class);
    private int wholeInBetween;
    private int whole;
    private int temporaryAfterKills;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path root;

    // What the figures are for.
    @SuppressWarnings("SystemOut")
    @Test
    @Timeout(value = 1, unit = TimeUnit.HOURS)
    void leavesNothingVisibleThatIsNotWholeAndFinishesInTheEnd() throws Exception {
        int kills = Integer.getInteger("cadflow.kills", KILLS_OF_AN_ARCHIVE);
        try (StorageHost host = new StorageHost(KilledArchiverTest::brokenOnce)) {
            for (int kill = 0; kill < kills; kill++) {
                Path archive = root.resolve("archive-" + kill / KILLS_OF_AN_ARCHIVE);
                kill(archive, host);
                wholeInBetween += requireAllWhole(archive);
                temporaryAfterKills += files(archive.resolve(".incoming")).isEmpty() ? 0 : 1;
                if (kill == kills - 1 || kill % KILLS_OF_AN_ARCHIVE == KILLS_OF_AN_ARCHIVE - 1) {
                    finish(archive, host);
                }
            }
        }
        System.out.printf(
                "killed: %d times, struck %s; temporary files behind %d kills; whole in between %d, whole in the end %d%n",
                kills, struck, temporaryAfterKills, wholeInBetween, whole);
        assertThat(wholeInBetween).isPositive();
    }

    /** Lets a process work, and kills it in a stage that is drawn by lot. */
    private void kill(Path archive, StorageHost host) throws Exception {
        Process child = new ProcessBuilder(archiving(archive, host.url("part")))
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try (BufferedReader said = child.inputReader()) {
            Stage stage = Stage.values()[random.nextInt(Stage.values().length)];
            String line = "";
            for (int part = random.nextInt(2); part >= 0; part--) {
                do {
                    line = said.readLine();
                } while (line != null && !line.equals(stage.name()));
            }
            spin(random.nextInt(1 << random.nextInt(LONGEST_SPIN_BITS)));
            // By its handle, which leaves its last words to be read.
            assertThat(child.toHandle().destroyForcibly()).isTrue();
            for (String more = line; more != null; more = said.readLine()) {
                line = more;
            }
            assertThat(line)
                    .as("the last word of a process that must not end by itself")
                    .isNotNull();
            struck.merge(Stage.valueOf(line), 1, Integer::sum);
            child.waitFor();
        }
    }

    private void finish(Path archive, StorageHost host) throws IOException {
        archive(archive, host.url("part"), stage -> {});

        assertThat(requireAllWhole(archive)).isEqualTo(PARTS);
        assertThat(files(archive.resolve(".incoming"))).isEmpty();
        whole += PARTS;
    }

    /** Every name that a reader can see has its manifest and is the part that was ordered. */
    private static int requireAllWhole(Path archive) throws IOException {
        int whole = 0;
        for (Path file : files(archive.resolve("parts"))) {
            if (!file.toString().endsWith(".manifest.json")) {
                byte[] found = Files.readAllBytes(file);
                int number = Integer.parseInt(file.getFileName().toString().replaceAll("\\D", ""));
                assertThat(found).isEqualTo(content(number));
                Manifest manifest = Manifest.parse(Files.readAllBytes(Path.of(file + ".manifest.json")));
                assertThat(manifest.file().sha256()).isEqualTo(Parts.sha256(found));
                whole++;
            }
        }
        return whole;
    }

    /** A busy wait of no particular length, so that the kill does not fall on the beginning of a stage. */
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

    /** Some parts are small, some take a while to come and to be proven. */
    private static byte[] content(int number) {
        StringBuilder points = new StringBuilder();
        for (int point = 2; point < number % 5 * 5_000; point++) {
            points.append('#').append(point).append("=CARTESIAN_POINT('',(0.,0.,0.));\n");
        }
        String small = new String(Parts.step("part " + number), US_ASCII);
        return small.replace("ENDSEC;\nEND-", points + "ENDSEC;\nEND-").getBytes(US_ASCII);
    }

    /** Sends half of the part named by the URL, and the rest when asked for it. */
    private static void brokenOnce(com.sun.net.httpserver.HttpExchange exchange) throws IOException {
        byte[] content =
                content(Integer.parseInt(exchange.getRequestURI().getQuery().replaceAll("\\D", "")));
        boolean whole = exchange.getRequestHeaders().containsKey("Range");
        int bytes = whole ? content.length : content.length / 2;
        StorageHost.breakingAfter(bytes, content, ETAG).answer(exchange);
    }

    /** The command that archives one part after another. */
    static List<String> archiving(Path archive, URI url) {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xshare:auto",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-XX:+UnlockDiagnosticVMOptions",
                "-XX:-BytecodeVerificationRemote",
                "-cp",
                System.getProperty("java.class.path"),
                Archiving.class.getName(),
                archive.toString(),
                url.toString());
    }

    /** The process that is killed. */
    static final class Archiving {
        private Archiving() {}

        @SuppressWarnings("SystemOut")
        public static void main(String[] arguments) {
            archive(Path.of(arguments[0]), URI.create(arguments[1]), System.out::println);
        }
    }

    private static void archive(Path folder, URI url, Consumer<Stage> entered) {
        ProvenDownload download = new ProvenDownload(new Download(new OkHttpClient(), DownloadLimits.DEFAULT));
        for (int number = 0; number < PARTS; number++) {
            URI ofPart = URI.create(url.toString() + number);
            CadFileArchiver archiver = new CadFileArchiver(
                    new FileArchive(folder),
                    download,
                    (job, seal) -> Optional.of(ofPart),
                    job -> ofPart,
                    Clock.systemUTC(),
                    "1.2.3");
            Stage[] last = new Stage[1];
            archiver.archive(input(number), 0, beat -> {
                if (beat.stage() != last[0]) {
                    last[0] = beat.stage();
                    entered.accept(beat.stage());
                }
            });
        }
    }

    private static ArchiveInput input(int number) {
        JobFinished job = new JobFinished(
                "job-" + number,
                "success",
                null,
                null,
                null,
                null,
                null,
                "sealed:x",
                null,
                null,
                null,
                null,
                null,
                null);
        return new ArchiveInput(
                "parts/" + number + ".step",
                OutputFormat.STEP,
                job,
                CadRequest.of("A box"),
                "order-7",
                "run-1",
                DeliveredBy.WEBHOOK,
                null);
    }
}
