package dev.cadflow.workflow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cadflow.workflow.testing.Eventually;
import dev.cadflow.workflow.testing.RealTemporal;
import io.temporal.client.WorkflowClient;
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

@ExtendWith(RealTemporal.class)
final class BatchOnARealServerTest {
    private final String taskQueue = "cadflow-" + UUID.randomUUID();
    private final String batchId = "batch-" + UUID.randomUUID();
    private final PartActivities activities = new PartActivities(Duration.ofMillis(100));
    private final InMemoryBatches batches = new InMemoryBatches();
    private final WorkflowClient client;
    private WorkerFactory factory;

    BatchOnARealServerTest(RealTemporal.Server server) {
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
}
