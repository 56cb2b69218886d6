package dev.cadflow.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cadflow.workflow.testing.RealTemporal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Each benchmark fails by itself where a workflow does not end; here they run with some hundreds at most. */
@ExtendWith(RealTemporal.class)
final class BenchmarksTest {
    @Test
    @Timeout(300)
    void waitingWorkflowsSurviveARestartOfWorkerAndServer() throws Exception {
        assertThat(WaitingBenchmark.run(200)).startsWith("200 workflows waited on one worker of -Xmx512m");
    }

    @Test
    void workflowsEndUnderEverySettingThatIsCompared() throws Exception {
        assertThat(SettingsBenchmark.run(20, 1).lines())
                .hasSize(SettingsBenchmark.Settings.values().length)
                .allMatch(line -> line.endsWith(" of the defaults") || line.startsWith("DEFAULTS: "));
    }

    @Test
    @Timeout(300)
    void aBatchFromAFileIsMadeInMoreThanOneRun() throws Exception {
        assertThat(BatchBenchmark.run(450)).startsWith("batch of 450 parts: ").contains(" in 2 runs of at most ");
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
