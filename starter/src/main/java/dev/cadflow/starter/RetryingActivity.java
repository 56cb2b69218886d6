package dev.cadflow.starter;

import com.google.protobuf.Timestamp;
import dev.cadflow.workflow.CadFailure;
import io.temporal.api.workflow.v1.PendingActivityInfo;
import io.temporal.client.WorkflowExecutionDescription;
import io.temporal.common.converter.DataConverter;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An activity that has failed and is tried again.
 *
 * @param name its type, such as {@code SubmitCadJob}
 * @param attempt the try that comes next or runs now; the first is 1
 * @param failure why the last try failed
 * @param nextTryAt when it is tried next; null where it runs now, or the server does not say
 */
record RetryingActivity(
        String name, int attempt, String failure, @Nullable Instant nextTryAt) {

    /** Those of a workflow, as its server describes it. */
    static List<RetryingActivity> of(WorkflowExecutionDescription description, DataConverter converter) {
        return description.getRawDescription().getPendingActivitiesList().stream()
                .filter(activity -> activity.hasLastFailure() && activity.getAttempt() > 1)
                .map(activity -> new RetryingActivity(
                        activity.getActivityType().getName(),
                        activity.getAttempt(),
                        failureOf(activity, converter),
                        nextTry(activity)))
                .toList();
    }

    private static String failureOf(PendingActivityInfo activity, DataConverter converter) {
        RuntimeException failure = converter.failureToException(activity.getLastFailure());
        Optional<CadFailure> typed = CadFailure.from(failure);
        return typed.map(known -> known.type().wireName() + ": " + known.message())
                .orElseGet(() -> activity.getLastFailure().getMessage());
    }

    private static @Nullable Instant nextTry(PendingActivityInfo activity) {
        if (activity.hasNextAttemptScheduleTime()) {
            return instant(activity.getNextAttemptScheduleTime());
        }
        return activity.hasScheduledTime() && !activity.hasLastStartedTime()
                ? instant(activity.getScheduledTime())
                : null;
    }

    private static Instant instant(Timestamp time) {
        return Instant.ofEpochSecond(time.getSeconds(), time.getNanos());
    }

    /** What the activity does, as a person says it. */
    String verb() {
        return switch (name) {
            case "FindArchivedCadFile" -> "look in the archive";
            case "SubmitCadJob" -> "submit";
            case "PollCadJob" -> "poll";
            case "ArchiveCadFile" -> "archive";
            default -> name.toLowerCase(Locale.ROOT);
        };
    }
}
