package dev.cadflow.activity.impl;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.cadflow.activity.ArchiveHeartbeat;
import dev.cadflow.activity.ArchiveInput;
import dev.cadflow.activity.ArchiveResult;
import dev.cadflow.archive.Archive;
import dev.cadflow.archive.ArchiveException;
import dev.cadflow.archive.Download;
import dev.cadflow.archive.DownloadLimits;
import dev.cadflow.archive.FileArchive;
import dev.cadflow.archive.Manifest;
import dev.cadflow.archive.Parts;
import dev.cadflow.archive.ProvenDownload;
import dev.cadflow.archive.StorageHost;
import dev.cadflow.workflow.BoundingBox;
import dev.cadflow.workflow.CadRequest;
import dev.cadflow.workflow.DeliveredBy;
import dev.cadflow.workflow.Expectation;
import dev.cadflow.workflow.FailureType;
import dev.cadflow.workflow.JobFinished;
import dev.cadflow.workflow.OutputFormat;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import okhttp3.OkHttpClient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CadFileArchiverTest {
    private static final byte[] PART = Parts.step("bracket");
    private static final String ETAG = "\"v1\"";
    private static final Clock NOON = Clock.fixed(Instant.parse("2026-11-21T12:00:00Z"), ZoneOffset.UTC);
    private static final DownloadLimits LIMITS =
            new DownloadLimits(Duration.ofSeconds(5), Duration.ofSeconds(5), Duration.ofMillis(300), 64L << 20);

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path root;

    private final List<ArchiveHeartbeat> heartbeats = new ArrayList<>();
    private int freshUrls;

    @Test
    void archivesTheFileWithItsManifest() throws IOException {
        try (StorageHost host = new StorageHost(StorageHost.content(PART, Map.of()))) {
            ArchiveResult result = archive(host, "job-1");

            assertThat(Path.of(result.file().uri())).hasBinaryContent(PART);
            assertThat(result.file().sha256()).isEqualTo(Parts.sha256(PART));
            assertThat(result.file().sizeBytes()).isEqualTo(PART.length);
            assertThat(result.makistryRequests()).isZero();
            Manifest manifest = Manifest.parse(Files.readAllBytes(Path.of(result.manifestUri())));
            assertThat(manifest.delivery().sourceHost()).isEqualTo("127.0.0.1");
            assertThat(manifest.request().promptSha256()).isEqualTo(Parts.sha256("A box".getBytes(UTF_8)));
            assertThat(Files.readString(Path.of(result.manifestUri()))).doesNotContain("signature");
        }
    }

    @Test
    void sendsNoCredentials() {
        try (StorageHost host = new StorageHost(StorageHost.content(PART, Map.of()))) {
            archive(host, "job-1");

            assertThat(host.seen().get(0).header("Authorization")).isNull();
        }
    }

    @Test
    void givesTheSameAnswerAgainWithoutADownload() {
        try (StorageHost host = new StorageHost(StorageHost.content(PART, Map.of()))) {
            ArchiveResult first = archive(host, "job-1");

            assertThat(archive(host, "job-1")).isEqualTo(first);
            assertThat(host.seen()).hasSize(1);
        }
    }

    /** To read a large file takes longer than a try may be silent. */
    @Test
    void beatsWhileItReadsWhatIsArchivedAlready() {
        try (StorageHost host = new StorageHost(StorageHost.content(PART, Map.of()))) {
            ArchiveResult first = archive(host, "job-1");
            heartbeats.clear();

            archiver(host, Optional.empty()).archive(input("job-1"), 2, heartbeats::add);

            assertThat(heartbeats)
                    .last()
                    .isEqualTo(new ArchiveHeartbeat(
                            ArchiveHeartbeat.Stage.PROVING,
                            PART.length,
                            first.file().sizeBytes(),
                            2));
        }
    }

    @Test
    void asksForAFreshUrlWhereTheSealCannotBeOpened() {
        try (StorageHost host = new StorageHost(StorageHost.content(PART, Map.of()))) {
            ArchiveResult result = archiver(host, Optional.empty()).archive(input("job-1"), 0, heartbeats::add);

            assertThat(result.makistryRequests()).isEqualTo(1);
            assertThat(host.seen().get(0).path()).endsWith("signature=fresh-1");
        }
    }

    @Test
    void asksForAFreshUrlWhereTheHostRefusesTheOldOne() {
        for (int status : new int[] {400, 401, 403, 404, 410}) {
            freshUrls = 0;
            try (StorageHost host = new StorageHost(StorageHost.status(status), StorageHost.content(PART, Map.of()))) {
                ArchiveResult result = archive(host, "job-" + status);

                assertThat(result.makistryRequests()).isEqualTo(1);
                assertThat(host.seen()).hasSize(2);
            }
        }
    }

    @Test
    void countsTheRequestsOfEarlierTries() {
        try (StorageHost host = new StorageHost(StorageHost.status(403), StorageHost.content(PART, Map.of()))) {
            ArchiveResult result =
                    archiver(host, Optional.of(host.url("old"))).archive(input("job-1"), 2, heartbeats::add);

            assertThat(result.makistryRequests()).isEqualTo(3);
            assertThat(heartbeats)
                    .last()
                    .extracting(ArchiveHeartbeat::makistryRequests)
                    .isEqualTo(3);
        }
    }

    @Test
    void goesOnWhereTheConnectionBroke() {
        try (StorageHost host = new StorageHost(
                StorageHost.breakingAfter(100, PART, Map.of("ETag", ETAG)),
                StorageHost.content(PART, Map.of("ETag", ETAG)))) {
            ArchiveResult result = archive(host, "job-1");

            assertThat(Path.of(result.file().uri())).hasBinaryContent(PART);
            assertThat(host.seen().get(1).header("Range")).isEqualTo("bytes=100-");
            assertThat(host.seen().get(1).header("If-Range")).isEqualTo(ETAG);
        }
    }

    @Test
    void keepsWhatHasComeWhenTheActivityIsCancelled() {
        byte[] large = Parts.step("x".repeat(1 << 20));
        try (StorageHost host = new StorageHost(StorageHost.content(large, Map.of("ETag", ETAG)))) {
            assertThatExceptionOfType(CancellationException.class)
                    .isThrownBy(() -> archiver(host, Optional.of(host.url("1"))).archive(input("job-1"), 0, beat -> {
                        if (beat.bytesDone() > 1 << 19) {
                            throw new CancellationException();
                        }
                    }));

            ArchiveResult result = archive(host, "job-1");

            assertThat(Path.of(result.file().uri())).hasBinaryContent(large);
            String range = String.valueOf(host.seen().get(1).header("Range"));
            assertThat(Integer.parseInt(range.replaceAll("\\D", ""))).isGreaterThan(1 << 19);
        }
    }

    @Test
    void keepsWhatHasComeWhenItsThreadIsInterrupted() {
        byte[] large = Parts.step("x".repeat(1 << 20));
        try (StorageHost host = new StorageHost(StorageHost.content(large, Map.of("ETag", ETAG)))) {
            ArchiveException stopped = catchThrowableOfType(
                    ArchiveException.class,
                    () -> archiver(host, Optional.of(host.url("1"))).archive(input("job-1"), 0, beat -> {
                        if (beat.bytesDone() > 1 << 19) {
                            Thread.currentThread().interrupt();
                        }
                    }));
            assertThat(Thread.interrupted()).isTrue();
            assertThat(stopped).hasMessageContaining("the worker stopping");

            ArchiveResult result = archive(host, "job-1");

            assertThat(Path.of(result.file().uri())).hasBinaryContent(large);
            String range = String.valueOf(host.seen().get(1).header("Range"));
            assertThat(Integer.parseInt(range.replaceAll("\\D", ""))).isGreaterThan(1 << 19);
        }
    }

    @Test
    void asksForNothingWhereAllBytesHadComeBeforeTheActivityDied() {
        try (StorageHost host = new StorageHost(StorageHost.content(PART, Map.of("ETag", ETAG)))) {
            assertThatExceptionOfType(CancellationException.class)
                    .isThrownBy(() -> archiver(host, Optional.of(host.url("1"))).archive(input("job-1"), 0, beat -> {
                        throw new CancellationException();
                    }));

            archive(host, "job-1");

            assertThat(host.seen()).hasSize(1);
        }
    }

    @Test
    void quarantinesWhatIsNotThePartAndSaysWhereItLies() throws IOException {
        byte[] html = "<html>Sorry</html>".getBytes(UTF_8);
        try (StorageHost host = new StorageHost(StorageHost.content(html, Map.of()))) {
            ArchiveException refused = catchThrowableOfType(ArchiveException.class, () -> archive(host, "job-1"));

            assertThat(refused.type()).isEqualTo(FailureType.OUTPUT_INVALID);
            String location = refused.failure().details().location();
            assertThat(location).contains("/.quarantine/");
            Path kept = Path.of(URI.create(String.valueOf(location)));
            assertThat(kept).hasBinaryContent(html);
            Manifest manifest = Manifest.parse(Files.readAllBytes(Path.of(kept + ".manifest.json")));
            assertThat(manifest.quarantine())
                    .extracting(Manifest.Quarantine::reason)
                    .isEqualTo("output_invalid");
            assertThat(root.resolve("orders/part.step")).doesNotExist();
            assertThat(heartbeats)
                    .last()
                    .extracting(ArchiveHeartbeat::stage)
                    .isEqualTo(ArchiveHeartbeat.Stage.PUBLISHING);
        }
    }

    @Test
    void saysWhereTheSameBytesOfAnEarlierJobAreKept() {
        byte[] html = "<html>Sorry</html>".getBytes(UTF_8);
        try (StorageHost host = new StorageHost(StorageHost.content(html, Map.of()))) {
            ArchiveException first = catchThrowableOfType(ArchiveException.class, () -> archive(host, "job-1"));
            ArchiveException second = catchThrowableOfType(ArchiveException.class, () -> archive(host, "job-2"));

            assertThat(second.type()).isEqualTo(FailureType.OUTPUT_INVALID);
            assertThat(second.failure().details().location())
                    .isNotNull()
                    .isEqualTo(first.failure().details().location());
        }
    }

    @Test
    void aBoxThatIsExpectedAndCannotBeMeasuredIsNotTakenOnTrust() {
        CadRequest request = CadRequest.builder()
                .prompt("A box")
                .expect(new Expectation(new BoundingBox(40, 20, 10), null, null))
                .build();
        try (StorageHost host = new StorageHost(StorageHost.content(PART, Map.of()))) {
            ArchiveException refused = catchThrowableOfType(
                    ArchiveException.class,
                    () -> archiver(host, Optional.of(host.url("sealed")))
                            .archive(input("job-1", request), 0, heartbeats::add));

            assertThat(refused.type()).isEqualTo(FailureType.OUTPUT_INVALID);
            assertThat(refused)
                    .hasMessage("expect.bounding_box_mm: expected 40 × 20 × 10 mm, found a file whose bounding box "
                            + "cannot be measured here");
            assertThat(refused.failure().details().location()).contains("/.quarantine/");
        }
    }

    @Test
    void saysOfAFileThatIsLargerThanAWorkerTakesThatItIsNotKept() throws IOException {
        DownloadLimits small =
                new DownloadLimits(LIMITS.connect(), LIMITS.firstByte(), LIMITS.stall(), PART.length - 1L);
        try (StorageHost host = new StorageHost(StorageHost.content(PART, Map.of()))) {
            ArchiveException refused = catchThrowableOfType(
                    ArchiveException.class,
                    () -> archiver(host, Optional.of(host.url("sealed")), small)
                            .archive(input("job-1"), 0, heartbeats::add));

            assertThat(refused.type()).isEqualTo(FailureType.OUTPUT_INVALID);
            assertThat(refused).hasMessageContaining("at most " + (PART.length - 1) + " bytes");
            assertThat(refused.failure().details().location()).isNull();
            assertThat(refused.failure().details().nextStep()).contains("by other means", "30 days");
            assertThat(root.resolve(".incoming")).isEmptyDirectory();
        }
    }

    @Test
    void keepsThePaidBytesWhereTheKeyIsTaken() {
        try (StorageHost host = new StorageHost(
                StorageHost.content(PART, Map.of()), StorageHost.content(Parts.step("other"), Map.of()))) {
            ArchiveResult first = archive(host, "job-1");

            ArchiveException refused = catchThrowableOfType(ArchiveException.class, () -> archive(host, "job-2"));

            assertThat(refused.type()).isEqualTo(FailureType.ARCHIVE_CONFLICT);
            Path kept = Path.of(
                    URI.create(String.valueOf(refused.failure().details().location())));
            assertThat(kept).hasBinaryContent(Parts.step("other"));
            assertThat(Path.of(first.file().uri())).hasBinaryContent(PART);
        }
    }

    @Test
    void namesNoMoreOfAUrlThanItsHost() {
        try (StorageHost host = new StorageHost(StorageHost.status(503))) {
            ArchiveException failure = catchThrowableOfType(ArchiveException.class, () -> archive(host, "job-1"));

            assertThat(failure.type()).isEqualTo(FailureType.SERVICE_UNAVAILABLE);
            assertThat(failure).hasMessageContaining("127.0.0.1").hasMessageContaining("HTTP 503");
            assertThat(failure).hasStackTraceContaining("127.0.0.1");
            assertThat(org.assertj.core.util.Throwables.getStackTrace(failure)).doesNotContain("signature");
        }
    }

    private ArchiveResult archive(StorageHost host, String jobId) {
        return archiver(host, Optional.of(host.url("sealed"))).archive(input(jobId), 0, heartbeats::add);
    }

    private CadFileArchiver archiver(StorageHost host, Optional<URI> opened) {
        return archiver(host, opened, LIMITS);
    }

    private CadFileArchiver archiver(StorageHost host, Optional<URI> opened, DownloadLimits limits) {
        Archive archive = new FileArchive(root);
        return new CadFileArchiver(
                archive,
                new ProvenDownload(new Download(new OkHttpClient(), limits)),
                (job, seal) -> opened,
                job -> host.url("fresh-" + ++freshUrls),
                NOON,
                "1.2.3");
    }

    private static ArchiveInput input(String jobId) {
        return input(jobId, CadRequest.of("A box"));
    }

    private static ArchiveInput input(String jobId, CadRequest request) {
        JobFinished job = new JobFinished(
                jobId, "success", null, null, null, null, null, "sealed:x", null, null, 4711L, 1250L, null, null);
        String key = jobId.matches("job-\\d{3}") ? jobId + ".step" : "orders/part.step";
        return new ArchiveInput(key, OutputFormat.STEP, job, request, "order-7", "run-1", DeliveredBy.WEBHOOK, null);
    }
}
