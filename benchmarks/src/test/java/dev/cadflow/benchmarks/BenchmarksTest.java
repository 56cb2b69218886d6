package dev.cadflow.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cadflow.workflow.testing.RealTemporal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Each benchmark fails by itself where a workflow does not end; here they run with few, so that they stay usable. */
@ExtendWith(RealTemporal.class)
final class BenchmarksTest {
    @Test
    void waitingWorkflowsSurviveARestartOfWorkerAndServer() throws Exception {
        assertThat(WaitingBenchmark.run(50)).startsWith("50 workflows waited on one worker of -Xmx512m");
    }

    @Test
    void workflowsEndUnderEverySettingThatIsCompared() throws Exception {
        assertThat(SettingsBenchmark.run(20, 1).lines())
                .hasSize(SettingsBenchmark.Settings.values().length)
                .allMatch(line -> line.endsWith(" of the defaults") || line.startsWith("DEFAULTS: "));
    }

    @Test
    void aBatchFromAFileIsMade() throws Exception {
        assertThat(BatchBenchmark.run(50)).startsWith("batch of 50 parts: ");
    }

    @Test
    void aWebhookJobLeavesAShortHistoryEncryptedToo() throws Exception {
        try (DevServer server = DevServer.inMemory()) {
            HistorySize plain = HistoryBenchmark.byWebhook(server.client(), "plain");
            HistorySize encrypted = HistoryBenchmark.byWebhook(HistoryBenchmark.encrypting(server), "encrypted");

            assertThat(plain.events()).isLessThanOrEqualTo(26).isEqualTo(encrypted.events());
            assertThat(plain.bytes()).isLessThanOrEqualTo(12 * 1024);
            assertThat(encrypted.bytes()).isLessThanOrEqualTo(12 * 1024);
        }
    }
}
