package dev.cadflow.worker.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.cadflow.worker.testing.InMemoryTemporal;
import dev.cadflow.worker.testing.Ports;
import dev.cadflow.worker.webhook.WorkflowSignaller.Delivery;
import dev.cadflow.workflow.JobFinished;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowOptions;
import io.temporal.client.WorkflowStub;
import io.temporal.serviceclient.WorkflowServiceStubs;
import io.temporal.serviceclient.WorkflowServiceStubsOptions;
import io.temporal.worker.WorkerFactory;
import io.temporal.workflow.SignalMethod;
import io.temporal.workflow.Workflow;
import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class TemporalWorkflowSignallerTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(5);
    private static final JobFinished JOB = new JobFinished(
            "pub_1", "success", null, null, null, null, null, "sealed:v1:x", null, null, 8420L, null, null, null);

    private final InMemoryTemporal temporal = new InMemoryTemporal();
    private final WorkerFactory workers = WorkerFactory.newInstance(temporal.client());
    private final TemporalWorkflowSignaller signaller = new TemporalWorkflowSignaller(temporal.client(), TIMEOUT);

    /** Waits for the signal that the receiver sends, and gives it back. */
    @WorkflowInterface
    public interface Waiting {
        @WorkflowMethod
        JobFinished await();

        @SignalMethod(name = "jobFinished")
        void jobFinished(JobFinished job);
    }

    public static final class WaitingImpl implements Waiting {
        private @Nullable JobFinished received;

        @Override
        public JobFinished await() {
            Workflow.await(() -> received != null);
            return java.util.Objects.requireNonNull(received);
        }

        @Override
        public void jobFinished(JobFinished job) {
            received = job;
        }
    }

    @AfterEach
    void stop() {
        signaller.close();
        workers.shutdownNow();
        temporal.close();
    }

    private WorkflowStub startWaiting(String workflowId) {
        workers.newWorker("waiting").registerWorkflowImplementationTypes(WaitingImpl.class);
        workers.start();
        WorkflowStub stub = temporal.client()
                .newUntypedWorkflowStub(
                        "Waiting",
                        WorkflowOptions.newBuilder()
                                .setWorkflowId(workflowId)
                                .setTaskQueue("waiting")
                                .build());
        stub.start();
        return stub;
    }

    @Test
    void aRunningWorkflowGetsTheJobAsItIs() throws Exception {
        WorkflowStub workflow = startWaiting("cadflow-bracket");
        assertThat(signaller.signal("cadflow-bracket", JOB)).isEqualTo(Delivery.SIGNALLED);
        assertThat(workflow.getResult(JobFinished.class)).isEqualTo(JOB);
    }

    @Test
    void aFinishedWorkflowIsTold() throws Exception {
        WorkflowStub workflow = startWaiting("cadflow-done");
        signaller.signal("cadflow-done", JOB);
        workflow.getResult(JobFinished.class);
        assertThat(signaller.signal("cadflow-done", JOB)).isEqualTo(Delivery.NO_SUCH_WORKFLOW);
    }

    @Test
    void anUnknownWorkflowIsTold() throws Exception {
        assertThat(signaller.signal("never-started", JOB)).isEqualTo(Delivery.NO_SUCH_WORKFLOW);
    }

    @Test
    void aServerThatIsNotThereIsAReasonToTryAgain() {
        assertNotDelivered(Ports.free());
    }

    @Test
    void aServerThatAcceptsAndNeverAnswersIsAReasonToTryAgain() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 8, InetAddress.getLoopbackAddress())) {
            assertNotDelivered(silent.getLocalPort());
        }
    }

    private static void assertNotDelivered(int port) {
        WorkflowServiceStubs stubs = WorkflowServiceStubs.newServiceStubs(WorkflowServiceStubsOptions.newBuilder()
                .setTarget("127.0.0.1:" + port)
                .build());
        try (TemporalWorkflowSignaller hasty =
                new TemporalWorkflowSignaller(WorkflowClient.newInstance(stubs), Duration.ofMillis(300))) {
            assertThatExceptionOfType(SignalNotDeliveredException.class)
                    .isThrownBy(() -> hasty.signal("cadflow-bracket", JOB))
                    .withMessageContaining("Temporal answered");
        } finally {
            stubs.shutdownNow();
        }
    }
}
