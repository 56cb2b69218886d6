package dev.cadflow.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.cadflow.sandbox.Fault;
import dev.cadflow.sandbox.FaultKind;
import dev.cadflow.sandbox.FaultTarget;
import dev.cadflow.sandbox.Route;
import dev.cadflow.sandbox.SandboxOptions;
import dev.cadflow.sandbox.SandboxServer;
import dev.cadflow.worker.testing.Eventually;
import dev.cadflow.worker.testing.InMemoryTemporal;
import dev.cadflow.workflow.CadBatchCounts;
import dev.cadflow.workflow.CadBatchPart;
import dev.cadflow.workflow.CadBatchRequest;
import dev.cadflow.workflow.CadBatchResult;
import dev.cadflow.workflow.CadFailure;
import dev.cadflow.workflow.CadRequest;
import dev.cadflow.workflow.CadResult;
import dev.cadflow.workflow.Cadflow;
import dev.cadflow.workflow.DeliveredBy;
import dev.cadflow.workflow.FailureType;
import dev.cadflow.workflow.GenerateCadBatchWorkflow;
import dev.cadflow.workflow.GenerateCadWorkflow;
import dev.cadflow.workflow.OutputFormat;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowFailedException;
import io.temporal.client.WorkflowOptions;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A whole worker between the sandbox and Temporal's in-memory server. */
final class WorkerRuntimeTest {
    private static final String PROMPT = "A 40x20x10mm box with a 5mm through-hole";

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    Path folder;

    private final InMemoryTemporal temporal = new InMemoryTemporal();
    private final SandboxServer sandbox = startSandbox();
    private final HttpClient http = HttpClient.newHttpClient();

    private static SandboxServer startSandbox() {
        try {
            return SandboxServer.start(
                    SandboxOptions.builder().timeScale(0.01).noQuota().build());
        } catch (IOException failed) {
            throw new AssertionError(failed);
        }
    }

    @AfterEach
    void stop() {
        sandbox.close();
        temporal.close();
    }

    private WorkerConfig config(String... namesAndValues) {
        Map<String, String> environment = new HashMap<>(Map.of(
                "MAKISTRY_API_KEY", sandbox.apiKey(),
                "MAKISTRY_SIGNING_SECRETS", sandbox.signingSecret(),
                "MAKISTRY_BASE_URL", sandbox.apiBaseUrl().toString(),
                "CADFLOW_WEBHOOK_LISTEN", "127.0.0.1:0",
                "CADFLOW_OPERATIONS_LISTEN", "127.0.0.1:0",
                "CADFLOW_ARCHIVE", folder.resolve("archive").toString()));
        for (int i = 0; i < namesAndValues.length; i += 2) {
            environment.put(namesAndValues[i], namesAndValues[i + 1]);
        }
        return WorkerConfig.from(environment);
    }

    private GenerateCadWorkflow start(String workflowId, CadRequest request) {
        GenerateCadWorkflow workflow = temporal.client()
                .newWorkflowStub(
                        GenerateCadWorkflow.class,
                        WorkflowOptions.newBuilder()
                                .setWorkflowId(workflowId)
                                .setTaskQueue(Cadflow.TASK_QUEUE)
                                .build());
        WorkflowClient.start(workflow::generate, request);
        return workflow;
    }

    private CadResult resultOf(String workflowId) {
        return temporal.client().newUntypedWorkflowStub(workflowId).getResult(CadResult.class);
    }

    private String get(URI url) throws IOException {
        try {
            return http.send(HttpRequest.newBuilder(url).build(), HttpResponse.BodyHandlers.ofString())
                    .body();
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
    }

    private String scraped(URI metrics) {
        try {
            return get(metrics);
        } catch (IOException failed) {
            throw new AssertionError(failed);
        }
    }

    @Test
    void aJobThatItsWebhookDeliversCostsOneRequest() throws Exception {
        try (WorkerRuntime worker = WorkerRuntime.start(config().withReceiverAsCallback(), temporal.client())) {
            start("cadflow-bracket", CadRequest.of(PROMPT));
            CadResult result = resultOf("cadflow-bracket");

            assertThat(result.deliveredBy()).isEqualTo(DeliveredBy.WEBHOOK);
            assertThat(result.makistryRequests()).isEqualTo(1);
            assertThat(sandbox.counts().apiRequests()).isEqualTo(1);
            assertThat(sandbox.counts().downloadsWithAuthorization()).isZero();
            assertThat(result.file().outputFormat()).isEqualTo(OutputFormat.STEP);
            assertThat(Files.readString(Path.of(result.file().uri()))).startsWith("ISO-10303-21;");
            assertThat(Path.of(result.manifestUri())).exists();
            assertThat(get(worker.operationsUrl().resolve("/metrics")))
                    .contains(
                            "cadflow_webhooks_total{outcome=\"signalled\"} 1.0",
                            "cadflow_activity_tries_total{activity=\"submit\",outcome=\"done\"} 1.0",
                            "cadflow_archived_bytes_total "
                                    + (double) result.file().sizeBytes());
        }
    }

    @Test
    void aBatchFromAFileInTheArchiveEndsWithFilesAndAReport() throws Exception {
        Path list = Files.createDirectories(folder.resolve("archive/orders")).resolve("parts.csv");
        Files.writeString(list, "name,prompt\nsmall,A 10x10x10mm box\n,\nbad name,A box\nlarge,A 90x20x10mm box\n");
        try (WorkerRuntime worker = WorkerRuntime.start(config().withReceiverAsCallback(), temporal.client())) {
            GenerateCadBatchWorkflow batch = temporal.client()
                    .newWorkflowStub(
                            GenerateCadBatchWorkflow.class,
                            WorkflowOptions.newBuilder()
                                    .setWorkflowId("order-9")
                                    .setTaskQueue(Cadflow.TASK_QUEUE)
                                    .build());

            CadBatchResult result =
                    batch.generate(CadBatchRequest.ofFile(list.toUri().toString()));

            assertThat(worker.operationsUrl()).isNotNull();
            assertThat(result.counts()).isEqualTo(new CadBatchCounts(4, 2, 2, 0, 0, 0));
            assertThat(result.failures())
                    .allSatisfy(part -> assertThat(part.failure()).isNotNull())
                    .extracting(CadBatchPart::number)
                    .containsExactlyInAnyOrder(3, 4);
            assertThat(Files.readAllLines(Path.of(result.reportUri()))).hasSize(4);
            assertThat(sandbox.counts().apiRequests()).isEqualTo(2);
        }
    }

    @Test
    void anArchiveMayHaveAnyFolderName() throws Exception {
        Path odd = folder.resolve("100% größe, \"neu\"");
        WorkerConfig config = config("CADFLOW_ARCHIVE", odd.toString()).withReceiverAsCallback();
        try (WorkerRuntime worker = WorkerRuntime.start(config, temporal.client())) {
            start("cadflow-odd", CadRequest.of(PROMPT));
            assertThat(Path.of(resultOf("cadflow-odd").file().uri()))
                    .isRegularFile()
                    .startsWith(odd);
            assertThat(worker.webhookUrl()).isPresent();
        }
    }

    @Test
    void whatRunsLeftLongAgoIsRemovedFromTheArchiveOnceItStarts() throws Exception {
        Path incoming = Files.createDirectories(folder.resolve("archive/.incoming"));
        Path left = Files.writeString(incoming.resolve("x.part"), "half a part");
        Files.setLastModifiedTime(left, FileTime.from(Instant.now().minus(Duration.ofDays(8))));
        try (WorkerRuntime worker = WorkerRuntime.start(config(), temporal.client())) {
            Eventually.assertThat(() -> Files.notExists(left));
            assertThat(worker.taskQueue()).isNotEmpty();
        }
    }

    @Test
    void aLostWebhookIsMadeUpForByAPoll() throws Exception {
        sandbox.faults()
                .add(Fault.builder(FaultTarget.WEBHOOK, FaultKind.WEBHOOK_DROPPED)
                        .times(10)
                        .build());
        WorkerConfig impatient = config("CADFLOW_POLL_FIRST_STANDARD", "1s", "CADFLOW_POLL_INTERVAL", "1s")
                .withReceiverAsCallback();
        try (WorkerRuntime worker = WorkerRuntime.start(impatient, temporal.client())) {
            start("cadflow-lost", CadRequest.of(PROMPT));
            CadResult result = resultOf("cadflow-lost");
            assertThat(result.deliveredBy()).isEqualTo(DeliveredBy.POLL);
            assertThat(sandbox.counts().of(Route.TEXT_TO_CAD)).isEqualTo(1);
            assertThat(sandbox.counts().of(Route.GET_JOB)).isEqualTo(result.makistryRequests() - 1L);
            assertThat(worker.webhookUrl()).isPresent();
        }
    }

    @Test
    void withoutACallbackItPollsAndNeedsNoReceiver() throws Exception {
        WorkerConfig pollOnly = config(
                "MAKISTRY_SIGNING_SECRETS", "", "CADFLOW_POLL_FAST_INTERVAL", "200ms", "CADFLOW_POLL_FAST_FOR", "1m");
        try (WorkerRuntime worker = WorkerRuntime.start(pollOnly, temporal.client())) {
            assertThat(worker.webhookUrl()).isEmpty();
            start("cadflow-polled", CadRequest.of(PROMPT));
            assertThat(resultOf("cadflow-polled").deliveredBy()).isEqualTo(DeliveredBy.POLL);
        }
    }

    @Test
    void aJobThatMakistryGivesUpIsATypedFailureByWebhook() throws Exception {
        sandbox.faults().add(Fault.of(FaultTarget.SUBMIT, FaultKind.JOB_FAILS));
        try (WorkerRuntime worker = WorkerRuntime.start(config().withReceiverAsCallback(), temporal.client())) {
            start("cadflow-impossible", CadRequest.of(PROMPT));
            assertThatExceptionOfType(WorkflowFailedException.class)
                    .isThrownBy(() -> resultOf("cadflow-impossible"))
                    .satisfies(failed -> assertThat(CadFailure.from(failed))
                            .hasValueSatisfying(failure ->
                                    assertThat(failure.type()).isEqualTo(FailureType.GEOMETRY_VALIDATION_FAILED)));
            assertThat(sandbox.counts().apiRequests()).isEqualTo(1);
            assertThat(worker.taskQueue()).isEqualTo(Cadflow.TASK_QUEUE);
        }
    }

    @Test
    void operatorsSeeThatItIsReadyAndAfterTheStopNobodyAnswers() throws Exception {
        WorkerRuntime worker = WorkerRuntime.start(config(), temporal.client());
        URI operations = worker.operationsUrl();
        assertThat(get(operations.resolve("/readyz"))).isEqualTo("temporal: ok\nworker: ok\narchive: ok\n");
        worker.close();
        worker.close();
        assertThatExceptionOfType(IOException.class).isThrownBy(() -> get(operations.resolve("/livez")));
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> get(worker.webhookUrl().orElseThrow()));
    }

    @Test
    void withAClientOfItsOwnTemporalsFiguresAreAmongTheMetrics() throws Exception {
        WorkerConfig config = config(
                "TEMPORAL_ADDRESS", temporal.target(),
                "TEMPORAL_CONFIG_FILE", folder.resolve("none.toml").toString());
        try (WorkerRuntime worker = WorkerRuntime.start(config)) {
            URI metrics = worker.operationsUrl().resolve("/metrics");
            Eventually.assertThat(() -> scraped(metrics).contains("temporal_worker_start_total"));
            assertThat(get(metrics)).contains("temporal_request_total{").doesNotContain(sandbox.apiKey());
        }
    }

    @Test
    void aPortThatIsTakenStopsWhatHadStarted() throws Exception {
        try (WorkerRuntime worker = WorkerRuntime.start(config(), temporal.client())) {
            String taken = "127.0.0.1:" + worker.operationsUrl().getPort();
            WorkerConfig clash = config("CADFLOW_OPERATIONS_LISTEN", taken);
            assertThatExceptionOfType(WorkerStartException.class)
                    .isThrownBy(() -> WorkerRuntime.start(clash, temporal.client()))
                    .withMessageContaining("cannot listen at " + taken);
        }
    }

    @Test
    void theClientThatWasGivenIsLeftOpen() throws Exception {
        WorkerRuntime.start(config(), temporal.client()).close();
        assertThat(temporal.client().getWorkflowServiceStubs().isShutdown()).isFalse();
    }
}
