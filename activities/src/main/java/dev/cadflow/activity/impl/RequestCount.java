package dev.cadflow.activity.impl;

import dev.cadflow.makistry.MakistryException;
import io.temporal.activity.Activity;
import io.temporal.activity.ActivityExecutionContext;
import io.temporal.client.ActivityCompletionException;

/**
 * How many requests an activity has cost over all its tries. A failed try leaves its count in the heartbeat details,
 * which Temporal hands to the next one; a try that succeeds needs no heartbeat at all. A try whose worker is killed is
 * the only one not counted.
 */
final class RequestCount {
    private final ActivityExecutionContext context;
    private final int before;

    private RequestCount(ActivityExecutionContext context, int before) {
        this.context = context;
        this.before = before;
    }

    static RequestCount ofThisActivity() {
        ActivityExecutionContext context = Activity.getExecutionContext();
        return new RequestCount(
                context, context.getHeartbeatDetails(Integer.class).orElse(0));
    }

    /** The count where this try has cost one request. */
    int withThisTry() {
        return before + 1;
    }

    /** Leaves the count to the next try, this one added where its request went out. */
    void keepForNextTry(MakistryException failure) {
        try {
            context.heartbeat(failure.isRequestSent() ? before + 1 : before);
        } catch (ActivityCompletionException over) {
            // The activity was cancelled or timed out meanwhile: there is no next try to count for.
        }
    }
}
