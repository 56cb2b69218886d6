package dev.cadflow.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

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
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

/** What an archive in any store that speaks S3 does. */
abstract class S3ArchiveScenarios {
    static final String ACCESS_KEY = "test-access-key";
    static final String SECRET_KEY = "test-secret-key";
    static final String BUCKET = "parts";

    private static final ArchiveKey KEY = ArchiveKey.of("orders/7/bracket.step");
    private static final byte[] PART = Parts.step("bracket");
    private static final byte[] OTHER = Parts.step("other");
    private static final int PART_BYTES = 5 << 20;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path staging;

    /** A client of an empty store that has the bucket. */
    abstract S3Client client();

    static S3Client client(URI endpoint, String secretKey) {
        return S3Client.builder()
                .endpointOverride(endpoint)
                .region(Region.US_EAST_1)
                .forcePathStyle(true)
                .credentialsProvider(
                        StaticCredentialsProvider.create(AwsBasicCredentials.create(ACCESS_KEY, secretKey)))
                .httpClient(UrlConnectionHttpClient.create())
                .overrideConfiguration(overrides -> overrides.retryStrategy(retry -> retry.maxAttempts(5)))
                .build();
    }

    @Test
    void keepsWorkingFilesBesideThePartsAndReplacesThem() throws Exception {
        WorkingFiles files = new S3Archive(
                        client(),
                        new S3Settings(BUCKET, "site", S3Options.DEFAULT),
                        new Staging(staging),
                        Clock.systemUTC())
                .workingFiles();
        files.write(".batches/b/report.jsonl", new ByteArrayInputStream(new byte[] {1}));

        URI uri = files.write(".batches/b/report.jsonl", new ByteArrayInputStream(new byte[] {2, 3}));

        assertThat(uri).isEqualTo(URI.create("s3://" + BUCKET + "/site/.batches/b/report.jsonl"));
        try (InputStream in = files.open(".batches/b/report.jsonl")) {
            assertThat(in.readAllBytes()).containsExactly(2, 3);
        }
        assertThatThrownBy(() -> files.open(".batches/b/nothing")).isInstanceOf(NoSuchFileException.class);
    }

    @Test
    void publishesTheFileAndItsManifestBesideIt() throws Exception {
        PublishedFile published = publish("job-1", PART);

        assertThat(published.uri()).isEqualTo(URI.create("s3://parts/cad/orders/7/bracket.step"));
        assertThat(object("cad/" + KEY)).isEqualTo(PART);
        assertThat(Manifest.parse(object("cad/" + KEY.manifest()))).isEqualTo(published.manifest());
        assertThat(archive().find(KEY)).contains(published);
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
        assertThat(object("cad/" + KEY)).isEqualTo(PART);
    }

    @Test
    void refusesAKeyThatHoldsAnObjectOfUnknownOrigin() {
        client().putObject(request -> request.bucket(BUCKET).key("cad/" + KEY), RequestBody.fromBytes(OTHER));

        ArchiveException refused = catchThrowableOfType(ArchiveException.class, () -> publish("job-1", PART));

        assertThat(refused.type()).isEqualTo(FailureType.ARCHIVE_CONFLICT);
        assertThat(object("cad/" + KEY)).isEqualTo(OTHER);
    }

    @Test
    void publishesOnceWhenSixteenWorkersRace() throws Exception {
        ExecutorService racers = Executors.newFixedThreadPool(16);
        try {
            List<Callable<PublishedFile>> runs = new ArrayList<>();
            for (int run = 0; run < 16; run++) {
                StagedFile staged = Parts.staged(archiveOf(run), KEY, PART);
                runs.add(archiveOfRun(run, staged));
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
    void finishesWhatDiedBetweenManifestAndFile() {
        byte[] manifest = Parts.manifest(KEY, "job-1", PART).toJson();
        client().putObject(
                        request -> request.bucket(BUCKET).key("cad/" + KEY.manifest()),
                        RequestBody.fromBytes(manifest));
        assertThat(archive().find(KEY)).isEmpty();

        assertThat(publish("job-1", PART)).isEqualTo(archive().find(KEY).orElseThrow());
    }

    @Test
    void leavesAnotherRunsManifestOfOtherBytesAsItIs() {
        byte[] manifest = Parts.manifest(KEY, "job-1", OTHER).toJson();
        client().putObject(
                        request -> request.bucket(BUCKET).key("cad/" + KEY.manifest()),
                        RequestBody.fromBytes(manifest));

        ArchiveException refused = catchThrowableOfType(ArchiveException.class, () -> publish("job-1", PART));

        assertThat(refused.type()).isEqualTo(FailureType.ARCHIVE_CONFLICT);
        assertThat(object("cad/" + KEY.manifest())).isEqualTo(manifest);
    }

    @Test
    void bringsALargeFileUpInPartsAndSaysHowFarItIs() {
        byte[] large = new byte[2 * PART_BYTES + 4711];
        new Random(7).nextBytes(large);
        List<ArchiveHeartbeat> heartbeats = new ArrayList<>();
        StagedFile staged = Parts.staged(archive(), KEY, large);

        archive().publish(KEY, staged, Parts.manifest(KEY, "job-1", large), heartbeats::add);

        assertThat(object("cad/" + KEY)).isEqualTo(large);
        assertThat(heartbeats)
                .extracting(ArchiveHeartbeat::bytesDone)
                .containsExactly((long) PART_BYTES, 2L * PART_BYTES, (long) large.length);
    }

    @Test
    void sweepsUploadsThatNobodyCompleted() {
        client().createMultipartUpload(request -> request.bucket(BUCKET).key("cad/dead.step"));

        assertThat(archive().sweep(Duration.ofDays(7), Instant.now())).isZero();
        assertThat(archive().sweep(Duration.ofDays(7), Instant.now().plus(Duration.ofDays(8))))
                .isEqualTo(1);
        assertThat(client().listMultipartUploads(request -> request.bucket(BUCKET))
                        .uploads())
                .isEmpty();
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
        S3Archive nowhere = new S3Archive(
                client(), new S3Settings("nowhere", "cad", S3Options.DEFAULT), new Staging(staging), Clock.systemUTC());
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

        for (String place : List.of("cad", "cad/orders", "cad/" + KEY)) {
            assertThat(verifier.verify(client(), new S3Settings(BUCKET, place, options))
                            .isSound())
                    .as(place)
                    .isTrue();
        }
        client().putObject(request -> request.bucket(BUCKET).key("cad/" + KEY), RequestBody.fromBytes(OTHER));
        assertThat(verifier.verify(client(), new S3Settings(BUCKET, "cad", options))
                        .differences())
                .singleElement()
                .asString()
                .startsWith("s3://parts/cad/orders/7/bracket.step: expected ");
        assertThatExceptionOfType(NoSuchFileException.class)
                .isThrownBy(() -> verifier.verify(client(), new S3Settings(BUCKET, "nothing", options)));
    }

    S3Archive archive() {
        return new S3Archive(client(), settings(null), new Staging(staging), Clock.systemUTC());
    }

    static S3Settings settings(@org.jspecify.annotations.Nullable Duration retention) {
        S3Options.Retention lock =
                retention == null ? null : new S3Options.Retention(S3Options.Retention.Mode.COMPLIANCE, retention);
        return new S3Settings(
                BUCKET,
                "cad",
                S3Options.builder().partBytes(PART_BYTES).retention(lock).build());
    }

    PublishedFile publish(String jobId, byte[] content) {
        StagedFile staged = Parts.staged(archive(), KEY, content);
        return archive().publish(KEY, staged, Parts.manifest(KEY, jobId, content), beat -> {});
    }

    byte[] object(String key) {
        return client().getObjectAsBytes(request -> request.bucket(BUCKET).key(key))
                .asByteArray();
    }

    private S3Archive archiveOf(int worker) {
        return new S3Archive(
                client(), settings(null), new Staging(staging.resolve("worker-" + worker)), Clock.systemUTC());
    }

    private Callable<PublishedFile> archiveOfRun(int worker, StagedFile staged) {
        return () -> archiveOf(worker).publish(KEY, staged, Parts.manifest(KEY, "job-1", PART), beat -> {});
    }
}
