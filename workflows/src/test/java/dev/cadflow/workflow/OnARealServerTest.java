package dev.cadflow.workflow;

import static dev.cadflow.workflow.ScriptedActivities.JOB;
import static dev.cadflow.workflow.ScriptedActivities.succeeded;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cadflow.activity.SubmitInput;
import dev.cadflow.activity.SubmitResult;
import dev.cadflow.workflow.testing.Eventually;
import dev.cadflow.workflow.testing.RealTemporal;
import io.temporal.api.enums.v1.EventType;
import io.temporal.api.enums.v1.WorkflowExecutionStatus;
import io.temporal.api.history.v1.HistoryEvent;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowOptions;
import io.temporal.client.WorkflowStub;
import io.temporal.common.RetryOptions;
import io.temporal.worker.Worker;
import io.temporal.worker.WorkerFactory;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(RealTemporal.class)
final class OnARealServerTest {
    private final RealTemporal.Server server;
    private final String taskQueue = "cadflow-" + UUID.randomUUID();
    private final ScriptedActivities activities = new ScriptedActivities(Instant::now);
    private final WorkflowClient client;
    private final WorkerFactory factory;

    OnARealServerTest(RealTemporal.Server server) {
        this.server = server;
        this.client = server.client();
        this.factory = WorkerFactory.newInstance(client);
    }

    @BeforeEach
    void start() {
        Worker worker = factory.newWorker(taskQueue);
        Cadflow.register(worker, activities);
        factory.start();
    }

    @AfterEach
    void stop() {
        factory.shutdownNow();
    }

    @Test
    void aResetOfAFinishedWorkflowSubmitsUnderTheSameKey() throws Exception {
        WorkflowStub workflow = startBox();
        workflow.signal("jobFinished", succeeded(JOB));
        workflow.getResult(CadResult.class);

        reset(workflow);
        WorkflowStub again =
                client.newUntypedWorkflowStub(workflow.getExecution().getWorkflowId());
        again.signal("jobFinished", succeeded(JOB));

        assertThat(again.getResult(CadResult.class).jobId()).isEqualTo(JOB);
        assertThat(activities.submits).hasSize(2);
        assertThat(distinctKeys()).hasSize(1);
    }

    @Test
    void aResetOfAWaitingWorkflowSubmitsUnderTheSameKey() throws Exception {
        WorkflowStub workflow = startBox();
        Eventually.until(() -> has(workflow, EventType.EVENT_TYPE_TIMER_STARTED));

        reset(workflow);
        Eventually.until(() -> activities.submits.size() == 2);

        WorkflowStub again =
                client.newUntypedWorkflowStub(workflow.getExecution().getWorkflowId());
        again.signal("jobFinished", succeeded(JOB));
        assertThat(again.getResult(CadResult.class).jobId()).isEqualTo(JOB);
        assertThat(distinctKeys()).hasSize(1);
    }

    @Test
    void aRunThatTheServerStartsAnewAfterATimeoutAsksForTheSameJob() {
        WorkflowStub workflow = client.newUntypedWorkflowStub(
                Cadflow.WORKFLOW_TYPE,
                options()
                        .setWorkflowRunTimeout(Duration.ofSeconds(3))
                        .setRetryOptions(RetryOptions.newBuilder()
                                .setInitialInterval(Duration.ofSeconds(1))
                                .setMaximumAttempts(3)
                                .build())
                        .build());
        workflow.start(CadRequest.of("A box"));

        Eventually.until(() -> activities.submits.size() == 2);
        assertThat(distinctKeys()).hasSize(1);
    }

    @Test
    void twoWorkflowsBuyUnderDifferentKeysOfUuidVersion4Shape() {
        startBox();
        startBox();

        Eventually.until(() -> activities.submits.size() == 2);
        assertThat(distinctKeys()).hasSize(2).allSatisfy(key -> {
            assertThat(key.version()).isEqualTo(4);
            assertThat(key.variant()).isEqualTo(2);
        });
    }

    @Test
    void workflowsThatShareAnIdempotencyKeyBuyOneJobForTheSamePart() {
        CadRequest.Builder order = CadRequest.builder().idempotencyKey("order-7/bracket");
        CadRequest box = order.prompt("A box").build();
        CadRequest sphere = order.prompt("A sphere").build();

        for (CadRequest request : List.of(box, box, sphere)) {
            client.newUntypedWorkflowStub(Cadflow.WORKFLOW_TYPE, options().build())
                    .start(request);
        }

        Eventually.until(() -> activities.submits.size() == 3);
        assertThat(activities.submits)
                .filteredOn(submit -> submit.request().equals(box))
                .extracting(SubmitInput::idempotencyKey)
                .satisfies(keys -> assertThat(keys.get(0)).isEqualTo(keys.get(1)));
        assertThat(distinctKeys()).hasSize(2);
    }

    @Test
    void summariesAndDetailsAreThereForTheWebUi() throws Exception {
        WorkflowStub workflow = startBox();
        Eventually.until(() -> has(workflow, EventType.EVENT_TYPE_TIMER_STARTED));

        assertThat(summaries(workflow))
                .contains("\"Submit: standard STEP\"", "\"Wait for job " + JOB + ", then poll\"");
        String metadata = server.temporal("workflow", "metadata", "--workflow-id", idOf(workflow), "--output", "json")
                .orThrow();
        assertThat(metadata).contains("**Waiting for Makistry's webhook** since", JOB, "asked for at");
    }

    @Test
    void aSummaryOfAnyTextIsShortEnoughForTheServer() {
        String key = "図".repeat(80) + "/" + "木".repeat(60) + "/" + "板".repeat(50);
        WorkflowStub workflow = client.newUntypedWorkflowStub(
                Cadflow.WORKFLOW_TYPE,
                options().setStaticSummary(Cadflow.summary("\"".repeat(500))).build());
        workflow.start(CadRequest.builder().prompt("A box").archiveKey(key).build());
        workflow.signal("jobFinished", succeeded(JOB));

        assertThat(workflow.getResult(CadResult.class).jobId()).isEqualTo(JOB);
        assertThat(summaries(workflow)).contains("\"Archive " + key.substring(0, 64) + "…\"");
        assertThat(Cadflow.summary(" A box \n\u0007 of\tsteel ")).isEqualTo("A box of steel");
    }

    @Test
    void anArchiveThatIsDownShowsWhyAndHowMuchTimeIsLeft() throws Exception {
        activities.whenArchived(input -> {
            throw CadFailure.of(FailureType.ARCHIVE_UNAVAILABLE, "expected the store, found nobody who listens")
                    .toApplicationFailure(null);
        });
        WorkflowStub workflow = startBox();
        Instant expiry = Instant.now().plus(Duration.ofDays(12)).plus(Duration.ofMinutes(90));
        workflow.signal("jobFinished", ScriptedActivities.expiring(JOB, expiry));
        Eventually.until(() -> activities.archives.size() == 2);

        String metadata = server.temporal("workflow", "metadata", "--workflow-id", idOf(workflow), "--output", "json")
                .orThrow();
        assertThat(metadata)
                .contains(
                        "**Archiving the file** since",
                        "Makistry keeps the file until "
                                + expiry.truncatedTo(ChronoUnit.MINUTES)
                                        .toString()
                                        .substring(0, 16),
                        "leaves 12 d 1 h",
                        "tried again");
        assertThat(server.temporal("workflow", "describe", "--workflow-id", idOf(workflow), "--output", "json")
                        .orThrow())
                .contains("found nobody who listens", "archive_unavailable");

        activities.whenArchived(ScriptedActivities::archived);
        assertThat(workflow.getResult(CadResult.class).jobId()).isEqualTo(JOB);
        assertThat(activities.submits).hasSize(1);
    }

    @Test
    void theHistoryOfAWebhookJobIsShort() {
        WorkflowStub workflow = startBox();
        Eventually.until(() -> has(workflow, EventType.EVENT_TYPE_TIMER_STARTED));
        workflow.signal("jobFinished", succeeded(JOB));
        workflow.getResult(CadResult.class);

        assertThat(history(workflow)).hasSizeLessThanOrEqualTo(26);
        assertThat(client.fetchHistory(idOf(workflow)).getHistory().getSerializedSize())
                .isLessThanOrEqualTo(12 * 1024);
    }

    @Test
    void aWorkflowThatIsCancelledWhileItSubmitsStillLearnsItsJob() throws Exception {
        CountDownLatch submitting = new CountDownLatch(1);
        CountDownLatch cancelled = new CountDownLatch(1);
        activities.whenSubmitted(input -> {
            submitting.countDown();
            awaitQuietly(cancelled);
            return new SubmitResult(JOB, ScriptedActivities.WITH_CALLBACK, 1);
        });
        WorkflowStub workflow = startBox();
        submitting.await();
        workflow.cancel();
        Eventually.until(() -> has(workflow, EventType.EVENT_TYPE_ACTIVITY_TASK_CANCEL_REQUESTED));
        cancelled.countDown();

        Eventually.until(
                () -> workflow.describe().getStatus() == WorkflowExecutionStatus.WORKFLOW_EXECUTION_STATUS_CANCELED);
        CadProgress progress = workflow.query("progress", CadProgress.class);
        assertThat(progress.stage()).isEqualTo(CadProgress.Stage.CANCELLED);
        assertThat(progress.jobId()).isEqualTo(JOB);
    }

    private WorkflowStub startBox() {
        WorkflowStub workflow =
                client.newUntypedWorkflowStub(Cadflow.WORKFLOW_TYPE, options().build());
        workflow.start(CadRequest.of("A 40x20x10mm box"));
        return workflow;
    }

    private WorkflowOptions.Builder options() {
        return WorkflowOptions.newBuilder().setTaskQueue(taskQueue).setWorkflowId("box-" + UUID.randomUUID());
    }

    private void reset(WorkflowStub workflow) {
        server.temporal(
                        "workflow",
                        "reset",
                        "--workflow-id",
                        idOf(workflow),
                        "--type",
                        "FirstWorkflowTask",
                        "--reason",
                        "test")
                .orThrow();
    }

    private List<UUID> distinctKeys() {
        return activities.submits.stream()
                .map(SubmitInput::idempotencyKey)
                .distinct()
                .toList();
    }

    private List<HistoryEvent> history(WorkflowStub workflow) {
        return client.fetchHistory(idOf(workflow)).getEvents();
    }

    private boolean has(WorkflowStub workflow, EventType type) {
        return history(workflow).stream().anyMatch(event -> event.getEventType() == type);
    }

    private List<String> summaries(WorkflowStub workflow) {
        return history(workflow).stream()
                .map(event -> event.getUserMetadata().getSummary().getData().toStringUtf8())
                .toList();
    }

    private static String idOf(WorkflowStub workflow) {
        return workflow.getExecution().getWorkflowId();
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
