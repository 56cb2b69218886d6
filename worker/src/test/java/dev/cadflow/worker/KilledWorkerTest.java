package dev.cadflow.worker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cadflow.sandbox.Fault;
import dev.cadflow.sandbox.FaultKind;
import dev.cadflow.sandbox.FaultTarget;
import dev.cadflow.sandbox.Route;
import dev.cadflow.sandbox.SandboxOptions;
import dev.cadflow.sandbox.SandboxServer;
import dev.cadflow.worker.testing.Eventually;
import dev.cadflow.worker.testing.Ports;
import dev.cadflow.worker.testing.RealTemporal;
import dev.cadflow.worker.testing.WorkerProcess;
import dev.cadflow.workflow.CadProgress;
import dev.cadflow.workflow.CadResult;
import dev.cadflow.workflow.DeliveredBy;
import io.temporal.api.enums.v1.EventType;
import io.temporal.api.history.v1.ActivityTaskStartedEventAttributes;
import io.temporal.client.WorkflowStub;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Worker processes that end in the middle of a job, which was started with the Temporal CLI on a real server. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class KilledWorkerTest {
    private static final String BOX =
            "{\"prompt\": \"A 40x20x10mm box with a 5mm through-hole\", \"output_format\": \"STEP\"}";

    private RealTemporal temporal;
    private SandboxServer sandbox;

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    private Path folder;

    @BeforeAll
    void startServer() {
        temporal = RealTemporal.start();
    }

    @AfterAll
    @SuppressWarnings("ConstantValue") // null where the server could not start
    void stopServer() {
        if (temporal != null) {
            temporal.close();
        }
    }

    @BeforeEach
    void startSandbox() throws IOException {
        sandbox = SandboxServer.start(SandboxOptions.builder().timeScale(0.01).build());
    }

    @AfterEach
    void stopSandbox() {
        sandbox.close();
    }

    private Map<String, String> environment() {
        String receiver = "127.0.0.1:" + Ports.free();
        return new HashMap<>(Map.of(
                "MAKISTRY_API_KEY", sandbox.apiKey(),
                "MAKISTRY_SIGNING_SECRETS", sandbox.signingSecret(),
                "MAKISTRY_BASE_URL", sandbox.apiBaseUrl().toString(),
                "CADFLOW_CALLBACK_URL", "http://" + receiver + "/webhooks/makistry",
                "CADFLOW_WEBHOOK_LISTEN", receiver,
                "CADFLOW_OPERATIONS_LISTEN", "127.0.0.1:0",
                "CADFLOW_ARCHIVE", folder.resolve("archive").toString(),
                "TEMPORAL_ADDRESS", temporal.target(),
                "TEMPORAL_CONFIG_FILE", folder.resolve("none.toml").toString()));
    }

    private WorkerProcess spawn(Map<String, String> environment) throws IOException {
        WorkerProcess worker = WorkerProcess.spawn(folder, environment);
        assertThat(worker.firstWord()).startsWith("worker: polls");
        return worker;
    }

    private WorkflowStub startByCli(String workflowId) throws Exception {
        Process cli = new ProcessBuilder(
                        temporal.cli().toString(),
                        "workflow",
                        "start",
                        "--address",
                        temporal.target(),
                        "--task-queue",
                        "cadflow",
                        "--type",
                        "GenerateCadWorkflow",
                        "--workflow-id",
                        workflowId,
                        "--input",
                        BOX)
                .redirectErrorStream(true)
                .start();
        String said = new String(cli.getInputStream().readAllBytes(), UTF_8);
        assertThat(cli.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(cli.exitValue()).as(said).isZero();
        return temporal.client().newUntypedWorkflowStub(workflowId);
    }

    @Test
    void aWorkerThatIsKilledWhileItsJobWaitsIsFollowedByOneThatArchivesIt() throws Exception {
        sandbox.faults().add(Fault.of(FaultTarget.SUBMIT, FaultKind.JOB_HELD));
        Map<String, String> environment = environment();
        WorkflowStub workflow = startByCli("killed-while-waiting");
        try (WorkerProcess first = spawn(environment)) {
            Eventually.assertThat(
                    () -> workflow.query("progress", CadProgress.class).stage() == CadProgress.Stage.WAITING);
            first.kill();
        }
        try (WorkerProcess second = spawn(environment)) {
            sandbox.finish(sandbox.jobs().get(0).jobId());
            CadResult result = workflow.getResult(CadResult.class);
            second.terminate();

            assertThat(result.deliveredBy()).isEqualTo(DeliveredBy.WEBHOOK);
            assertThat(result.makistryRequests()).isEqualTo(1);
            assertThat(sandbox.counts().apiRequests()).isEqualTo(1);
            assertThat(sandbox.counts().submitsCharged()).isEqualTo(1);
            assertThat(archived()).containsExactly(Path.of(result.file().uri()));
            assertThat(second.exitCode()).isZero();
        }
    }

    @Test
    void aWebhookJobCostsOneRequestAndAtMost26Events() throws Exception {
        WorkerConfig config = WorkerConfig.from(environment());
        try (WorkerRuntime worker = WorkerRuntime.start(config, temporal.client())) {
            CadResult result = startByCli("short-history").getResult(CadResult.class);

            assertThat(worker.webhookUrl()).contains(config.callback().url());
            assertThat(result.deliveredBy()).isEqualTo(DeliveredBy.WEBHOOK);
            assertThat(sandbox.counts().apiRequests()).isEqualTo(1);
            assertThat(temporal.client().fetchHistory("short-history").getEvents())
                    .hasSizeLessThanOrEqualTo(26);
        }
    }

    /** With time enough the download goes on to its end; else it breaks off, and the next worker goes on with it. */
    @ParameterizedTest
    @CsvSource({"30s, SLOW, PT2S, 1, 1", "1s, SLOW, PT1M, 0, 2", "1s, STALLED, PT1M, 0, 2"})
    void aWorkerThatIsStoppedWhileItDownloadsEndsWith0AndTheFileIsArchivedOnce(
            String grace, FaultKind slowness, Duration hold, int archivedByFirst, int tries) throws Exception {
        sandbox.faults()
                .add(Fault.builder(FaultTarget.DOWNLOAD, slowness)
                        .bytesPerSecond(100)
                        .offsetBytes(1000L)
                        .hold(hold)
                        .build());
        Map<String, String> environment = environment();
        environment.put("CADFLOW_SHUTDOWN_GRACE", grace);
        WorkflowStub workflow = startByCli("stopped-with-" + grace + slowness);
        boolean begun;
        try (WorkerProcess first = spawn(environment)) {
            Eventually.assertThat(() -> sandbox.counts().of(Route.DOWNLOAD) == 1);
            first.terminate();

            assertThat(first.exitCode()).isZero();
            assertThat(archived()).hasSize(archivedByFirst);
            begun = !archiveFiles(".state.json").isEmpty();
            assertThat(String.join("\n", first.restOfOutput()))
                    .doesNotContain(sandbox.apiKey(), sandbox.signingSecret(), "Signature=");
        }
        try (WorkerProcess second = spawn(environment)) {
            CadResult result = workflow.getResult(CadResult.class);
            second.terminate();

            assertThat(archived()).containsExactly(Path.of(result.file().uri()));
            assertThat(sandbox.counts().submitsCharged()).isEqualTo(1);
            assertThat(sandbox.counts().downloadsByRange()).isEqualTo(begun ? 1 : 0);
            ActivityTaskStartedEventAttributes archive = lastActivityStarted(workflow);
            assertThat(archive.getAttempt()).isEqualTo(tries);
            // The stopped worker has said so itself, and nobody had to wait for its heartbeats to stay out.
            assertThat(archive.getLastFailure().hasTimeoutFailureInfo()).isFalse();
        }
    }

    private ActivityTaskStartedEventAttributes lastActivityStarted(WorkflowStub workflow) {
        return temporal.client().fetchHistory(workflow.getExecution().getWorkflowId()).getEvents().stream()
                .filter(event -> event.getEventType() == EventType.EVENT_TYPE_ACTIVITY_TASK_STARTED)
                .reduce((earlier, later) -> later)
                .orElseThrow()
                .getActivityTaskStartedEventAttributes();
    }

    private List<Path> archived() throws IOException {
        return archiveFiles(".step");
    }

    private List<Path> archiveFiles(String ending) throws IOException {
        try (Stream<Path> files = Files.walk(folder.resolve("archive"))) {
            return files.filter(file -> file.toString().endsWith(ending)).toList();
        }
    }
}
