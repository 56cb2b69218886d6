package dev.cadflow.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cadflow.sandbox.SandboxJob;
import dev.cadflow.sandbox.SandboxOptions;
import dev.cadflow.sandbox.SandboxServer;
import dev.cadflow.worker.testing.RealTemporal;
import dev.cadflow.workflow.CadRequest;
import io.temporal.api.history.v1.HistoryEvent;
import io.temporal.client.WorkflowClient;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A fleet whose submits and polls go to a task queue of their own, on a real server. */
final class FleetRateTest {
    private static final int JOBS = 16;
    private static final int PER_SECOND = 4;
    /** The server spreads a task queue over four partitions, and each may begin with one task. */
    private static final int PARTITIONS = 4;

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    private Path folder;

    @Test
    void theServerKeepsTheRateOfTwoWorkersTogether() throws Exception {
        try (RealTemporal temporal = RealTemporal.start();
                SandboxServer sandbox = SandboxServer.start(
                        SandboxOptions.builder().timeScale(0.005).noQuota().build())) {
            WorkflowClient client = temporal.client();
            Bench bench = new Bench(sandbox, client, folder);
            WorkerConfig config = bench.config(
                            "CADFLOW_API_TASK_QUEUE", "cadflow-api",
                            "CADFLOW_API_REQUESTS_PER_HOUR", Integer.toString(PER_SECOND * 3600),
                            "CADFLOW_QUOTA_PER_MINUTE", "1000",
                            "CADFLOW_QUOTA_PER_HOUR", "1000")
                    .withReceiverAsCallback();
            try (WorkerRuntime one = WorkerRuntime.start(config, client);
                    WorkerRuntime two = WorkerRuntime.start(config, client)) {
                assertThat(one.operationsUrl()).isNotEqualTo(two.operationsUrl());
                for (int i = 0; i < JOBS; i++) {
                    bench.start("cadflow-fleet-" + i, CadRequest.of("A box"));
                }
                for (int i = 0; i < JOBS; i++) {
                    assertThat(bench.result("cadflow-fleet-" + i).makistryRequests())
                            .isEqualTo(1);
                }
            }
            List<Instant> submits =
                    sandbox.jobs().stream().map(SandboxJob::createdAt).sorted().toList();
            // A lower bound alone: a busy machine is slower, and nothing makes the server faster.
            assertThat(Duration.between(submits.get(0), submits.get(JOBS - 1)))
                    .isGreaterThan(
                            Duration.ofSeconds((JOBS - PARTITIONS) / PER_SECOND).minusMillis(500));
            assertThat(taskQueues(client, "cadflow-fleet-0"))
                    .isEqualTo(Map.of("SubmitCadJob", "cadflow-api", "ArchiveCadFile", "cadflow"));
        }
    }

    private static Map<String, String> taskQueues(WorkflowClient client, String workflowId) {
        return client.fetchHistory(workflowId).getEvents().stream()
                .filter(HistoryEvent::hasActivityTaskScheduledEventAttributes)
                .map(HistoryEvent::getActivityTaskScheduledEventAttributes)
                .collect(Collectors.toMap(
                        event -> event.getActivityType().getName(),
                        event -> event.getTaskQueue().getName()));
    }
}
