package dev.cadflow.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.temporal.worker.WorkerFactoryOptions;
import io.temporal.worker.WorkerOptions;
import io.temporal.worker.tuning.PollerBehaviorAutoscaling;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class TemporalWorkerTest {
    private static final WorkerConfig CONFIG = WorkerConfig.from(Map.of(
            "MAKISTRY_API_KEY", "mk_pub_test",
            "CADFLOW_ACTIVITIES_AT_ONCE", "7",
            "CADFLOW_WORKFLOW_CACHE", "11"));

    @Test
    void slotsAreThoseOfTheConfigurationAndPollersFollowTheWork() {
        WorkerOptions options = TemporalWorker.workerOptions(CONFIG);

        assertThat(options.getMaxConcurrentActivityExecutionSize()).isEqualTo(7);
        assertThat(options.getWorkflowTaskPollersBehavior()).isInstanceOf(PollerBehaviorAutoscaling.class);
        assertThat(options.getActivityTaskPollersBehavior()).isInstanceOf(PollerBehaviorAutoscaling.class);
    }

    @Test
    void theCacheIsThatOfTheConfigurationWithThreadsForAllInIt() {
        WorkerFactoryOptions options = TemporalWorker.factoryOptions(CONFIG);

        assertThat(options.getWorkflowCacheSize()).isEqualTo(11);
        assertThat(options.getMaxWorkflowThreadCount()).isEqualTo(22);
    }
}
