package dev.cadflow.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.cadflow.archive.ArchiveVerifier;
import dev.cadflow.archive.ManifestKeys;
import dev.cadflow.archive.testing.FaultyStore;
import dev.cadflow.archive.testing.S3ProxyStore;
import dev.cadflow.sandbox.SandboxOptions;
import dev.cadflow.sandbox.SandboxServer;
import dev.cadflow.worker.testing.Eventually;
import dev.cadflow.worker.testing.InMemoryTemporal;
import dev.cadflow.workflow.CadRequest;
import dev.cadflow.workflow.CadResult;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;

/** A whole worker whose archive is a bucket. */
@ResourceLock(Resources.SYSTEM_PROPERTIES)
@SuppressWarnings("NullAway.Init")
final class S3ArchiveTest {
    private static final CadRequest BOX = CadRequest.of("A 40x20x10mm box with a 5mm through-hole");

    @TempDir
    private Path folder;

    private final InMemoryTemporal temporal = new InMemoryTemporal();
    private SandboxServer sandbox;
    private S3ProxyStore store;
    private FaultyStore door;

    @BeforeEach
    void start() throws IOException {
        sandbox = SandboxServer.start(
                SandboxOptions.builder().timeScale(0.01).noQuota().build());
        store = S3ProxyStore.start();
        door = new FaultyStore(store.endpoint());
    }

    @AfterEach
    void stop() {
        door.close();
        store.close();
        sandbox.close();
        temporal.close();
    }

    @Test
    void aJobEndsWithItsFileAndManifestInTheBucket() throws Exception {
        CadResult result;
        try (WorkerRuntime worker = worker()) {
            result = bench().run("box-1", BOX);
            assertThat(get(worker, "readyz")).isEqualTo("temporal: ok\nworker: ok\nstaging: ok\n");
        }

        String key = "cad/box-1/" + result.jobId() + ".step";
        assertThat(result.file().uri()).isEqualTo(URI.create("s3://parts/" + key));
        assertThat(result.manifestUri()).isEqualTo(URI.create("s3://parts/" + key + ".manifest.json"));
        assertThat(new String(store.object(key), "UTF-8")).startsWith("ISO-10303-21;");
        JsonNode manifest = new ObjectMapper().readTree(store.object(key + ".manifest.json"));
        assertThat(manifest.at("/file/sha256").asText()).isEqualTo(result.file().sha256());
        assertThat(manifest.at("/workflow/workflow_id").asText()).isEqualTo("box-1");
        assertThat(result.makistryRequests()).isEqualTo(1);
        assertThat(staged()).isEmpty();
        assertThat(new ArchiveVerifier(new ManifestKeys(List.of()))
                        .verify(
                                URI.create("s3://parts/cad"),
                                config().archiveSettings().s3())
                        .isSound())
                .isTrue();
    }

    @Test
    void aStoreThatRefusesKeepsNoWorkerFromStartingAndTakesTheFileOnceItIsMended() throws Exception {
        door.always(request -> true, FaultyStore.refuse(403, "AccessDenied"));
        try (WorkerRuntime worker = worker()) {
            bench().start("box-2", BOX);
            Eventually.assertThat(() -> get(worker, "metrics")
                    .contains("cadflow_activity_tries_total{activity=\"archive\",outcome=\"archive_unavailable\"}"));
            assertThat(get(worker, "readyz")).isEqualTo("temporal: ok\nworker: ok\nstaging: ok\n");

            door.heal();

            CadResult result = bench().result("box-2");
            assertThat(store.object("cad/box-2/" + result.jobId() + ".step"))
                    .hasSize((int) result.file().sizeBytes());
            assertThat(sandbox.jobs()).hasSize(1);
        }
    }

    @Test
    void withoutARegionItDoesNotStartAndSaysWhatToSet() {
        assumeThat(System.getenv("AWS_REGION"))
                .as("a region for all of this process")
                .isNull();
        Properties before = (Properties) System.getProperties().clone();
        try {
            System.clearProperty("aws.region");
            System.setProperty("aws.configFile", folder.resolve("none").toString());
            System.setProperty("aws.disableEc2Metadata", "true");

            assertThatExceptionOfType(WorkerStartException.class)
                    .isThrownBy(this::worker)
                    .withMessageContaining("CADFLOW_ARCHIVE: ")
                    .withMessageContaining("expected a region; set AWS_REGION, or region in the AWS profile");
        } finally {
            System.setProperties(before);
        }
    }

    @Test
    void aStagingThatCannotBeWrittenIsNotReady() throws Exception {
        Path taken = Files.writeString(folder.resolve("taken"), "a file where the folder should be");
        try (WorkerRuntime worker =
                WorkerRuntime.start(config("CADFLOW_STAGING", taken.toString()), temporal.client())) {
            assertThat(get(worker, "readyz")).contains("staging: not ready");
        }
    }

    @Test
    void theClientOfTheStoreIsClosedWithTheWorker() throws Exception {
        List<Thread> before = sdkThreads();
        try (WorkerRuntime worker = worker()) {
            bench().run("box-3", BOX);
            assertThat(worker.taskQueue()).isNotEmpty();
            assertThat(sdkThreads()).hasSizeGreaterThan(before.size());
        }
        Eventually.assertThat(() -> before.containsAll(sdkThreads()));
    }

    /** The SDK's clients have a timer each, which ends when they are closed. */
    private static List<Thread> sdkThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("sdk-"))
                .toList();
    }

    private Bench bench() {
        return new Bench(sandbox, temporal.client(), folder);
    }

    private WorkerRuntime worker() throws WorkerStartException {
        return WorkerRuntime.start(config().withReceiverAsCallback(), temporal.client());
    }

    private WorkerConfig config() {
        return config("CADFLOW_STAGING", folder.resolve("staging").toString());
    }

    private WorkerConfig config(String name, String value) {
        return bench().config(
                        "CADFLOW_ARCHIVE",
                        "s3://parts/cad",
                        "CADFLOW_S3_ENDPOINT",
                        door.endpoint().toString(),
                        "CADFLOW_S3_PATH_STYLE",
                        "true",
                        name,
                        value);
    }

    private List<Path> staged() throws IOException {
        try (Stream<Path> files = Files.list(folder.resolve("staging"))) {
            return files.toList();
        }
    }

    private static String get(WorkerRuntime worker, String path) {
        try {
            return HttpClient.newHttpClient()
                    .send(
                            HttpRequest.newBuilder(worker.operationsUrl().resolve(path))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString())
                    .body();
        } catch (IOException | InterruptedException failed) {
            throw new AssertionError(failed);
        }
    }
}
