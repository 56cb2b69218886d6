package dev.cadflow.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.core.type.TypeReference;
import dev.cadflow.examples.PartOutcome.State;
import dev.cadflow.workflow.CadProgress;
import dev.cadflow.workflow.CadResult;
import dev.cadflow.workflow.Cadflow;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowFailedException;
import io.temporal.client.WorkflowOptions;
import io.temporal.client.WorkflowStub;
import io.temporal.client.WorkflowUpdateException;
import io.temporal.failure.ApplicationFailure;
import io.temporal.failure.CanceledFailure;
import io.temporal.testing.TestEnvironmentOptions;
import io.temporal.testing.TestWorkflowEnvironment;
import io.temporal.worker.Worker;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class ManufacturingWorkflowTest {
    private static final String SHOP = "shop";

    private final TestWorkflowEnvironment environment = TestWorkflowEnvironment.newInstance(
            TestEnvironmentOptions.newBuilder().setUseTimeskipping(true).build());
    private final FakeShop shop = new FakeShop();
    private final FakeCad cad = new FakeCad();
    private final WorkflowClient client = environment.getWorkflowClient();

    @BeforeEach
    void start() {
        Worker ours = environment.newWorker(SHOP);
        ours.registerWorkflowImplementationTypes(ManufacturingWorkflowImpl.class);
        ours.registerActivitiesImplementations(shop);
        Cadflow.register(environment.newWorker(Cadflow.TASK_QUEUE), cad);
        environment.start();
    }

    @AfterEach
    void stop() {
        environment.close();
    }

    @Test
    void anOrderGoesFromQuoteByGenerationAndReviewToTheShop() {
        ManufacturingWorkflow workflow = order("A 40x20x10mm box", "A bracket", "A cover");
        environment.sleep(Duration.ofSeconds(90));
        assertThat(workflow.parts()).extracting(PartOutcome::state).containsOnly(State.IN_REVIEW);

        approve(workflow, "part-1", "part-2", "part-3");

        List<PartOutcome> parts = resultOf(workflow);
        assertThat(parts).extracting(PartOutcome::part).containsExactly("part-1", "part-2", "part-3");
        assertThat(parts).extracting(PartOutcome::state).containsOnly(State.APPROVED);
        assertThat(shop.released)
                .containsExactlyElementsOf(parts.stream().map(PartOutcome::file).toList());
    }

    @Test
    void thePartsAreMadeAtOnce() {
        ManufacturingWorkflow workflow = order("A box", "A bracket", "A cover");
        environment.sleep(Duration.ofSeconds(30));

        assertThat(cad.submits).hasSize(3);
        assertThat(Stream.of("part-1", "part-2", "part-3").map(this::progress))
                .allSatisfy(progress -> assertThat(progress.stage()).isEqualTo(CadProgress.Stage.WAITING));
        assertThat(workflow.parts()).extracting(PartOutcome::state).containsOnly(State.GENERATING);
    }

    @Test
    void aPartThatCannotBeMadeSaysWhyAndHoldsUpNoOther() {
        ManufacturingWorkflow workflow = order("A box", FakeCad.IMPOSSIBLE);
        environment.sleep(Duration.ofSeconds(90));
        approve(workflow, "part-1");

        assertThat(resultOf(workflow)).last().satisfies(part -> {
            assertThat(part.state()).isEqualTo(State.FAILED);
            assertThat(part.reason()).startsWith("geometry_validation_failed: ");
        });
        assertThat(shop.released).hasSize(1);
    }

    @Test
    void aPartThatTookTooLongIsAdoptedAndNotBoughtAgain() {
        ManufacturingWorkflow workflow = order(FakeCad.SLOW);
        environment.sleep(Duration.ofMinutes(20));
        approve(workflow, "part-1");

        assertThat(resultOf(workflow)).extracting(PartOutcome::state).containsExactly(State.APPROVED);
        assertThat(cad.submits).hasSize(2);
        assertThat(cad.submits.get(1).request().jobId()).isEqualTo("slow_1");
    }

    @Test
    void aRejectedPartDoesNotGoToTheShop() {
        ManufacturingWorkflow workflow = order("A box");
        environment.sleep(Duration.ofSeconds(90));

        PartOutcome outcome = workflow.review(new Review("part-1", false, "Ada"));

        assertThat(outcome.reason()).isEqualTo("rejected by Ada");
        assertThat(resultOf(workflow)).containsExactly(outcome);
        assertThat(shop.released).isEmpty();
    }

    @Test
    void aReviewOfWhatIsNotInReviewIsRefused() {
        ManufacturingWorkflow workflow = order("A box");
        environment.sleep(Duration.ofSeconds(30));

        assertThatExceptionOfType(WorkflowUpdateException.class)
                .isThrownBy(() -> workflow.review(new Review("part-1", true, "Ada")))
                .havingCause()
                .withMessageContaining("expected one that is in review, found \"part-1\", which is GENERATING");
        assertThatExceptionOfType(WorkflowUpdateException.class)
                .isThrownBy(() -> workflow.review(new Review("part-9", true, "Ada")))
                .havingCause()
                .withMessageContaining("which is not of this order");
    }

    @Test
    void anOrderOverItsBudgetBuysNothing() {
        ManufacturingWorkflow workflow = start(new Order("A-18", parts("A box"), BigDecimal.ONE));

        assertThatExceptionOfType(WorkflowFailedException.class)
                .isThrownBy(() -> resultOf(workflow))
                .havingCause()
                .isInstanceOfSatisfying(
                        ApplicationFailure.class,
                        failure -> assertThat(failure.getType()).isEqualTo(ManufacturingWorkflow.OVER_BUDGET));
        assertThat(cad.submits).isEmpty();
    }

    @Test
    void cancellingTheOrderCancelsItsPartsAndLeavesTheirJobsNamed() {
        ManufacturingWorkflow workflow = order("A box", FakeCad.SLOW);
        environment.sleep(Duration.ofSeconds(30));
        WorkflowStub.fromTyped(workflow).cancel();

        assertThatExceptionOfType(WorkflowFailedException.class)
                .isThrownBy(() -> resultOf(workflow))
                .withCauseInstanceOf(CanceledFailure.class);
        assertThat(Stream.of("part-1", "part-2").map(this::progress)).allSatisfy(progress -> {
            assertThat(progress.stage()).isEqualTo(CadProgress.Stage.CANCELLED);
            assertThat(progress.jobId()).isNotNull();
        });
    }

    @Test
    void terminatingTheOrderLetsAPaidPartEndWithItsFile() {
        ManufacturingWorkflow workflow = order("A box");
        environment.sleep(Duration.ofSeconds(30));
        WorkflowStub.fromTyped(workflow).terminate("the customer is gone");

        CadResult file = client.newUntypedWorkflowStub(childId("part-1")).getResult(CadResult.class);
        assertThat(file.jobId()).isEqualTo("done_1");
        assertThat(cad.archives).hasSize(1);
    }

    private ManufacturingWorkflow order(String... descriptions) {
        return start(new Order("A-17", parts(descriptions), BigDecimal.valueOf(100)));
    }

    private static List<Order.Part> parts(String... descriptions) {
        return Stream.iterate(1, number -> number <= descriptions.length, number -> number + 1)
                .map(number -> new Order.Part("part-" + number, descriptions[number - 1]))
                .toList();
    }

    private ManufacturingWorkflow start(Order order) {
        ManufacturingWorkflow workflow = client.newWorkflowStub(
                ManufacturingWorkflow.class,
                WorkflowOptions.newBuilder()
                        .setTaskQueue(SHOP)
                        .setWorkflowRunTimeout(Duration.ofDays(60))
                        .setMemo(Map.of("customer", "Ada"))
                        .build());
        WorkflowClient.start(workflow::manufacture, order);
        return workflow;
    }

    private static void approve(ManufacturingWorkflow workflow, String... parts) {
        for (String part : parts) {
            workflow.review(new Review(part, true, "Ada"));
        }
    }

    @SuppressWarnings("unchecked")
    private static List<PartOutcome> resultOf(ManufacturingWorkflow workflow) {
        return WorkflowStub.fromTyped(workflow)
                .getResult(
                        (Class<List<PartOutcome>>) (Class<?>) List.class,
                        new TypeReference<List<PartOutcome>>() {}.getType());
    }

    private CadProgress progress(String part) {
        return client.newUntypedWorkflowStub(childId(part)).query("progress", CadProgress.class);
    }

    private static String childId(String part) {
        return Cadflow.workflowId("A-17-" + part);
    }
}
