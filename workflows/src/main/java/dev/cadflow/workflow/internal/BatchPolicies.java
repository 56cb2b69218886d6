package dev.cadflow.workflow.internal;

import io.temporal.activity.ActivityCancellationType;
import io.temporal.activity.ActivityOptions;
import io.temporal.common.RetryOptions;
import java.time.Duration;

/** How long each activity of a batch may take and how it is tried again. */
final class BatchPolicies {
    /** Bounds one try to read a file of 100,000 parts from wherever it is, and to keep its pages. */
    private static final Duration PREPARE_TRY = Duration.ofMinutes(30);

    /** Bounds the silence of such a try. */
    private static final Duration HEARTBEAT = Duration.ofSeconds(60);

    /** Bounds one try to read or write a page. */
    private static final Duration PAGE_TRY = Duration.ofMinutes(2);

    /** An archive may be down for days; a batch waits for it, as its parts do. */
    private static final Duration ALL_TRIES = ActivityPolicies.OUTPUT_LIFETIME;

    /** What a batch that ends early gives its report. */
    private static final Duration LAST_REPORT_ALL_TRIES = Duration.ofMinutes(10);

    /** Where the file is not reachable for longer, someone is waiting for the batch to begin and should know. */
    private static final Duration PREPARE_ALL_TRIES = Duration.ofHours(2);

    private static final RetryOptions TWO_FOUR_EIGHT_THEN_SLOWER = RetryOptions.newBuilder()
            .setInitialInterval(Duration.ofSeconds(2))
            .setBackoffCoefficient(2)
            .setMaximumInterval(Duration.ofMinutes(5))
            .build();

    private BatchPolicies() {}

    static ActivityOptions prepare() {
        return options("Read the list of parts", PREPARE_TRY, PREPARE_ALL_TRIES)
                .setHeartbeatTimeout(HEARTBEAT)
                .build();
    }

    static ActivityOptions readPage(int page) {
        return options("Read page " + (page + 1) + " of the parts", PAGE_TRY, ALL_TRIES)
                .build();
    }

    static ActivityOptions report() {
        return options("Write the report", PREPARE_TRY, ALL_TRIES)
                .setHeartbeatTimeout(HEARTBEAT)
                .build();
    }

    static ActivityOptions lastReport() {
        return ActivityOptions.newBuilder(report())
                .setScheduleToCloseTimeout(LAST_REPORT_ALL_TRIES)
                .build();
    }

    private static ActivityOptions.Builder options(String summary, Duration oneTry, Duration allTries) {
        return ActivityOptions.newBuilder()
                .setStartToCloseTimeout(oneTry)
                .setScheduleToCloseTimeout(allTries)
                .setRetryOptions(TWO_FOUR_EIGHT_THEN_SLOWER)
                .setCancellationType(ActivityCancellationType.TRY_CANCEL)
                .setSummary(summary);
    }
}
