package dev.cadflow.activity.impl;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cadflow.activity.ArchiveInput;
import dev.cadflow.activity.ArchiveResult;
import dev.cadflow.activity.FindArchivedResult;
import dev.cadflow.archive.Archive;
import dev.cadflow.archive.ArchiveKey;
import dev.cadflow.archive.Download;
import dev.cadflow.archive.DownloadLimits;
import dev.cadflow.archive.FileArchive;
import dev.cadflow.archive.Parts;
import dev.cadflow.archive.ProvenDownload;
import dev.cadflow.archive.RequestFingerprint;
import dev.cadflow.archive.StorageHost;
import dev.cadflow.workflow.BoundingBox;
import dev.cadflow.workflow.CadRequest;
import dev.cadflow.workflow.DeliveredBy;
import dev.cadflow.workflow.DesignMode;
import dev.cadflow.workflow.Expectation;
import dev.cadflow.workflow.JobFinished;
import dev.cadflow.workflow.OutputFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import okhttp3.OkHttpClient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the archive answers to a request that was made before. */
final class EarlierFilesTest {
    private static final CadRequest REQUEST = CadRequest.of("A box");
    private static final byte[] PART = Parts.step("bracket");

    @TempDir
    private Path root;

    @Test
    void theSameRequestFindsTheFile() throws IOException {
        ArchiveResult archived = archive(REQUEST, "pub_1", "orders/1.step");

        FindArchivedResult.Earlier found = find(REQUEST).earlier();

        assertThat(found).isNotNull();
        assertThat(found.jobId()).isEqualTo("pub_1");
        assertThat(found.file()).isEqualTo(archived.file());
        assertThat(found.manifestUri()).isEqualTo(archived.manifestUri());
        assertThat(found.tokensUsed()).isEqualTo(4711);
    }

    static Stream<CadRequest> otherRequests() {
        return Stream.of(
                CadRequest.of("A box "),
                CadRequest.builder().prompt("A box").designMode(DesignMode.PRO).build(),
                CadRequest.builder()
                        .prompt("A box")
                        .outputFormat(OutputFormat.STL)
                        .build());
    }

    @ParameterizedTest
    @MethodSource("otherRequests")
    void anotherRequestFindsNothing(CadRequest other) throws IOException {
        archive(REQUEST, "pub_1", "orders/1.step");

        assertThat(find(other)).isEqualTo(FindArchivedResult.NOTHING);
    }

    @Test
    void imagesCountByContentAndOrder() {
        String one = "11".repeat(32);
        String two = "22".repeat(32);

        assertThat(RequestFingerprint.of(REQUEST, List.of(one, two)))
                .isEqualTo(RequestFingerprint.of(REQUEST, List.of(one, two)))
                .isNotEqualTo(RequestFingerprint.of(REQUEST, List.of(two, one)))
                .isNotEqualTo(RequestFingerprint.of(REQUEST, List.of(one)))
                .isNotEqualTo(RequestFingerprint.of(REQUEST, List.of()));
    }

    @Test
    void metadataDeadlineAndArchiveKeyDoNotCount() throws IOException {
        archive(REQUEST, "pub_1", "orders/1.step");

        CadRequest same = CadRequest.builder()
                .prompt("A box")
                .metadata(Map.of("order", 7))
                .archiveKey("elsewhere")
                .designMode(DesignMode.STANDARD)
                .outputFormat(OutputFormat.STEP)
                .build();
        assertThat(find(same).earlier()).isNotNull();
    }

    @Test
    void aFileThatWasDamagedIsNoAnswer() throws IOException {
        ArchiveResult archived = archive(REQUEST, "pub_1", "orders/1.step");
        Files.writeString(Path.of(archived.file().uri()), "something else");

        assertThat(find(REQUEST)).isEqualTo(FindArchivedResult.NOTHING);
    }

    @Test
    void aFileThatIsGoneIsNoAnswer() throws IOException {
        ArchiveResult archived = archive(REQUEST, "pub_1", "orders/1.step");
        Files.delete(Path.of(archived.file().uri()));

        assertThat(find(REQUEST)).isEqualTo(FindArchivedResult.NOTHING);
    }

    @Test
    void aNoteThatLeadsToAnotherRequestsFileIsNoAnswer() throws IOException {
        archive(REQUEST, "pub_1", "orders/1.step");
        archive(CadRequest.of("A sphere"), "pub_2", "orders/2.step");
        archive().remember(fingerprint(REQUEST), ArchiveKey.of("orders/2.step"));

        assertThat(find(REQUEST)).isEqualTo(FindArchivedResult.NOTHING);
    }

    @Test
    void aFileThatIsNotWhatTheRequestExpectsIsNoAnswer() throws IOException {
        archive(REQUEST, "pub_1", "orders/1.step");

        CadRequest small = CadRequest.builder()
                .prompt("A box")
                .expect(new Expectation(null, null, 5L))
                .build();
        CadRequest huge = CadRequest.builder()
                .prompt("A box")
                .expect(new Expectation(new BoundingBox(9000, 9000, 9000), null, null))
                .build();
        assertThat(find(small)).isEqualTo(FindArchivedResult.NOTHING);
        assertThat(find(huge)).isEqualTo(FindArchivedResult.NOTHING);
    }

    @Test
    void whatCannotBeNotedIsArchivedAllTheSame() throws IOException {
        Files.writeString(root.resolve(".requests"), "in the way");

        ArchiveResult archived = archive(REQUEST, "pub_1", "orders/1.step");

        assertThat(Path.of(archived.file().uri())).hasBinaryContent(PART);
    }

    @Test
    void aRunThatDiedBeforeTheNoteMakesItWhenItIsTriedAgain() throws IOException {
        archive(REQUEST, "pub_1", "orders/1.step");
        String value = fingerprint(REQUEST).value();
        Files.delete(root.resolve(".requests").resolve(value.substring(0, 2)).resolve(value));

        archive(REQUEST, "pub_1", "orders/1.step");

        assertThat(find(REQUEST).earlier()).isNotNull();
    }

    private FindArchivedResult find(CadRequest request) {
        return new EarlierFiles(archive()).find(request, fingerprint(request));
    }

    private static RequestFingerprint fingerprint(CadRequest request) {
        return RequestFingerprint.of(request, List.of());
    }

    private Archive archive() {
        return new FileArchive(root);
    }

    private ArchiveResult archive(CadRequest request, String jobId, String key) throws IOException {
        try (StorageHost host = new StorageHost(StorageHost.content(PART, Map.of()))) {
            CadFileArchiver archiver = new CadFileArchiver(
                    archive(),
                    new ProvenDownload(new Download(new OkHttpClient(), DownloadLimits.DEFAULT)),
                    (job, seal) -> java.util.Optional.empty(),
                    job -> host.url("part"),
                    Clock.systemUTC(),
                    "1.2.3");
            JobFinished job = new JobFinished(
                    jobId, "success", null, null, null, null, null, "sealed:x", null, null, 4711L, 1250L, null, null);
            return archiver.archive(
                    new ArchiveInput(
                            key,
                            OutputFormat.STEP,
                            job,
                            request,
                            "order-7",
                            "run-1",
                            DeliveredBy.WEBHOOK,
                            fingerprint(request).value()),
                    0,
                    beat -> {});
        }
    }
}
