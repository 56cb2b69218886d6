package dev.cadflow.workflow;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.cadflow.activity.BatchPart;
import dev.cadflow.activity.SubmitInput;
import dev.cadflow.workflow.testing.Eventually;
import dev.cadflow.workflow.testing.RealTemporal;
import io.temporal.api.enums.v1.WorkflowExecutionStatus;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowNotFoundException;
import io.temporal.client.WorkflowOptions;
import io.temporal.client.WorkflowStub;
import io.temporal.worker.Worker;
import io.temporal.worker.WorkerFactory;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@ExtendWith(RealTemporal.class)
final class BatchOnARealServerTest {
    private final String taskQueue = "cadflow-" + UUID.randomUUID();
    private final String batchId = "batch-" + UUID.randomUUID();
    private final PartActivities activities = new PartActivities(Duration.ofMillis(100));
    private final InMemoryBatches batches = new InMemoryBatches();
    private final RealTemporal.Server server;
    private final WorkflowClient client;
    private WorkerFactory factory;

    BatchOnARealServerTest(RealTemporal.Server server) {
        this.server = server;
        this.client = server.client();
        this.factory = startWorker();
    }

    @AfterEach
    void stop() {
        factory.shutdownNow();
    }

    @Test
    void dozensOfPartsAreMadeThoughTheWorkerIsReplacedMeanwhile() {
        List<CadRequest> requests = IntStream.rangeClosed(1, 24)
                .mapToObj(number -> CadRequest.of(number == 7 ? PartActivities.REFUSED : "Box " + number))
                .toList();
        WorkflowStub batch = start(CadBatchRequest.of(requests).withAtOnce(8));
        Eventually.until(() -> progress().counts().succeeded() >= 5);

        factory.shutdown();
        factory.awaitTermination(20, TimeUnit.SECONDS);
        factory = startWorker();

        CadBatchResult result = batch.getResult(CadBatchResult.class);
        assertThat(result.counts()).isEqualTo(new CadBatchCounts(24, 23, 1, 0, 0, 0));
        assertThat(result.parts())
                .extracting(CadBatchPart::workflowId)
                .hasSize(24)
                .doesNotHaveDuplicates()
                .contains(batchId + "/24");
        assertThat(client.newUntypedWorkflowStub(batchId + "/24").describe().getStaticSummary())
                .isEqualTo("Part 24");
        assertThat(activities.submits)
                .extracting(submit -> submit.idempotencyKey())
                .satisfies(keys -> assertThat(keys.stream().distinct()).hasSize(24));
    }

    @Test
    void aPartThatIsTerminatedFailsAlone() {
        WorkflowStub batch =
                start(CadBatchRequest.of(List.of(CadRequest.of("Box"), CadRequest.of(PartActivities.ENDLESS))));
        Eventually.until(
                () -> progress().counts().succeeded() == 1 && progress().running() == 1);

        client.newUntypedWorkflowStub(batchId + "/2").terminate("test");

        CadBatchResult result = batch.getResult(CadBatchResult.class);
        assertThat(result.counts()).isEqualTo(new CadBatchCounts(2, 1, 1, 0, 0, 0));
        assertThat(result.failures()).singleElement().satisfies(part -> {
            assertThat(part.failure()).isNotNull();
            assertThat(part.failure().type()).isEqualTo("terminated");
        });
    }

    @Test
    void thePartsOfATerminatedBatchAreCancelledAndNameTheirJobs() {
        WorkflowStub batch = start(CadBatchRequest.of(
                List.of(CadRequest.of(PartActivities.ENDLESS), CadRequest.of(PartActivities.ENDLESS))));
        Eventually.until(() -> isWaiting(1) && isWaiting(2));

        batch.terminate("test");

        Eventually.until(() -> isCancelled(1) && isCancelled(2));
        assertThat(activities.submits)
                .hasSize(2)
                .allSatisfy(submit -> assertThat(client.newUntypedWorkflowStub(submit.workflowId())
                                .query("progress", CadProgress.class)
                                .jobId())
                        .isEqualTo(PartActivities.jobId(submit)));
    }

    @Test
    void aResetOfAFinishedBatchBuysNothingTwice() {
        batches.list(List.of(part(1, "Box"), part(2, PartActivities.FAILING)));
        start(CadBatchRequest.ofFile(InMemoryBatches.FILE)).getResult(CadBatchResult.class);

        reset("FirstWorkflowTask");

        CadBatchResult again = client.newUntypedWorkflowStub(batchId).getResult(CadBatchResult.class);
        assertThat(again.counts()).isEqualTo(new CadBatchCounts(2, 0, 1, 0, 1, 0));
        assertThat(activities.submits).hasSize(3);
        assertThat(distinctKeys()).hasSize(2);
    }

    @ParameterizedTest
    @CsvSource({"FirstWorkflowTask, 0, 3", "LastWorkflowTask, 3, 0"})
    void aResetOfABatchInWorkBuysNothingTwiceAndLosesNoPart(String toWhere, int succeeded, int alreadyStarted) {
        start(CadBatchRequest.of(
                        List.of(CadRequest.of("Box"), CadRequest.of(PartActivities.ENDLESS), CadRequest.of("Cover")))
                .withAtOnce(2));
        Eventually.until(() -> progress().counts().succeeded() == 2 && isWaiting(2));

        reset(toWhere);
        finish(2);

        CadBatchResult result = client.newUntypedWorkflowStub(batchId).getResult(CadBatchResult.class);
        assertThat(result.counts()).isEqualTo(new CadBatchCounts(3, succeeded, 0, 0, alreadyStarted, 0));
        assertThat(part(2).getResult(CadResult.class).file()).isNotNull();
        assertThat(activities.submits).hasSize(3);
    }

    private WorkerFactory startWorker() {
        WorkerFactory started = WorkerFactory.newInstance(client);
        Worker worker = started.newWorker(taskQueue);
        Cadflow.register(worker, activities, batches);
        started.start();
        return started;
    }

    private WorkflowStub start(CadBatchRequest request) {
        WorkflowStub batch = client.newUntypedWorkflowStub(
                Cadflow.BATCH_WORKFLOW_TYPE,
                WorkflowOptions.newBuilder()
                        .setTaskQueue(taskQueue)
                        .setWorkflowId(batchId)
                        .build());
        batch.start(request);
        return batch;
    }

    private CadBatchProgress progress() {
        return client.newUntypedWorkflowStub(batchId).query("progress", CadBatchProgress.class);
    }

    private static BatchPart part(int number, String prompt) {
        return BatchPart.of(number, null, JsonNodeFactory.instance.objectNode().put("prompt", prompt));
    }

    private void reset(String toWhere) {
        server.temporal("workflow", "reset", "--workflow-id", batchId, "--type", toWhere, "--reason", "test")
                .orThrow();
    }

    private WorkflowStub part(int number) {
        return client.newUntypedWorkflowStub(Cadflow.partWorkflowId(batchId, Integer.toString(number)));
    }

    private boolean isWaiting(int part) {
        try {
            return part(part).query("progress", CadProgress.class).stage() == CadProgress.Stage.WAITING;
        } catch (WorkflowNotFoundException notYet) {
            return false;
        }
    }

    private boolean isCancelled(int part) {
        return part(part).describe().getStatus() == WorkflowExecutionStatus.WORKFLOW_EXECUTION_STATUS_CANCELED;
    }

    private long submits(int part) {
        return activities.submits.stream()
                .filter(submit -> submit.workflowId().endsWith("/" + part))
                .count();
    }

    private void finish(int part) {
        SubmitInput submitted = activities.submits.stream()
                .filter(submit -> submit.workflowId().endsWith("/" + part))
                .findFirst()
                .orElseThrow();
        part(part).signal("jobFinished", ScriptedActivities.succeeded(PartActivities.jobId(submitted)));
    }

    private List<UUID> distinctKeys() {
        return activities.submits.stream()
                .map(SubmitInput::idempotencyKey)
                .distinct()
                .toList();
    }
}
