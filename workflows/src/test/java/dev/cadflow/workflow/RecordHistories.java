package dev.cadflow.workflow;

import dev.cadflow.workflow.testing.Eventually;
import dev.cadflow.workflow.testing.RealTemporal;
import io.temporal.api.enums.v1.EventType;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowFailedException;
import io.temporal.client.WorkflowOptions;
import io.temporal.client.WorkflowStub;
import io.temporal.common.WorkflowExecutionHistory;
import io.temporal.worker.Worker;
import io.temporal.worker.WorkerFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * Records the histories of the main stories on a real server, for {@link ReplayTest} to replay for ever after. Run at
 * each release; CONTRIBUTING.md has the command.
 */
final class RecordHistories {
    private RecordHistories() {}

    /** Takes the folder to write to, such as {@code src/test/resources/histories/0.2.0}. */
    public static void main(String[] args) throws IOException {
        if (args.length != 1) {
            System.err.println("expected one argument, the folder to write to");
            System.exit(2);
        }
        Path folder = Files.createDirectories(Path.of(args[0]));
        try (RealTemporal.Server server = RealTemporal.Server.start()) {
            RealTemporal.createSearchAttributes(server);
            for (Story story : Story.values()) {
                write(folder.resolve(story.fileName()), record(story, server.client()));
            }
            for (BatchStory story : BatchStory.values()) {
                List<WorkflowExecutionHistory> runs = record(story, server.client());
                for (int run = 0; run < story.runs(); run++) {
                    write(folder.resolve(story.fileNames().get(run)), runs.get(run));
                }
            }
        }
    }

    private static void write(Path file, WorkflowExecutionHistory history) throws IOException {
        Files.writeString(file, history.toJson(true) + "\n");
        System.err.println("recorded " + file);
    }

    private static WorkflowExecutionHistory record(Story story, WorkflowClient client) {
        String taskQueue = "record-" + story.fileName();
        ScriptedActivities activities = new ScriptedActivities(Instant::now);
        story.script(activities);
        WorkerFactory factory = WorkerFactory.newInstance(client);
        Worker worker = factory.newWorker(taskQueue);
        Cadflow.register(worker, activities);
        factory.start();
        try {
            WorkflowStub workflow = client.newUntypedWorkflowStub(
                    Cadflow.WORKFLOW_TYPE,
                    WorkflowOptions.newBuilder()
                            .setTaskQueue(taskQueue)
                            .setWorkflowId("box-" + story.fileName())
                            .build());
            workflow.start(story.request());
            if (story.signal().isPresent() || story.isCancelled()) {
                awaitTimer(client, workflow);
                Eventually.until(() -> story.isDue(activities));
            }
            story.signal().ifPresent(job -> workflow.signal("jobFinished", job));
            if (story.isCancelled()) {
                workflow.cancel();
            }
            awaitEnd(workflow);
            return client.fetchHistory(workflow.getExecution().getWorkflowId());
        } finally {
            factory.shutdownNow();
        }
    }

    private static List<WorkflowExecutionHistory> record(BatchStory story, WorkflowClient client) {
        String taskQueue = "record-" + story;
        InMemoryBatches batches = new InMemoryBatches();
        CadBatchRequest request = story.request(batches);
        WorkerFactory factory = WorkerFactory.newInstance(client);
        Worker worker = factory.newWorker(taskQueue);
        Cadflow.register(worker, new PartActivities(Duration.ofMillis(100)), batches);
        factory.start();
        try {
            WorkflowStub batch = client.newUntypedWorkflowStub(
                    Cadflow.BATCH_WORKFLOW_TYPE,
                    WorkflowOptions.newBuilder()
                            .setTaskQueue(taskQueue)
                            .setWorkflowId("batch-" + story)
                            .build());
            batch.start(request);
            if (story.isCancelled()) {
                Eventually.until(() ->
                        batch.query("progress", CadBatchProgress.class).counts().succeeded() > 0);
                batch.cancel();
            }
            awaitEnd(batch);
            return RealBed.runs(client, batch.getExecution());
        } finally {
            factory.shutdownNow();
        }
    }

    private static void awaitTimer(WorkflowClient client, WorkflowStub workflow) {
        Eventually.until(() -> client.fetchHistory(workflow.getExecution().getWorkflowId()).getEvents().stream()
                .anyMatch(event -> event.getEventType() == EventType.EVENT_TYPE_TIMER_STARTED));
    }

    private static void awaitEnd(WorkflowStub workflow) {
        try {
            workflow.getResult(Object.class);
        } catch (WorkflowFailedException expected) {
            // Some stories end so.
        }
    }
}
