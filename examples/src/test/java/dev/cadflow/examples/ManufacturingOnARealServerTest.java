package dev.cadflow.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.core.type.TypeReference;
import dev.cadflow.examples.PartOutcome.State;
import dev.cadflow.workflow.CadProgress;
import dev.cadflow.workflow.CadResult;
import dev.cadflow.workflow.Cadflow;
import dev.cadflow.workflow.testing.Eventually;
import dev.cadflow.workflow.testing.RealTemporal;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowFailedException;
import io.temporal.client.WorkflowOptions;
import io.temporal.client.WorkflowStub;
import io.temporal.client.WorkflowUpdateException;
import io.temporal.failure.CanceledFailure;
import io.temporal.worker.Worker;
import io.temporal.worker.WorkerFactory;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** An order whose parts are real cadflow workflows on a real server, made by the sandbox. */
@ExtendWith(RealTemporal.class)
final class ManufacturingOnARealServerTest {
    private final String number = "A-" + UUID.randomUUID();
    private final FakeShop shop = new FakeShop();
    private final RealTemporal.Server server;
    private final House house;
    private final WorkerFactory machineShop;

    ManufacturingOnARealServerTest(RealTemporal.Server server, @TempDir Path archive) throws Exception {
        this.server = server;
        // A part whose job was over before a reset is found by its first poll.
        house = House.start(server, archive, "CADFLOW_POLL_FIRST_STANDARD", "3s");
        house.sandbox.pause();
        machineShop = WorkerFactory.newInstance(server.client());
        Worker worker = machineShop.newWorker(number);
        worker.registerWorkflowImplementationTypes(ManufacturingWorkflowImpl.class);
        worker.registerActivitiesImplementations(shop);
        machineShop.start();
    }

    @AfterEach
    void stop() {
        machineShop.shutdownNow();
        house.close();
    }

    @Test
    void partsAreMadeAtOnceReviewedByAPersonAndReleased() {
        ManufacturingWorkflow workflow = order("A 40x20x10mm box", "A 30x30x30mm cube", "A 50x5x5mm bar");
        awaitWaiting("part-1", "part-2", "part-3");
        assertThat(part("part-1").describe().getStaticSummary()).isEqualTo("Part part-1 of order " + number);
        assertThatExceptionOfType(WorkflowUpdateException.class)
                .isThrownBy(() -> workflow.review(new Review("part-1", true, "Ada")))
                .havingCause()
                .withMessageContaining("which is GENERATING");

        finish("part-1", "part-3");
        house.sandbox.fail(jobId("part-2"), "geometry_validation_failed", "The solid is not closed");
        awaitStates(workflow, State.IN_REVIEW, State.FAILED, State.IN_REVIEW);
        workflow.review(new Review("part-1", true, "Ada"));
        workflow.review(new Review("part-3", false, "Ada"));

        List<PartOutcome> parts = WorkflowStub.fromTyped(workflow)
                .getResult(asClass(), new TypeReference<List<PartOutcome>>() {}.getType());
        assertThat(parts).extracting(PartOutcome::state).containsExactly(State.APPROVED, State.FAILED, State.REJECTED);
        assertThat(parts.get(1).reason()).startsWith("geometry_validation_failed: ");
        assertThat(shop.released).containsExactly(parts.get(0).file());
        assertThat(Path.of(shop.released.get(0))).isRegularFile();
        assertThat(house.sandbox.counts().submitsCharged()).isEqualTo(3);
    }

    @Test
    void cancellingTheOrderReachesItsPartsWhichNameTheJobsTheyLeave() {
        ManufacturingWorkflow workflow = order("A 40x20x10mm box", "A 30x30x30mm cube");
        awaitWaiting("part-1", "part-2");

        WorkflowStub.fromTyped(workflow).cancel();

        assertThatExceptionOfType(WorkflowFailedException.class)
                .isThrownBy(() -> WorkflowStub.fromTyped(workflow).getResult(Object.class))
                .withCauseInstanceOf(CanceledFailure.class);
        assertThat(Stream.of("part-1", "part-2").map(this::progress)).allSatisfy(progress -> {
            assertThat(progress.stage()).isEqualTo(CadProgress.Stage.CANCELLED);
            assertThat(progress.jobId()).isNotNull();
        });
    }

    @Test
    void terminatingTheOrderLetsAPaidPartEndWithItsFile() {
        ManufacturingWorkflow workflow = order("A 40x20x10mm box");
        awaitWaiting("part-1");

        WorkflowStub.fromTyped(workflow).terminate("the customer is gone");
        finish("part-1");

        CadResult result = part("part-1").getResult(CadResult.class);
        assertThat(Path.of(result.file().uri())).isRegularFile();
        assertThat(house.sandbox.counts().submitsCharged()).isEqualTo(1);
    }

    @Test
    void anOrderThatIsResetWhileAPartIsMadeBuysNoneAgain() {
        ManufacturingWorkflow workflow = order("A 40x20x10mm box");
        awaitWaiting("part-1");

        reset(workflow);
        Eventually.until(() -> house.sandbox.counts().submitsRepeated() == 1);
        finish("part-1");

        ManufacturingWorkflow again = house.client.newWorkflowStub(ManufacturingWorkflow.class, number);
        awaitStates(again, State.IN_REVIEW);
        assertThat(house.sandbox.counts().submitsCharged()).isEqualTo(1);
    }

    @Test
    void anOrderThatIsResetAfterAPartWasMadeGoesOnWithItsFile() {
        ManufacturingWorkflow workflow = order("A 40x20x10mm box");
        awaitWaiting("part-1");
        finish("part-1");
        awaitStates(workflow, State.IN_REVIEW);

        reset(workflow);

        ManufacturingWorkflow again = house.client.newWorkflowStub(ManufacturingWorkflow.class, number);
        awaitStates(again, State.IN_REVIEW);
        again.review(new Review("part-1", true, "Ada"));
        Eventually.until(() -> shop.released.size() == 1);
        assertThat(Path.of(shop.released.get(0))).isRegularFile();
        assertThat(house.sandbox.counts().submitsCharged()).isEqualTo(1);
    }

    private void reset(ManufacturingWorkflow workflow) {
        String id = WorkflowStub.fromTyped(workflow).getExecution().getWorkflowId();
        server.temporal("workflow", "reset", "--workflow-id", id, "--type", "FirstWorkflowTask", "--reason", "test")
                .orThrow();
    }

    private ManufacturingWorkflow order(String... descriptions) {
        List<Order.Part> parts = Stream.iterate(1, at -> at <= descriptions.length, at -> at + 1)
                .map(at -> new Order.Part("part-" + at, descriptions[at - 1]))
                .toList();
        ManufacturingWorkflow workflow = house.client.newWorkflowStub(
                ManufacturingWorkflow.class,
                WorkflowOptions.newBuilder()
                        .setTaskQueue(number)
                        .setWorkflowId(number)
                        .build());
        WorkflowClient.start(workflow::manufacture, new Order(number, parts, BigDecimal.valueOf(100)));
        return workflow;
    }

    private void awaitWaiting(String... parts) {
        for (String part : parts) {
            house.awaitStage(CadProgress.Stage.WAITING, idOf(part));
        }
    }

    private static void awaitStates(ManufacturingWorkflow workflow, State... states) {
        Eventually.until(
                () -> workflow.parts().stream().map(PartOutcome::state).toList().equals(List.of(states)));
    }

    private void finish(String... parts) {
        for (String part : parts) {
            house.sandbox.finish(jobId(part));
        }
    }

    private String jobId(String part) {
        return String.valueOf(progress(part).jobId());
    }

    private CadProgress progress(String part) {
        return house.progress(idOf(part));
    }

    private WorkflowStub part(String part) {
        return house.client.newUntypedWorkflowStub(idOf(part));
    }

    private String idOf(String part) {
        return Cadflow.workflowId(number + "-" + part);
    }

    @SuppressWarnings("unchecked")
    private static Class<List<PartOutcome>> asClass() {
        return (Class<List<PartOutcome>>) (Class<?>) List.class;
    }
}
