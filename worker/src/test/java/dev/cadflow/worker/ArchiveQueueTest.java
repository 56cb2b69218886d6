package dev.cadflow.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cadflow.sandbox.SandboxOptions;
import dev.cadflow.sandbox.SandboxServer;
import dev.cadflow.worker.testing.Eventually;
import dev.cadflow.worker.testing.RealTemporal;
import dev.cadflow.workflow.CadProgress;
import dev.cadflow.workflow.CadRequest;
import io.temporal.api.enums.v1.EventType;
import io.temporal.client.WorkflowClient;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A fleet in which one worker has the archive's disk. */
final class ArchiveQueueTest {
    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    private Path folder;

    @Test
    void aWorkerWithoutTheArchiveLeavesArchivingToTheOneThatHasIt() throws Exception {
        try (RealTemporal temporal = RealTemporal.start();
                SandboxServer sandbox = SandboxServer.start(
                        SandboxOptions.builder().timeScale(0.005).build())) {
            WorkflowClient client = temporal.client();
            Bench bench = new Bench(sandbox, client, folder);
            try (WorkerRuntime front = WorkerRuntime.start(config(bench, "elsewhere", "0"), client)) {
                bench.start("cadflow-box", CadRequest.of("A box"));
                Eventually.assertThat(() -> bench.progress("cadflow-box").stage() == CadProgress.Stage.ARCHIVING);
                assertThat(bench.progress("cadflow-box").jobId()).isNotNull();

                try (WorkerRuntime archiver = WorkerRuntime.start(config(bench, "archive", "1"), client)) {
                    assertThat(archiver.webhookUrl()).isNotEqualTo(front.webhookUrl());
                    assertThat(Path.of(bench.result("cadflow-box").file().uri()))
                            .isRegularFile()
                            .startsWith(folder.resolve("archive"));
                }
            }
            assertThat(folder.resolve("elsewhere")).doesNotExist();
            assertThat(client.fetchHistory("cadflow-box").getEvents())
                    .filteredOn(event -> event.getEventType() == EventType.EVENT_TYPE_ACTIVITY_TASK_SCHEDULED)
                    .extracting(event -> event.getActivityTaskScheduledEventAttributes()
                            .getTaskQueue()
                            .getName())
                    .containsExactly("cadflow", "cadflow-archive");
        }
    }

    private WorkerConfig config(Bench bench, String archive, String archivesAtOnce) {
        return bench.config(
                        "CADFLOW_ARCHIVE",
                        folder.resolve(archive).toString(),
                        "CADFLOW_ARCHIVE_TASK_QUEUE",
                        "cadflow-archive",
                        "CADFLOW_ARCHIVES_AT_ONCE",
                        archivesAtOnce)
                .withReceiverAsCallback();
    }
}
