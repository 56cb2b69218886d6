package dev.cadflow.benchmarks;

import dev.cadflow.worker.codec.AesGcmPayloadCodec;
import dev.cadflow.worker.codec.CodecKeys;
import dev.cadflow.workflow.CadResult;
import dev.cadflow.workflow.Cadflow;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowClientOptions;
import io.temporal.client.WorkflowStub;
import io.temporal.worker.Worker;
import io.temporal.worker.WorkerFactory;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;

/** How many events and bytes one job leaves behind. */
public final class HistoryBenchmark {
    private HistoryBenchmark() {}

    /** Takes no arguments. */
    public static void main(String[] args) throws IOException {
        System.out.print(run());
    }

    /** The figures in words, one line each. */
    static String run() throws IOException {
        try (DevServer server = DevServer.inMemory()) {
            WorkflowClient plain = server.client();
            WorkflowClient encrypting = encrypting(server);
            return "webhook job: " + byWebhook(plain, "webhook") + "\npolled job: " + byPoll(plain, "poll")
                    + "\nencrypted webhook job: " + byWebhook(encrypting, "encrypted") + "\n";
        }
    }

    /** A client whose payloads are encrypted under a key of its own. */
    static WorkflowClient encrypting(DevServer server) {
        byte[] key = new byte[32];
        new SecureRandom().nextBytes(key);
        CodecKeys keys = CodecKeys.parse("bench:" + Base64.getEncoder().encodeToString(key));
        return server.client(AesGcmPayloadCodec.encrypting(WorkflowClientOptions.newBuilder(), keys)
                .build());
    }

    static HistorySize byWebhook(WorkflowClient client, String workflowId) {
        EmptyActivities activities = new EmptyActivities(EmptyActivities.BY_WEBHOOK, submitted -> {});
        WorkerFactory factory = startWorker(client, workflowId, activities);
        try {
            WorkflowStub workflow =
                    Workflows.start(client, workflowId, Cadflow.WORKFLOW_TYPE, workflowId, Workflows.REQUEST);
            // The usual order: the workflow is waiting when the webhook comes.
            Workflows.await(
                    "a timer",
                    Duration.ofSeconds(30),
                    () -> client.fetchHistory(workflowId).getEvents().stream()
                            .anyMatch(event -> event.hasTimerStartedEventAttributes()));
            workflow.signal("jobFinished", EmptyActivities.finished(EmptyActivities.jobId(workflowId)));
            workflow.getResult(CadResult.class);
            return HistorySize.of(client, workflowId);
        } finally {
            factory.shutdownNow();
        }
    }

    private static HistorySize byPoll(WorkflowClient client, String workflowId) {
        WorkerFactory factory =
                startWorker(client, workflowId, new EmptyActivities(EmptyActivities.BY_POLL, submitted -> {}));
        try {
            Workflows.start(client, workflowId, Cadflow.WORKFLOW_TYPE, workflowId, Workflows.REQUEST)
                    .getResult(CadResult.class);
            return HistorySize.of(client, workflowId);
        } finally {
            factory.shutdownNow();
        }
    }

    private static WorkerFactory startWorker(WorkflowClient client, String taskQueue, EmptyActivities activities) {
        WorkerFactory factory = WorkerFactory.newInstance(client);
        Worker worker = factory.newWorker(taskQueue);
        Cadflow.register(worker, activities);
        factory.start();
        return factory;
    }
}
