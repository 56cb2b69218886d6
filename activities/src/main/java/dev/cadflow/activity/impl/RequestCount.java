package dev.cadflow.activity.impl;

import dev.cadflow.makistry.MakistryException;
import io.temporal.activity.Activity;
import io.temporal.activity.ActivityExecutionContext;
import io.temporal.client.ActivityCompletionException;
import java.time.Instant;
import java.util.Optional;

/**
 * How many requests an activity has cost over all its tries. A failed try leaves its count in the heartbeat details,
 * which Temporal hands to the next one; a try that succeeds needs no heartbeat at all. A try whose worker is killed is
 * the only one not counted.
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

    /** When the outcome of an earlier try first stayed unknown; empty where all are known. */
    Optional<Instant> unknownSince() {
        return Optional.ofNullable(earlier.unknownSince());
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
        Instant unknown = failure.isOutcomeUnknown() ? unknownSince().orElse(at) : earlier.unknownSince();
        try {
            context.heartbeat(new EarlierTries(total(), unknown));
        } catch (ActivityCompletionException over) {
            // The activity was cancelled or timed out meanwhile: there is no next try to count for.
        }
    }
}
