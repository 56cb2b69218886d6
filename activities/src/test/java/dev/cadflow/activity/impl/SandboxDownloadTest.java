package dev.cadflow.activity.impl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.cadflow.activity.ArchiveHeartbeat;
import dev.cadflow.activity.ArchiveInput;
import dev.cadflow.activity.ArchiveResult;
import dev.cadflow.activity.CadActivities;
import dev.cadflow.archive.ArchiveException;
import dev.cadflow.archive.Download;
import dev.cadflow.archive.DownloadLimits;
import dev.cadflow.archive.FileArchive;
import dev.cadflow.archive.ProvenDownload;
import dev.cadflow.makistry.DownloadUrlSeal;
import dev.cadflow.makistry.Job;
import dev.cadflow.makistry.MakistryClient;
import dev.cadflow.makistry.Submission;
import dev.cadflow.sandbox.Fault;
import dev.cadflow.sandbox.FaultKind;
import dev.cadflow.sandbox.FaultTarget;
import dev.cadflow.sandbox.Route;
import dev.cadflow.sandbox.SandboxOptions;
import dev.cadflow.sandbox.SandboxServer;
import dev.cadflow.workflow.BoundingBox;
import dev.cadflow.workflow.CadFailure;
import dev.cadflow.workflow.CadRequest;
import dev.cadflow.workflow.DeliveredBy;
import dev.cadflow.workflow.Expectation;
import dev.cadflow.workflow.FailureType;
import dev.cadflow.workflow.JobFinished;
import dev.cadflow.workflow.Measures;
import dev.cadflow.workflow.OutputFormat;
import io.temporal.testing.TestActivityEnvironment;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import okhttp3.OkHttpClient;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** From the sandbox's storage host, in good weather and bad. */
@SuppressWarnings("NullAway.Init")
final class SandboxDownloadTest {
    private static final BoundingBox BOX = new BoundingBox(40, 20, 10);
    private static final DownloadLimits LIMITS =
            new DownloadLimits(Duration.ofSeconds(5), Duration.ofSeconds(5), Duration.ofMillis(300), 64L << 20);

    private SandboxServer sandbox;
    private MakistryClient makistry;

    @TempDir
    private Path root;

    @BeforeEach
    void start() throws IOException {
        sandbox = SandboxServer.start(SandboxOptions.builder().noQuota().build());
        makistry = MakistryClient.builder(sandbox.apiKey())
                .baseUrl(sandbox.apiBaseUrl())
                .build();
    }

    @AfterEach
    void stop() {
        makistry.close();
        sandbox.close();
    }

    @ParameterizedTest
    @EnumSource(OutputFormat.class)
    void archivesEveryFormatWithItsBox(OutputFormat format) {
        ArchiveResult result = archive(job(format), format, new Expectation(BOX, null, null));

        Measures measures = result.file().measures();
        assertThat(measures).isNotNull();
        assertThat(measures.boundingBoxMm()).isNotNull();
        assertThat(result.makistryRequests()).isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"TRUNCATED", "FILE_CORRUPTED", "FILE_ZEROED", "FILE_WRONG", "NOT_GZIP", "CUT_BEFORE", "STALLED"})
    void comesThroughOneFault(String kind) throws IOException {
        Job job = job(OutputFormat.STL);
        sandbox.faults()
                .add(Fault.builder(FaultTarget.DOWNLOAD, FaultKind.valueOf(kind))
                        .hold(Duration.ofSeconds(20))
                        .offsetBytes(500L)
                        .build());

        ArchiveResult result = archive(job, OutputFormat.STL, new Expectation(BOX, null, null));

        assertThat(Path.of(result.file().uri())).hasBinaryContent(served(job));
    }

    @Test
    void breaksOffATrickleAndGoesOnByRange() {
        Job job = job(OutputFormat.STEP);
        sandbox.faults()
                .add(Fault.builder(FaultTarget.DOWNLOAD, FaultKind.SLOW)
                        .bytesPerSecond(500)
                        .hold(Duration.ofMinutes(1))
                        .build());

        ArchiveResult result = archive(job, OutputFormat.STEP, new Expectation(BOX, null, null));

        assertThat(result.file().measures()).isNotNull();
        assertThat(sandbox.counts().of(Route.DOWNLOAD)).isGreaterThan(1);
    }

    @Test
    void takesAFreshUrlWhereTheSignatureHasExpired() {
        Job job = job(OutputFormat.STEP);
        sandbox.faults().add(Fault.of(FaultTarget.DOWNLOAD, FaultKind.SIGNATURE_EXPIRED));

        assertThat(archive(job, OutputFormat.STEP, null).makistryRequests()).isEqualTo(1);
    }

    @Test
    void takesAFreshUrlInTheMiddle() throws IOException {
        Job job = job(OutputFormat.STEP);

        ArchiveResult result = archiveWithASecondRequestThatMeets(FaultKind.SIGNATURE_EXPIRED, job);

        assertThat(result.makistryRequests()).isEqualTo(1);
        assertThat(sandbox.counts().of(Route.DOWNLOAD)).isEqualTo(3);
        assertThat(sandbox.counts().downloadsByRange()).isEqualTo(1);
        assertThat(Path.of(result.file().uri())).hasBinaryContent(served(job));
    }

    @Test
    void beginsAgainWhereTheBodyChangedBetweenTwoRanges() throws IOException {
        Job job = job(OutputFormat.STEP);
        byte[] before = served(job);

        ArchiveResult result = archiveWithASecondRequestThatMeets(FaultKind.FILE_CHANGED, job);

        assertThat(Path.of(result.file().uri())).hasBinaryContent(served(job));
        assertThat(served(job)).isNotEqualTo(before);
    }

    /** The first breaks off in the middle; of two faults at once each would strike it. */
    private ArchiveResult archiveWithASecondRequestThatMeets(FaultKind second, Job job) {
        AtomicBoolean added = new AtomicBoolean();
        sandbox.faults().add(Fault.of(FaultTarget.DOWNLOAD, FaultKind.TRUNCATED));
        ArchiveResult result = archive(job, OutputFormat.STEP, null, beat -> {
            if (beat.bytesDone() > 0 && added.compareAndSet(false, true)) {
                sandbox.faults().add(Fault.of(FaultTarget.DOWNLOAD, second));
            }
        });
        assertThat(added).isTrue();
        return result;
    }

    @Test
    void aFileThatMakistryHasDeletedIsOutputExpired() {
        Job job = job(OutputFormat.STEP);
        sandbox.faults().add(Fault.of(FaultTarget.DOWNLOAD, FaultKind.SIGNATURE_EXPIRED));
        sandbox.expire(job.jobId());
        TestActivityEnvironment temporal = TestActivityEnvironment.newInstance();
        try {
            DownloadUrlSeal seal = DownloadUrlSeal.forApiKey(sandbox.apiKey());
            temporal.registerActivitiesImplementations(
                    CadActivitiesImpl.builder(makistry, seal, new ArchiveActivity(archiver(seal)))
                            .build());
            CadActivities activities = temporal.newActivityStub(CadActivities.class);

            Throwable thrown = catchThrowable(() -> activities.archive(input(seal.seal(job), OutputFormat.STEP, null)));

            CadFailure failure = CadFailure.from(thrown).orElseThrow();
            assertThat(failure.type()).isEqualTo(FailureType.OUTPUT_EXPIRED);
            assertThat(failure.details().jobId()).isEqualTo(job.jobId());
        } finally {
            temporal.close();
        }
    }

    @Test
    void quarantinesWhatIsDamagedEveryTime() {
        Job job = job(OutputFormat.STL);
        sandbox.faults()
                .add(Fault.builder(FaultTarget.DOWNLOAD, FaultKind.FILE_CORRUPTED)
                        .times(10)
                        .build());

        ArchiveException refused =
                catchThrowableOfType(ArchiveException.class, () -> archive(job, OutputFormat.STL, null));

        assertThat(refused.type()).isEqualTo(FailureType.OUTPUT_INVALID);
        assertThat(refused.failure().details().location()).contains("/.quarantine/");
        assertThat(refused).hasMessageContaining("in 2 downloads");
    }

    @Test
    void refusesAPartOfAnotherSizeAndKeepsIt() {
        Expectation larger = new Expectation(new BoundingBox(50, 20, 10), 0.5, null);

        ArchiveException refused = catchThrowableOfType(
                ArchiveException.class, () -> archive(job(OutputFormat.STEP), OutputFormat.STEP, larger));

        assertThat(refused.type()).isEqualTo(FailureType.OUTPUT_INVALID);
        assertThat(refused)
                .hasMessage("expect.bounding_box_mm: expected 50 × 20 × 10 mm ± 0.5 mm, found 40 × 20 × 10 mm");
        Path kept = Path.of(
                URI.create(Objects.requireNonNull(refused.failure().details().location())));
        assertThat(kept).exists();
    }

    @ParameterizedTest
    @CsvSource({"40.5, true", "39.5, true", "40.501, false", "39.499, false"})
    void aToleranceHoldsToBothSidesAndToItsEnd(double expected, boolean accepted) {
        Expectation expect = new Expectation(new BoundingBox(expected, 20, 10), 0.5, null);

        ArchiveException refused = catchThrowableOfType(
                ArchiveException.class, () -> archive(job(OutputFormat.STEP), OutputFormat.STEP, expect));

        assertThat(refused == null).isEqualTo(accepted);
    }

    @Test
    void refusesAFileThatIsTooLargeAndKeepsIt() throws IOException {
        Job job = job(OutputFormat.STEP);
        byte[] served = served(job);

        ArchiveException refused = catchThrowableOfType(
                ArchiveException.class,
                () -> archive(job, OutputFormat.STEP, new Expectation(null, null, served.length - 1L)));

        assertThat(refused.type()).isEqualTo(FailureType.OUTPUT_INVALID);
        assertThat(refused)
                .hasMessage("expect.max_size_bytes: expected at most %d, found %d", served.length - 1, served.length);
        assertThat(Path.of(URI.create(
                        Objects.requireNonNull(refused.failure().details().location()))))
                .hasBinaryContent(served);
    }

    @Test
    void takesAFileOfTheLargestSizeThatIsExpected() throws IOException {
        Job job = job(OutputFormat.STEP);
        long size = served(job).length;

        assertThat(archive(job, OutputFormat.STEP, new Expectation(null, null, size))
                        .file()
                        .sizeBytes())
                .isEqualTo(size);
    }

    private Job job(OutputFormat format) {
        CadRequest request = CadRequest.builder()
                .prompt("A 40x20x10mm box with a 5mm through-hole")
                .outputFormat(format)
                .build();
        String jobId = makistry.submit(Submission.of(request, java.util.List.of(), UUID.randomUUID(), "order-7", null));
        sandbox.finish(jobId);
        return makistry.job(jobId);
    }

    /** The file as the storage host has it now. */
    private byte[] served(Job job) throws IOException {
        try (InputStream in = Objects.requireNonNull(makistry.job(job.jobId()).downloadUrl())
                .toURL()
                .openStream()) {
            return in.readAllBytes();
        }
    }

    private ArchiveResult archive(Job job, OutputFormat format, @Nullable Expectation expect) {
        return archive(job, format, expect, beat -> {});
    }

    private ArchiveResult archive(
            Job job, OutputFormat format, @Nullable Expectation expect, Consumer<ArchiveHeartbeat> heartbeat) {
        DownloadUrlSeal seal = DownloadUrlSeal.forApiKey(sandbox.apiKey());
        return archiver(seal).archive(input(seal.seal(job), format, expect), 0, heartbeat);
    }

    private CadFileArchiver archiver(DownloadUrlSeal seal) {
        return new CadFileArchiver(
                new FileArchive(root),
                new ProvenDownload(new Download(new OkHttpClient(), LIMITS)),
                seal::open,
                jobId -> Objects.requireNonNull(makistry.job(jobId).downloadUrl()),
                Clock.systemUTC(),
                "1.2.3");
    }

    private static ArchiveInput input(JobFinished job, OutputFormat format, @Nullable Expectation expect) {
        CadRequest request = CadRequest.builder().prompt("A box").expect(expect).build();
        return new ArchiveInput(
                "part" + format.extension(), format, job, request, "order-7", "run-1", DeliveredBy.POLL, null);
    }
}
