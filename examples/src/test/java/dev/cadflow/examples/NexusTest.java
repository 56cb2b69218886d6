package dev.cadflow.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.cadflow.sandbox.Fault;
import dev.cadflow.sandbox.FaultKind;
import dev.cadflow.sandbox.FaultTarget;
import dev.cadflow.workflow.CadFailure;
import dev.cadflow.workflow.CadOrder;
import dev.cadflow.workflow.CadProgress;
import dev.cadflow.workflow.CadRequest;
import dev.cadflow.workflow.CadResult;
import dev.cadflow.workflow.CadService;
import dev.cadflow.workflow.Cadflow;
import dev.cadflow.workflow.DeliveredBy;
import dev.cadflow.workflow.FailureType;
import dev.cadflow.workflow.testing.Eventually;
import dev.cadflow.workflow.testing.RealTemporal;
import io.temporal.api.enums.v1.WorkflowExecutionStatus;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowClientOptions;
import io.temporal.client.WorkflowExecutionDescription;
import io.temporal.client.WorkflowFailedException;
import io.temporal.client.WorkflowOptions;
import io.temporal.client.WorkflowStub;
import io.temporal.worker.WorkerFactory;
import io.temporal.workflow.NexusServiceOptions;
import io.temporal.workflow.Workflow;
import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;
import java.nio.file.Path;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A caller in a namespace of its own, and cadflow in another, with a Nexus endpoint between them. */
@ExtendWith(RealTemporal.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class NexusTest {
    private static final String NAMESPACE = "shop-floor";

    private final House house;
    private final WorkflowClient caller;
    private final WorkerFactory factory;

    NexusTest(RealTemporal.Server server, @TempDir Path archive) throws Exception {
        server.temporal("operator", "namespace", "create", "--namespace", NAMESPACE)
                .orThrow();
        PrintedCommands page = PrintedCommands.of("docs/nexus.md", server, server.namespace());
        page.run("nexus endpoint create");
        page.thatIsAll();
        house = House.start(server, archive);
        caller = WorkflowClient.newInstance(
                house.client.getWorkflowServiceStubs(),
                WorkflowClientOptions.newBuilder().setNamespace(NAMESPACE).build());
        factory = WorkerFactory.newInstance(caller);
    }

    @BeforeAll
    void start() {
        factory.newWorker("shop").registerWorkflowImplementationTypes(SpareWorkflowImpl.class, TwoOfAKindImpl.class);
        // A namespace that was just created is known to the whole server only after a moment.
        Eventually.until(this::started);
    }

    private boolean started() {
        try {
            factory.start();
            return true;
        } catch (RuntimeException notYet) {
            return false;
        }
    }

    @AfterEach
    void resume() {
        house.sandbox.reset();
    }

    @AfterAll
    void stop() {
        factory.shutdownNow();
        house.close();
    }

    @Test
    void aPartComesFromTheOtherNamespace() {
        CadResult result = make("N-1").getResult(CadResult.class);

        assertThat(result.deliveredBy()).isEqualTo(DeliveredBy.WEBHOOK);
        assertThat(Path.of(result.file().uri())).exists();
        assertThat(house.sandbox.counts().apiRequests()).isEqualTo(1);
        WorkflowExecutionDescription shown = behind("N-1").describe();
        assertThat(shown.getStaticSummary()).isEqualTo("Ordered by Nexus: N-1");
        assertThat(shown.getMemo("design_mode", String.class)).isEqualTo("standard");
        assertThat(shown.getMemo("output_format", String.class)).isEqualTo("STEP");
    }

    @Test
    void aFailureArrivesTyped() {
        house.sandbox.faults().add(Fault.of(FaultTarget.SUBMIT, FaultKind.JOB_FAILS));
        WorkflowStub workflow = make("N-2");

        WorkflowFailedException failed =
                catchThrowableOfType(WorkflowFailedException.class, () -> workflow.getResult(CadResult.class));

        assertThat(CadFailure.from(failed)).hasValueSatisfying(failure -> {
            assertThat(failure.type()).isEqualTo(FailureType.GEOMETRY_VALIDATION_FAILED);
            assertThat(failure.details().jobId()).isNotNull();
        });
    }

    @Test
    void cancellingTheCallerCancelsTheWorkflowBehindTheOperation() {
        house.sandbox.pause();
        WorkflowStub workflow = make("N-3");
        awaitWaiting("N-3");
        workflow.cancel();

        WorkflowStub behind = behind("N-3");
        Eventually.until(
                () -> behind.describe().getStatus() == WorkflowExecutionStatus.WORKFLOW_EXECUTION_STATUS_CANCELED);
        assertThat(behind.query("progress", CadProgress.class).jobId()).isNotNull();
    }

    @Test
    void twoOrdersOfOneNameBuyOnePart() {
        house.sandbox.pause();
        WorkflowStub first = make("N-4");
        awaitWaiting("N-4");
        WorkflowStub second = make("N-4");
        Eventually.until(() -> caller.fetchHistory(second.getExecution().getWorkflowId()).getEvents().stream()
                .anyMatch(event -> event.hasNexusOperationStartedEventAttributes()));
        house.sandbox.resume();

        assertThat(first.getResult(CadResult.class).jobId())
                .isEqualTo(second.getResult(CadResult.class).jobId());
        assertThat(house.sandbox.counts().submitsCharged()).isEqualTo(1);
    }

    @Test
    void aNameWhosePartHasBeenMadeIsRefusedAndNotBoughtAgain() {
        make("N-5").getResult(CadResult.class);
        WorkflowStub again = make("N-5");

        assertThat(catchThrowableOfType(WorkflowFailedException.class, () -> again.getResult(CadResult.class)))
                .hasStackTraceContaining("already");
        assertThat(house.sandbox.counts().submitsCharged()).isEqualTo(1);
    }

    @Test
    void aNameOfWhichNothingIsLeftIsRefusedAtOnce() {
        WorkflowStub workflow = make("///");

        assertThat(catchThrowableOfType(WorkflowFailedException.class, () -> workflow.getResult(CadResult.class)))
                .hasStackTraceContaining("name: expected 1 to 200 characters");
    }

    @Test
    void ordersWithoutANameBuyOneJobEach() {
        WorkflowStub workflow = caller.newUntypedWorkflowStub(
                "TwoOfAKind", WorkflowOptions.newBuilder().setTaskQueue("shop").build());
        workflow.start("A 40x20x10mm box");

        String[] jobs = workflow.getResult(String[].class);
        assertThat(jobs).hasSize(2).doesNotHaveDuplicates();
        assertThat(house.sandbox.counts().submitsCharged()).isEqualTo(2);
    }

    /** Orders the same part twice, by no name. */
    @WorkflowInterface
    public interface TwoOfAKind {
        @WorkflowMethod
        String[] make(String description);
    }

    /** Answers the ids of the two jobs. */
    public static final class TwoOfAKindImpl implements TwoOfAKind {
        private final CadService cad = Workflow.newNexusServiceStub(
                CadService.class,
                NexusServiceOptions.newBuilder().setEndpoint("cadflow").build());

        @Override
        public String[] make(String description) {
            CadOrder order = CadOrder.of(CadRequest.of(description));
            return new String[] {
                cad.generate(order).jobId(), cad.generate(order).jobId()
            };
        }
    }

    private WorkflowStub make(String partNumber) {
        WorkflowStub workflow = caller.newUntypedWorkflowStub(
                "SpareWorkflow",
                WorkflowOptions.newBuilder()
                        .setTaskQueue("shop")
                        .setWorkflowId("spare-" + UUID.randomUUID())
                        .build());
        workflow.start(partNumber, "A 40x20x10mm box");
        return workflow;
    }

    private WorkflowStub behind(String partNumber) {
        return house.client.newUntypedWorkflowStub(Cadflow.workflowId(partNumber));
    }

    private void awaitWaiting(String partNumber) {
        house.awaitStage(CadProgress.Stage.WAITING, Cadflow.workflowId(partNumber));
    }
}
