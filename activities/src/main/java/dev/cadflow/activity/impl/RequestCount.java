package dev.cadflow.activity.impl;

import dev.cadflow.makistry.MakistryException;
import io.temporal.activity.Activity;
import io.temporal.activity.ActivityExecutionContext;
import io.temporal.activity.ActivityInfo;
import io.temporal.client.ActivityCompletionException;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How many requests an activity has cost over all its tries. A failed try leaves its count in the heartbeat details,
 * which Temporal hands to the next one; a try that succeeds needs no heartbeat at all. A try whose worker is killed is
 * the only one not counted, and how a submit of its ended is not known.
 */
final class RequestCount {
    private final ActivityExecutionContext context;
    private final EarlierTries earlier;
    private int now;

    private RequestCount(ActivityExecutionContext context, EarlierTries earlier) {
        this.context = context;
        this.earlier = earlier;
    }

    static RequestCount ofThisActivity() {
        ActivityExecutionContext context = Activity.getExecutionContext();
        return new RequestCount(
                context, context.getHeartbeatDetails(EarlierTries.class).orElse(EarlierTries.NONE));
    }

    /** When the outcome of an earlier try first stayed unknown, at the earliest; empty where all are known. */
    Optional<Instant> unknownSince() {
        ActivityInfo info = context.getInfo();
        boolean endedWithoutAWord = earlier.attempt() < info.getAttempt() - 1;
        return Optional.ofNullable(earlier.unknownSince())
                .or(() -> endedWithoutAWord
                        ? Optional.of(Instant.ofEpochMilli(info.getScheduledTimestamp()))
                        : Optional.empty());
    }

    /** Whether nothing was tried before. */
    boolean isFirstTry() {
        return context.getInfo().getAttempt() == 1;
    }

    void add(int requests) {
        now += requests;
    }

    /** All tries together, as far as requests were added. */
    int total() {
        return earlier.makistryRequests() + now;
    }

    /** Leaves the count to the next try, this failure's request added where it went out. */
    void keepForNextTry(MakistryException failure, Instant at) {
        add(failure.isRequestSent() ? 1 : 0);
        keep(unknownSince().orElse(failure.isOutcomeUnknown() ? at : null));
    }

    /** Leaves the count to the next try, after a failure that has nothing to do with Makistry. */
    void keepForNextTry() {
        keep(unknownSince().orElse(null));
    }

    private void keep(@Nullable Instant unknown) {
        try {
            context.heartbeat(
                    new EarlierTries(total(), unknown, context.getInfo().getAttempt()));
        } catch (ActivityCompletionException over) {
            // The activity was cancelled or timed out meanwhile: there is no next try to count for.
        }
    }
}
