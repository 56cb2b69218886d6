package dev.cadflow.activity.impl;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import dev.cadflow.activity.ArchiveInput;
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
import dev.cadflow.workflow.DesignMode;
import dev.cadflow.workflow.JobFinished;
import dev.cadflow.workflow.Measures;
import dev.cadflow.workflow.OutputFormat;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import okhttp3.OkHttpClient;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The manifest beside an archived file. */
@SuppressWarnings("NullAway.Init")
final class ArchivedManifestTest {
    private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");
    private static final String FINGERPRINT = "ab".repeat(32);

    @TempDir
    private Path root;

    private byte[] part;
    private JsonNode brainstorm;

    @BeforeEach
    void read() throws IOException {
        try (InputStream in = Objects.requireNonNull(Parts.class.getResourceAsStream("corpus/gmsh.step"))) {
            part = in.readAllBytes();
        }
        brainstorm = new ObjectMapper().readTree("{\"views\":[\"front\",2]}");
    }

    @Test
    void tellsAllThatTheJobSaysTheRequestAsksAndTheProofMeasures() throws IOException {
        Manifest manifest = Manifest.parse(archived(CadRequest.of("A box")));

        assertThat(manifest)
                .isEqualTo(new Manifest(
                        1,
                        "orders/part.step",
                        new Manifest.Content(
                                Parts.sha256(part),
                                part.length,
                                "application/step",
                                OutputFormat.STEP,
                                new Measures(new BoundingBox(40, 20, 10), null, 434L, "millimetre")),
                        new Manifest.MakistryJob(
                                "pub_1", "2026-11-20T10:00:00Z", "2026-11-20T10:05:00Z", brainstorm, 4711L, 1250L),
                        new Manifest.Request(
                                "A box", Parts.sha256("A box".getBytes(UTF_8)), DesignMode.PRO, FINGERPRINT),
                        new Manifest.Workflow("order-7", "run-1"),
                        new Manifest.Delivery(DeliveredBy.POLL, "127.0.0.1", NOON, "1.2.3"),
                        null,
                        null));
    }

    @Test
    void isValidByThePublishedSchema() throws IOException {
        JsonNode manifest = new ObjectMapper().readTree(archived(CadRequest.of("A box")));

        assertThat(JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
                        .getSchema(Manifest.class.getResourceAsStream("manifest.schema.json"))
                        .validate(manifest))
                .isEmpty();
    }

    /** An adopted job was asked for by another request, so what this one says of it may be no more than a default. */
    @Test
    void namesTheDesignModeThatTheJobHadAndNoPromptThatIsNotKnown() throws IOException {
        Manifest manifest =
                Manifest.parse(archived(CadRequest.builder().jobId("pub_1").build()));

        assertThat(manifest.request().designMode()).isEqualTo(DesignMode.PRO);
        assertThat(manifest.request().prompt()).isNull();
        assertThat(manifest.request().promptSha256()).isNull();
    }

    private byte[] archived(CadRequest request) throws IOException {
        JobFinished job = new JobFinished(
                "pub_1",
                "success",
                "text_to_cad",
                "pro",
                "step",
                "2026-11-20T10:00:00Z",
                "2026-11-20T10:05:00Z",
                "sealed:x",
                "2026-12-20T10:00:00Z",
                brainstorm,
                4711L,
                1250L,
                null,
                null,
                DeliveredBy.WEBHOOK);
        try (StorageHost host = new StorageHost(StorageHost.content(part, Map.of()))) {
            CadFileArchiver archiver = new CadFileArchiver(
                    new FileArchive(root),
                    new ProvenDownload(new Download(new OkHttpClient(), DownloadLimits.DEFAULT)),
                    (jobId, seal) -> Optional.of(host.url("sealed")),
                    jobId -> host.url("fresh"),
                    Clock.fixed(NOON, ZoneOffset.UTC),
                    "1.2.3");
            URI manifest = archiver.archive(
                            new ArchiveInput(
                                    "orders/part.step",
                                    OutputFormat.STEP,
                                    job,
                                    request,
                                    "order-7",
                                    "run-1",
                                    DeliveredBy.POLL,
                                    FINGERPRINT),
                            0,
                            beat -> {})
                    .manifestUri();
            return Files.readAllBytes(Path.of(manifest));
        }
    }
}
