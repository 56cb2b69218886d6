package dev.cadflow.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.cadflow.activity.ArchiveHeartbeat;
import dev.cadflow.activity.ArchiveHeartbeat.Stage;
import dev.cadflow.workflow.CadRequest;
import dev.cadflow.workflow.FailureType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class FileArchiveTest {
    private static final ArchiveKey KEY = ArchiveKey.of("orders/7/bracket.step");
    private static final byte[] PART = Parts.step("bracket");
    private static final byte[] OTHER = Parts.step("other");

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path root;

    @Test
    void publishesTheFileAndItsManifestBesideIt() throws IOException {
        PublishedFile published = publish("job-1", PART);

        assertThat(Path.of(published.uri())).isEqualTo(root.resolve("orders/7/bracket.step"));
        assertThat(Path.of(published.uri())).hasBinaryContent(PART);
        assertThat(Manifest.parse(Files.readAllBytes(Path.of(published.manifestUri()))))
                .isEqualTo(published.manifest());
        assertThat(archive().find(KEY)).contains(published);
    }

    @Test
    void remembersForWhichRequestAFileWasMade() throws IOException {
        RequestFingerprint fingerprint = RequestFingerprint.of(CadRequest.of("A box"), List.of());
        publish("job-1", PART);
        assertThat(archive().recall(fingerprint)).isEmpty();

        archive().remember(fingerprint, ArchiveKey.of("orders/6/bracket.step"));
        archive().remember(fingerprint, KEY);

        assertThat(archive().recall(fingerprint)).contains(KEY);
        assertThat(new ArchiveVerifier(new ManifestKeys(List.of())).verify(root).isSound())
                .isTrue();
        assertThat(filesBelow(root.resolve(".incoming"))).isEmpty();
    }

    @Test
    void takesNothingElseForAKeyThatItRemembered() throws IOException {
        RequestFingerprint fingerprint = RequestFingerprint.of(CadRequest.of("A box"), List.of());
        archive().remember(fingerprint, KEY);
        Path note = filesBelow(root.resolve(".requests")).get(0);

        Files.writeString(note, "../../etc/passwd");
        assertThat(archive().recall(fingerprint)).isEmpty();
        Files.writeString(note, "x".repeat(1 << 20));
        assertThat(archive().recall(fingerprint)).isEmpty();
    }

    @Test
    void letsOnlyOwnerAndGroupReadWhateverItMakes() throws IOException {
        Path made = root.resolve("made");
        FileArchive archive = new FileArchive(made);
        Manifest manifest = Parts.manifest(KEY, "job-1", PART);
        archive.publish(KEY, Parts.staged(archive, KEY, PART), manifest, beat -> {});
        archive.remember(RequestFingerprint.of(CadRequest.of("A box"), List.of()), KEY);
        Quarantine.in(archive, unsigned -> unsigned)
                .keep(
                        KEY,
                        Parts.staged(archive, KEY, OTHER),
                        Parts.manifest(KEY, "job-2", OTHER),
                        ArchiveException.of(FailureType.OUTPUT_INVALID, "no part", "Look."),
                        beat -> {});

        assertThat(filesBelow(made.resolve(".quarantine"))).hasSize(2);
        try (Stream<Path> all = Files.walk(made)) {
            assertThat(all)
                    .allSatisfy(path -> assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
                            .isEqualTo(Files.isDirectory(path) ? "rwxr-x---" : "rw-r-----"));
        }
    }

    @Test
    void leavesNothingInTheStaging() throws IOException {
        publish("job-1", PART);

        assertThat(filesBelow(root.resolve(".incoming"))).isEmpty();
    }

    @Test
    void givesTheSameAnswerToTheSameJobAgain() {
        PublishedFile first = publish("job-1", PART);

        assertThat(publish("job-1", PART)).isEqualTo(first);
        assertThat(publish("job-1", OTHER)).isEqualTo(first);
        assertThat(Path.of(first.uri())).hasBinaryContent(PART);
    }

    @Test
    void refusesAnotherJobsFileAndHarmsNothing() {
        PublishedFile first = publish("job-1", PART);

        ArchiveException refused = catchThrowableOfType(ArchiveException.class, () -> publish("job-2", OTHER));

        assertThat(refused.type()).isEqualTo(FailureType.ARCHIVE_CONFLICT);
        assertThat(refused).hasMessageContaining("orders/7/bracket.step").hasMessageContaining("job-1");
        assertThat(archive().find(KEY)).contains(first);
    }

    @Test
    void refusesAKeyThatHoldsAFileOfUnknownOrigin() throws IOException {
        Files.createDirectories(root.resolve("orders/7"));
        Files.write(root.resolve(KEY.value()), OTHER);

        ArchiveException refused = catchThrowableOfType(ArchiveException.class, () -> publish("job-1", PART));

        assertThat(refused.type()).isEqualTo(FailureType.ARCHIVE_CONFLICT);
        assertThat(root.resolve(KEY.value())).hasBinaryContent(OTHER);
        assertThat(root.resolve(KEY.manifest())).doesNotExist();
    }

    @Test
    void refusesAKeyWhoseFolderIsAFile() {
        publish("job-1", PART);

        ArchiveKey below = ArchiveKey.of(KEY.value() + "/part.step");
        ArchiveException refused =
                catchThrowableOfType(ArchiveException.class, () -> archive().find(below));

        assertThat(refused.type()).isEqualTo(FailureType.ARCHIVE_CONFLICT);
    }

    @Test
    void saysSoWhereAPublishedFileHasChanged() throws IOException {
        publish("job-1", PART);
        Files.write(root.resolve(KEY.value()), OTHER);

        ArchiveException refused =
                catchThrowableOfType(ArchiveException.class, () -> archive().find(KEY));

        assertThat(refused).hasMessageContaining(Parts.sha256(OTHER));
    }

    /** To read a large file takes longer than a try may be silent. */
    @Test
    void beatsWhileItReadsAFileThatIsPublishedAlready() {
        byte[] large = Parts.step("x".repeat(1 << 20));
        publish("job-1", large);
        Manifest manifest = Parts.manifest(KEY, "job-1", large);
        List<ArchiveHeartbeat> found = new ArrayList<>();
        List<ArchiveHeartbeat> published = new ArrayList<>();

        assertThat(archive().find(KEY, found::add)).isPresent();
        archive().publish(KEY, Parts.staged(archive(), KEY, large), manifest, published::add);

        for (List<ArchiveHeartbeat> beats : List.of(found, published)) {
            assertThat(beats)
                    .filteredOn(beat -> beat.stage() == Stage.PROVING)
                    .hasSizeGreaterThanOrEqualTo(16)
                    .last()
                    .isEqualTo(ArchiveHeartbeat.of(Stage.PROVING, large.length, (long) large.length));
        }
    }

    @Test
    void publishesOnceWhenManyRunsRace() throws Exception {
        ExecutorService racers = Executors.newFixedThreadPool(8);
        try {
            List<Callable<PublishedFile>> runs = new ArrayList<>();
            for (int run = 0; run < 16; run++) {
                byte[] content = run % 2 == 0 ? PART : OTHER;
                StagedFile staged = Parts.staged(archive(), KEY, content);
                runs.add(() -> archive().publish(KEY, staged, Parts.manifest(KEY, "job-1", content), beat -> {}));
            }
            List<PublishedFile> answers = new ArrayList<>();
            for (Future<PublishedFile> run : racers.invokeAll(runs)) {
                answers.add(run.get());
            }

            assertThat(answers).containsOnly(archive().find(KEY).orElseThrow());
        } finally {
            racers.shutdownNow();
        }
    }

    @Test
    void finishesWhatDiedBetweenManifestAndFile() throws IOException {
        diedBetweenManifestAndFile();

        PublishedFile published = publish("job-1", OTHER);

        assertThat(published.manifest().file().sha256()).isEqualTo(Parts.sha256(PART));
        assertThat(Path.of(published.uri())).hasBinaryContent(PART);
    }

    @Test
    void finishesItOnFindingItToo() throws IOException {
        diedBetweenManifestAndFile();

        assertThat(archive().find(KEY)).isPresent();
        assertThat(root.resolve(KEY.value())).hasBinaryContent(PART);
    }

    @Test
    void finishesItOnSweepingToo() throws IOException {
        diedBetweenManifestAndFile();

        archive().sweep(Duration.ofDays(7), Instant.now().plus(Duration.ofDays(8)));

        assertThat(root.resolve(KEY.value())).hasBinaryContent(PART);
        assertThat(filesBelow(root.resolve(".incoming"))).isEmpty();
    }

    @Test
    void sweepsWhatDeadRunsLeftAndNothingYoung() throws IOException {
        Parts.staged(archive(), KEY, PART);

        assertThat(archive().sweep(Duration.ofDays(7), Instant.now())).isZero();
        assertThat(archive().sweep(Duration.ofDays(7), Instant.now().plus(Duration.ofDays(8))))
                .isEqualTo(1);
        assertThat(filesBelow(root.resolve(".incoming"))).isEmpty();
    }

    /** What a run leaves that is killed behind the third of the steps that the class describes. */
    private void diedBetweenManifestAndFile() throws IOException {
        StagedFile staged = Parts.staged(archive(), KEY, PART);
        byte[] manifest = Parts.manifest(KEY, "job-1", PART).toJson();
        Files.createLink(archive().staging().whole(KEY, staged.sha256()), staged.path());
        Files.write(archive().staging().freshManifest(KEY, staged.sha256()), manifest);
        Files.createDirectories(root.resolve("orders/7"));
        Files.write(root.resolve(KEY.manifest()), manifest);
    }

    private FileArchive archive() {
        return new FileArchive(root);
    }

    private PublishedFile publish(String jobId, byte[] content) {
        StagedFile staged = Parts.staged(archive(), KEY, content);
        return archive().publish(KEY, staged, Parts.manifest(KEY, jobId, content), beat -> {});
    }

    private static List<Path> filesBelow(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile).toList();
        }
    }
}
