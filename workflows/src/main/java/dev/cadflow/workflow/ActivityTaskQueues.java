package dev.cadflow.workflow;

import io.temporal.activity.ActivityOptions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Task queues of their own for some of the activities, which otherwise run on the workflow's.
 *
 * @param api where the activities go that ask Makistry: submits and polls. A worker of that queue with {@code
 *     setMaxTaskQueueActivitiesPerSecond} keeps the rate of a whole fleet; null: on the workflow's task queue
 * @param archive where the activities go that need the archive: its files, and the lists and reports of batches; null:
 *     on the workflow's task queue
 */
public record ActivityTaskQueues(
        @Nullable String api, @Nullable String archive) {
    private static final List<String> API = List.of("SubmitCadJob", "PollCadJob");
    private static final List<String> ARCHIVE = List.of(
            "FindArchivedCadFile",
            "ArchiveCadFile",
            "PrepareCadBatch",
            "ReadCadBatchPage",
            "WriteCadBatchReportPage",
            "FinishCadBatchReport");

    /** All activities run on the workflow's task queue. */
    public static final ActivityTaskQueues NONE = new ActivityTaskQueues(null, null);

    /** By activity type. */
    Map<String, ActivityOptions> options() {
        Map<String, ActivityOptions> options = new HashMap<>();
        put(options, API, api);
        put(options, ARCHIVE, archive);
        return options;
    }

    private static void put(Map<String, ActivityOptions> options, List<String> types, @Nullable String taskQueue) {
        if (taskQueue != null) {
            ActivityOptions there =
                    ActivityOptions.newBuilder().setTaskQueue(taskQueue).build();
            types.forEach(type -> options.put(type, there));
        }
    }
}
