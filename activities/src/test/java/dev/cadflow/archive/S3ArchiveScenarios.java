package dev.cadflow.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.cadflow.activity.ArchiveHeartbeat;
import dev.cadflow.workflow.CadRequest;
import dev.cadflow.workflow.FailureType;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** What an archive in any store that speaks S3 does. */
abstract class S3ArchiveScenarios extends S3WrongBytesScenarios {
    private static final int RACERS = 16;

    @Test
    void keepsWorkingFilesBesideThePartsAndReplacesThem() throws Exception {
        WorkingFiles files = new S3Archive(
                        client(),
                        new S3Settings(bucket(), prefix() + "/site", S3Options.DEFAULT),
                        new Staging(staging),
                        Clock.systemUTC())
                .workingFiles();
        files.write(".batches/b/report.jsonl", new ByteArrayInputStream(new byte[] {1}));

        URI uri = files.write(".batches/b/report.jsonl", new ByteArrayInputStream(new byte[] {2, 3}));

        assertThat(uri).isEqualTo(URI.create("s3://" + bucket() + "/" + prefix() + "/site/.batches/b/report.jsonl"));
        try (InputStream in = files.open(".batches/b/report.jsonl")) {
            assertThat(in.readAllBytes()).containsExactly(2, 3);
        }
        assertThatThrownBy(() -> files.open(".batches/b/nothing")).isInstanceOf(NoSuchFileException.class);
    }

    @Test
    void publishesTheFileAndItsManifestBesideIt() throws Exception {
        PublishedFile published = publish("job-1", PART);

        assertThat(published.uri()).isEqualTo(URI.create("s3://" + bucket() + "/" + at(KEY.value())));
        assertThat(object(at(KEY.value()))).isEqualTo(PART);
        assertThat(Manifest.parse(object(at(KEY.manifest())))).isEqualTo(published.manifest());
        assertThat(archive().find(KEY)).contains(published);
    }

    @Test
    void publishesUnderAKeyOfAnyLetters() throws Exception {
        ArchiveKey key = ArchiveKey.of("B\u00fcgel #7/Teil+1 100% ?a=b&c \uD83D\uDD29.step");
        StagedFile staged = Parts.staged(archive(), key, PART);

        PublishedFile published = archive().publish(key, staged, Parts.manifest(key, "job-1", PART), beat -> {});

        assertThat(published.uri().getPath()).isEqualTo("/" + at(key.value()));
        assertThat(object(at(key.value()))).isEqualTo(PART);
        assertThat(archive().find(key)).contains(published);
        assertThat(new ArchiveVerifier(new ManifestKeys(List.of()))
                        .verify(client(), new S3Settings(bucket(), prefix(), S3Options.DEFAULT))
                        .isSound())
                .isTrue();
    }

    @Test
    void givesTheSameAnswerToTheSameJobAgain() {
        PublishedFile first = publish("job-1", PART);

        assertThat(publish("job-1", PART)).isEqualTo(first);
    }

    @Test
    void refusesAnotherJobsFileAndHarmsNothing() {
        PublishedFile first = publish("job-1", PART);

        ArchiveException refused = catchThrowableOfType(ArchiveException.class, () -> publish("job-2", OTHER));

        assertThat(refused.type()).isEqualTo(FailureType.ARCHIVE_CONFLICT);
        assertThat(archive().find(KEY)).contains(first);
        assertThat(object(at(KEY.value()))).isEqualTo(PART);
    }

    @Test
    void refusesAKeyThatHoldsAnObjectOfUnknownOrigin() {
        client().putObject(request -> request.bucket(bucket()).key(at(KEY.value())), RequestBody.fromBytes(OTHER));

        ArchiveException refused = catchThrowableOfType(ArchiveException.class, () -> publish("job-1", PART));

        assertThat(refused.type()).isEqualTo(FailureType.ARCHIVE_CONFLICT);
        assertThat(object(at(KEY.value()))).isEqualTo(OTHER);
    }

    @Test
    void publishesOnceWhenSixteenWorkersRace() throws Exception {
        assertThat(race(PART)).containsOnly(archive().find(KEY).orElseThrow());

        assertThat(object(at(KEY.value()))).isEqualTo(PART);
        timesWritten(at(KEY.value())).ifPresent(times -> assertThat(times).isOne());
        timesWritten(at(KEY.manifest())).ifPresent(times -> assertThat(times).isOne());
    }

    @Test
    void publishesOnceWhenSixteenWorkersRaceWithAFileInParts() throws Exception {
        byte[] large = large(PART_BYTES + 4711);

        assertThat(race(large)).containsOnly(archive().find(KEY).orElseThrow());

        assertThat(object(at(KEY.value()))).isEqualTo(large);
        timesWritten(at(KEY.value())).ifPresent(times -> assertThat(times).isOne());
        assertThat(uploads()).isEmpty();
    }

    @Test
    void goesOnFromTheBytesThatAnEarlierTryBrought() throws Exception {
        StagedFile staged = Parts.staged(archive(), KEY, PART);
        S3Archive down = archive(new S3Settings("no-bucket-" + UUID.randomUUID(), "cad", S3Options.DEFAULT));
        Manifest manifest = Parts.manifest(KEY, "job-1", PART);

        assertThatExceptionOfType(ArchiveException.class)
                .isThrownBy(() -> down.publish(KEY, staged, manifest, beat -> {}));
        assertThat(staged.path()).hasBinaryContent(PART);

        assertThat(archive().publish(KEY, staged, manifest, beat -> {}))
                .isEqualTo(archive().find(KEY).orElseThrow());
        assertThat(staged.path()).doesNotExist();
    }

    @Test
    void finishesWhatDiedBetweenManifestAndFile() {
        byte[] manifest = Parts.manifest(KEY, "job-1", PART).toJson();
        client().putObject(
                        request -> request.bucket(bucket()).key(at(KEY.manifest())), RequestBody.fromBytes(manifest));
        assertThat(archive().find(KEY)).isEmpty();

        assertThat(publish("job-1", PART)).isEqualTo(archive().find(KEY).orElseThrow());
    }

    @Test
    void leavesAnotherRunsManifestOfOtherBytesAsItIs() {
        byte[] manifest = Parts.manifest(KEY, "job-1", OTHER).toJson();
        client().putObject(
                        request -> request.bucket(bucket()).key(at(KEY.manifest())), RequestBody.fromBytes(manifest));

        ArchiveException refused = catchThrowableOfType(ArchiveException.class, () -> publish("job-1", PART));

        assertThat(refused.type()).isEqualTo(FailureType.ARCHIVE_CONFLICT);
        assertThat(object(at(KEY.manifest()))).isEqualTo(manifest);
    }

    @Test
    void bringsALargeFileUpInPartsAndSaysHowFarItIs() {
        byte[] large = large(2 * PART_BYTES + 4711);
        List<ArchiveHeartbeat> heartbeats = new ArrayList<>();
        StagedFile staged = Parts.staged(archive(), KEY, large);

        archive().publish(KEY, staged, Parts.manifest(KEY, "job-1", large), heartbeats::add);

        assertThat(object(at(KEY.value()))).isEqualTo(large);
        assertThat(heartbeats)
                .extracting(ArchiveHeartbeat::bytesDone)
                .containsExactly((long) PART_BYTES, 2L * PART_BYTES, (long) large.length);
    }

    @Test
    void sweepsUploadsThatNobodyCompleted() {
        client().createMultipartUpload(request -> request.bucket(bucket()).key(at("dead.step")));

        assertThat(archive().sweep(Duration.ofDays(7), Instant.now())).isZero();
        assertThat(archive().sweep(Duration.ofDays(7), Instant.now().plus(Duration.ofDays(8))))
                .isEqualTo(1);
        assertThat(uploads()).isEmpty();
    }

    @Test
    void locksFileAndManifestForTheirRetention() {
        assumeThat(locks()).as("a bucket with object lock").isTrue();
        S3Archive locking =
                archive(settings(new S3Options.Retention(S3Options.Retention.Mode.GOVERNANCE, Duration.ofMinutes(1))));
        byte[] large = large(PART_BYTES + 1);
        for (byte[] content : List.of(PART, large)) {
            ArchiveKey key = ArchiveKey.of("locked/" + content.length + ".step");
            StagedFile staged = Parts.staged(locking, key, content);
            locking.publish(key, staged, Parts.manifest(key, "job-1", content), beat -> {});

            for (String object : List.of(at(key.value()), at(key.manifest()))) {
                assertThat(client().getObjectRetention(
                                        request -> request.bucket(bucket()).key(object))
                                .retention()
                                .retainUntilDate())
                        .isAfter(Instant.now());
                String version = client().headObject(
                                request -> request.bucket(bucket()).key(object))
                        .versionId();
                assertThatExceptionOfType(S3Exception.class)
                        .isThrownBy(() -> client().deleteObject(request ->
                                request.bucket(bucket()).key(object).versionId(version)))
                        .satisfies(refused -> assertThat(refused.statusCode()).isEqualTo(403));
            }
        }
    }

    @Test
    void remembersForWhichRequestAFileWasMade() {
        RequestFingerprint fingerprint = RequestFingerprint.of(CadRequest.of("A box"), List.of());
        publish("job-1", PART);
        assertThat(archive().recall(fingerprint)).isEmpty();

        archive().remember(fingerprint, ArchiveKey.of("orders/6/bracket.step"));
        archive().remember(fingerprint, KEY);

        assertThat(archive().recall(fingerprint)).contains(KEY);
        assertThat(archive().find(KEY)).isPresent();
    }

    @Test
    void saysWhatToDoWhereTheBucketIsMissing() {
        S3Archive nowhere = archive(new S3Settings("no-bucket-" + UUID.randomUUID(), "cad", S3Options.DEFAULT));
        StagedFile staged = Parts.staged(nowhere, KEY, PART);

        ArchiveException failure = catchThrowableOfType(
                ArchiveException.class,
                () -> nowhere.publish(KEY, staged, Parts.manifest(KEY, "job-1", PART), beat -> {}));

        assertThat(failure.type()).isEqualTo(FailureType.ARCHIVE_UNAVAILABLE);
        assertThat(failure).hasMessageContaining("NoSuchBucket");
        assertThat(failure.failure().details().nextStep()).contains("Make the bucket");
    }

    /** What each of sixteen workers with the file of one job answers. */
    private List<PublishedFile> race(byte[] content) throws Exception {
        Manifest manifest = Parts.manifest(KEY, "job-1", content);
        List<Callable<PublishedFile>> runs = new ArrayList<>();
        for (int worker = 0; worker < RACERS; worker++) {
            Path own = staging.resolve("worker-" + worker);
            S3Archive archive = new S3Archive(client(), settings(null), new Staging(own), Clock.systemUTC());
            StagedFile staged = Parts.staged(archive, KEY, content);
            runs.add(() -> archive.publish(KEY, staged, manifest, beat -> {}));
        }
        ExecutorService racers = Executors.newFixedThreadPool(RACERS);
        try {
            List<PublishedFile> answers = new ArrayList<>();
            for (Future<PublishedFile> run : racers.invokeAll(runs)) {
                answers.add(run.get());
            }
            return answers;
        } finally {
            racers.shutdownNow();
        }
    }
}
