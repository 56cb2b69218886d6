package dev.cadflow.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.cadflow.sandbox.Fault;
import dev.cadflow.sandbox.FaultKind;
import dev.cadflow.sandbox.FaultTarget;
import dev.cadflow.sandbox.SandboxOptions;
import dev.cadflow.sandbox.SandboxServer;
import dev.cadflow.worker.testing.Eventually;
import dev.cadflow.worker.testing.Ports;
import dev.cadflow.worker.testing.RealTemporal;
import dev.cadflow.worker.webhook.SignalNotDeliveredException;
import dev.cadflow.worker.webhook.TemporalWorkflowSignaller;
import dev.cadflow.worker.webhook.WorkflowSignaller.Delivery;
import dev.cadflow.workflow.CadProgress;
import dev.cadflow.workflow.CadRequest;
import dev.cadflow.workflow.CadResult;
import dev.cadflow.workflow.Cadflow;
import dev.cadflow.workflow.DeliveredBy;
import dev.cadflow.workflow.GenerateCadWorkflow;
import dev.cadflow.workflow.JobFinished;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowClientOptions;
import io.temporal.client.WorkflowOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What needs a real server: the in-memory one does not give a stopped worker's tasks to another. */
final class RestartTest {
    @SuppressWarnings("NullAway.Init") // set before all tests
    private static RealTemporal temporal;

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    Path folder;

    @BeforeAll
    static void startServer() {
        temporal = RealTemporal.start();
    }

    @AfterAll
    @SuppressWarnings("ConstantValue") // null where the server could not start
    static void stopServer() {
        if (temporal != null) {
            temporal.close();
        }
    }

    @Test
    void anotherWorkerGoesOnWhereAStoppedOneLeftOff() throws Exception {
        try (SandboxServer sandbox =
                SandboxServer.start(SandboxOptions.builder().timeScale(0.01).build())) {
            sandbox.faults().add(Fault.of(FaultTarget.SUBMIT, FaultKind.JOB_HELD));
            WorkerConfig config = WorkerConfig.from(Map.of(
                            "MAKISTRY_API_KEY", sandbox.apiKey(),
                            "MAKISTRY_SIGNING_SECRETS", sandbox.signingSecret(),
                            "MAKISTRY_BASE_URL", sandbox.apiBaseUrl().toString(),
                            "CADFLOW_WEBHOOK_LISTEN", "127.0.0.1:" + Ports.free(),
                            "CADFLOW_OPERATIONS_LISTEN", "127.0.0.1:0",
                            "CADFLOW_ARCHIVE", folder.toString()))
                    .withReceiverAsCallback();
            GenerateCadWorkflow workflow = temporal.client()
                    .newWorkflowStub(
                            GenerateCadWorkflow.class,
                            WorkflowOptions.newBuilder()
                                    .setWorkflowId("cadflow-moved")
                                    .setTaskQueue(Cadflow.TASK_QUEUE)
                                    .build());
            WorkflowClient.start(workflow::generate, CadRequest.of("A 40x20x10mm box"));
            try (WorkerRuntime first = WorkerRuntime.start(config, temporal.client())) {
                Eventually.assertThat(() -> workflow.progress().stage() == CadProgress.Stage.WAITING);
                assertThat(first.taskQueue()).isEqualTo(Cadflow.TASK_QUEUE);
            }
            try (WorkerRuntime second = WorkerRuntime.start(config, temporal.client())) {
                sandbox.finish(sandbox.jobs().get(0).jobId());
                CadResult result = temporal.client()
                        .newUntypedWorkflowStub("cadflow-moved")
                        .getResult(CadResult.class);
                assertThat(result.deliveredBy()).isEqualTo(DeliveredBy.WEBHOOK);
                assertThat(sandbox.counts().apiRequests()).isEqualTo(1);
                assertThat(sandbox.counts().submitsCharged()).isEqualTo(1);
                assertThat(second.webhookUrl()).isPresent();
            }
        }
    }

    @Test
    void aSignalToAnUnknownWorkflowIsToldFromOneToAnUnknownNamespace() throws Exception {
        JobFinished job = new JobFinished(
                "pub_1", "success", null, null, null, null, null, null, null, null, null, null, null, null);
        try (TemporalWorkflowSignaller here = signaller(temporal.client())) {
            assertThat(here.signal("never-started", job)).isEqualTo(Delivery.NO_SUCH_WORKFLOW);
            assertThat(here.signal("x".repeat(2000), job)).isEqualTo(Delivery.NO_SUCH_WORKFLOW);
        }
        WorkflowClient elsewhere = WorkflowClient.newInstance(
                temporal.client().getWorkflowServiceStubs(),
                WorkflowClientOptions.newBuilder().setNamespace("nowhere").build());
        try (TemporalWorkflowSignaller nowhere = signaller(elsewhere)) {
            assertThatExceptionOfType(SignalNotDeliveredException.class)
                    .isThrownBy(() -> nowhere.signal("never-started", job))
                    .withMessage("Temporal has no such namespace");
        }
    }

    private static TemporalWorkflowSignaller signaller(WorkflowClient client) {
        return new TemporalWorkflowSignaller(client, Duration.ofSeconds(5));
    }

    @Test
    void aNamespaceThatIsNotThereIsNamedAtTheStart() {
        WorkerConfig config = WorkerConfig.from(Map.of(
                "MAKISTRY_API_KEY",
                "mk_pub_00112233445566778899aabbccddeeff",
                "CADFLOW_OPERATIONS_LISTEN",
                "127.0.0.1:0",
                "CADFLOW_ARCHIVE",
                folder.toString(),
                "TEMPORAL_CONFIG_FILE",
                folder.resolve("none.toml").toString(),
                "TEMPORAL_ADDRESS",
                temporal.target(),
                "TEMPORAL_NAMESPACE",
                "nowhere"));
        assertThatExceptionOfType(WorkerStartException.class)
                .isThrownBy(() -> WorkerRuntime.start(config))
                .withMessageContaining("expected namespace \"nowhere\" at " + temporal.target());
    }
}
