package dev.cadflow.workflow.internal;

import dev.cadflow.workflow.Cadflow;
import io.temporal.activity.ActivityCancellationType;
import io.temporal.activity.ActivityOptions;
import io.temporal.common.RetryOptions;
import java.time.Duration;

/** How long each activity may take and how it is tried again. What is not worth another try says so itself. */
final class ActivityPolicies {
    /** Bounds one try of a look into the archive, the hashing of the file that is found included. */
    private static final Duration FIND_TRY = Duration.ofMinutes(30);

    /** Bounds one try of a submit, the upload of three images of 10 MB included. */
    private static final Duration SUBMIT_TRY = Duration.ofMinutes(5);

    /** Bounds a submit with all its tries: a batch that waits for its turn in the quota waits this long. */
    private static final Duration SUBMIT_ALL_TRIES = Duration.ofDays(7);

    /** Bounds one try of a poll. */
    private static final Duration POLL_TRY = Duration.ofMinutes(2);

    /** Bounds the last poll with all its tries: long enough for one refusal by quota, which costs a minute. */
    static final Duration LAST_POLL_ALL_TRIES = Duration.ofMinutes(3);

    /** Bounds one try of a download with its proof and upload; a try that stalls is ended by its heartbeat. */
    private static final Duration ARCHIVE_TRY = Duration.ofHours(6);

    /** Bounds the silence of an archive try. */
    private static final Duration ARCHIVE_HEARTBEAT = Duration.ofSeconds(60);

    /** Makistry keeps a file for 30 days after the job's creation; after that no try can succeed. */
    static final Duration OUTPUT_LIFETIME = Duration.ofDays(30);

    /** What archiving gets even where the file seems to have expired by the workflow's clock. */
    static final Duration SHORTEST_ARCHIVE = Duration.ofMinutes(10);

    /** 2, 4, 8 s as Makistry's documentation asks after a 5xx, then slower. */
    private static final RetryOptions TWO_FOUR_EIGHT_THEN_SLOWER = RetryOptions.newBuilder()
            .setInitialInterval(Duration.ofSeconds(2))
            .setBackoffCoefficient(2)
            .setMaximumInterval(Duration.ofMinutes(5))
            .build();

    /** An archive may be down for days, and nothing is lost meanwhile. */
    private static final Duration LONGEST_ARCHIVE_PAUSE = Duration.ofHours(1);

    private static final RetryOptions TWO_FOUR_EIGHT_THEN_HOURLY = TWO_FOUR_EIGHT_THEN_SLOWER.toBuilder()
            .setMaximumInterval(LONGEST_ARCHIVE_PAUSE)
            .build();

    private ActivityPolicies() {}

    /** As patient as a submit, which is what comes next: who asks not to pay twice does not pay for a store that is down. */
    static ActivityOptions find(String summary) {
        return ActivityOptions.newBuilder()
                .setStartToCloseTimeout(FIND_TRY)
                .setScheduleToCloseTimeout(SUBMIT_ALL_TRIES)
                .setRetryOptions(TWO_FOUR_EIGHT_THEN_SLOWER)
                .setCancellationType(ActivityCancellationType.TRY_CANCEL)
                .setSummary(Cadflow.summary(summary))
                .build();
    }

    /** A cancelled workflow waits for the try under way, so that it learns the id of a job that was just paid for. */
    static ActivityOptions submit(String summary) {
        return ActivityOptions.newBuilder()
                .setStartToCloseTimeout(SUBMIT_TRY)
                .setScheduleToCloseTimeout(SUBMIT_ALL_TRIES)
                .setRetryOptions(TWO_FOUR_EIGHT_THEN_SLOWER)
                .setCancellationType(ActivityCancellationType.WAIT_CANCELLATION_COMPLETED)
                .setSummary(Cadflow.summary(summary))
                .build();
    }

    static ActivityOptions poll(String summary, Duration allTries) {
        return ActivityOptions.newBuilder()
                .setStartToCloseTimeout(POLL_TRY)
                .setScheduleToCloseTimeout(allTries)
                .setRetryOptions(TWO_FOUR_EIGHT_THEN_SLOWER)
                .setCancellationType(ActivityCancellationType.TRY_CANCEL)
                .setSummary(Cadflow.summary(summary))
                .build();
    }

    /** Temporal gives up before a pause that would end too late: the longest one is allowed to end behind the expiry. */
    static ActivityOptions archive(String summary, Duration untilExpiry) {
        return ActivityOptions.newBuilder()
                .setStartToCloseTimeout(ARCHIVE_TRY)
                .setScheduleToCloseTimeout(untilExpiry.plus(LONGEST_ARCHIVE_PAUSE))
                .setHeartbeatTimeout(ARCHIVE_HEARTBEAT)
                .setRetryOptions(TWO_FOUR_EIGHT_THEN_HOURLY)
                .setCancellationType(ActivityCancellationType.TRY_CANCEL)
                .setSummary(Cadflow.summary(summary))
                .build();
    }
}
