package dev.cadflow.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.cadflow.activity.ArchiveHeartbeat;
import dev.cadflow.archive.testing.S3ProxyStore;
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
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.OptionalInt;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.MultipartUpload;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** What an archive in any store that speaks S3 does. */
@ResourceLock(Resources.SYSTEM_PROPERTIES)
abstract class S3ArchiveScenarios {
    static final ArchiveKey KEY = ArchiveKey.of("orders/7/bracket.step");
    private static final byte[] PART = Parts.step("bracket");
    private static final byte[] OTHER = Parts.step("other");
    private static final int PART_BYTES = (int) S3Options.LEAST_PART_BYTES;
    private static final int RACERS = 16;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path staging;

    /** A client of the store, made as the worker's are. */
    abstract S3Client client();

    /** A bucket that is there. */
    abstract String bucket();

    /** Below it there is nothing yet. */
    abstract String prefix();

    /** How often the object was written; empty where the store does not tell. */
    abstract OptionalInt timesWritten(String objectKey);

    /** Whether the bucket was made with object lock. */
    abstract boolean locks();

    /** A client of a store of the tests' own. */
    static S3Client client(URI endpoint, String secretKey) {
        S3Options options =
                S3Options.builder().endpoint(endpoint).pathStyle(true).build();
        return S3Clients.builder(options)
                .region(Region.US_EAST_1)
                .credentialsProvider(StaticCredentialsProvider.create(
                        AwsBasicCredentials.create(S3ProxyStore.ACCESS_KEY, secretKey)))
                .build();
    }

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
    void takesNoBytesThatAreNotWhatTheirSha256Says() {
        String wrong = Base64.getEncoder().encodeToString(HexFormat.of().parseHex(Parts.sha256(OTHER)));

        assertThatExceptionOfType(S3Exception.class)
                .isThrownBy(() -> client().putObject(
                                request -> request.bucket(bucket())
                                        .key(at("damaged.step"))
                                        .checksumSHA256(wrong),
                                RequestBody.fromBytes(PART)))
                .satisfies(refused -> assertThat(refused.statusCode()).isEqualTo(400));
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

    @Test
    void isVerifiedWholeAndByTheObject() throws Exception {
        publish("job-1", PART);
        ArchiveVerifier verifier = new ArchiveVerifier(new ManifestKeys(List.of()));
        S3Options options = S3Options.DEFAULT;

        for (String place : List.of(prefix(), at("orders"), at(KEY.value()))) {
            assertThat(verifier.verify(client(), new S3Settings(bucket(), place, options))
                            .isSound())
                    .as(place)
                    .isTrue();
        }
        client().putObject(request -> request.bucket(bucket()).key(at(KEY.value())), RequestBody.fromBytes(OTHER));
        assertThat(verifier.verify(client(), new S3Settings(bucket(), prefix(), options))
                        .differences())
                .singleElement()
                .asString()
                .startsWith("s3://" + bucket() + "/" + at(KEY.value()) + ": expected ");
        assertThatExceptionOfType(NoSuchFileException.class)
                .isThrownBy(() -> verifier.verify(client(), new S3Settings(bucket(), at("nothing"), options)));
    }

    S3Archive archive() {
        return archive(settings(null));
    }

    S3Archive archive(S3Settings settings) {
        return new S3Archive(client(), settings, new Staging(staging), Clock.systemUTC());
    }

    S3Settings settings(S3Options.@Nullable Retention retention) {
        return new S3Settings(
                bucket(),
                prefix(),
                S3Options.builder().partBytes(PART_BYTES).retention(retention).build());
    }

    /** The name of an object of the archive in its bucket. */
    String at(String path) {
        return prefix() + "/" + path;
    }

    static byte[] large(int bytes) {
        byte[] content = new byte[bytes];
        new Random(7).nextBytes(content);
        return content;
    }

    PublishedFile publish(String jobId, byte[] content) {
        StagedFile staged = Parts.staged(archive(), KEY, content);
        return archive().publish(KEY, staged, Parts.manifest(KEY, jobId, content), beat -> {});
    }

    byte[] object(String key) {
        return client().getObjectAsBytes(request -> request.bucket(bucket()).key(key))
                .asByteArray();
    }

    List<MultipartUpload> uploads() {
        return client().listMultipartUploads(request -> request.bucket(bucket()).prefix(prefix() + "/"))
                .uploads();
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
