package dev.cadflow.activity;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.time.Duration;

/**
 * How a workflow waits for its job. Decided by the submit activity and kept in its result, so that an operator tunes
 * it without touching workflow code and a replay sees the plan it ran under. All times count from the accepted submit.
 *
 * @param callbackRegistered whether Makistry was given a callback URL, so that a webhook is expected
 * @param firstPoll when to poll first; zero for at once
 * @param fastInterval from one poll to the next, at first
 * @param fastFor for how long the fast interval holds; zero for not at all
 * @param interval from one poll to the next after that
 * @param deadline when to give up, after one last poll
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public record WaitPlan(
        boolean callbackRegistered,
        Duration firstPoll,
        Duration fastInterval,
        Duration fastFor,
        Duration interval,
        Duration deadline) {

    /**
     * Checks that a wait by this plan makes progress and ends.
     *
     * @throws IllegalArgumentException where an interval or the deadline is not positive, or another time is negative
     */
    public WaitPlan {
        requirePositive("fast_interval", fastInterval);
        requirePositive("interval", interval);
        requirePositive("deadline", deadline);
        requireNotNegative("first_poll", firstPoll);
        requireNotNegative("fast_for", fastFor);
    }

    private static void requirePositive(String name, Duration value) {
        if (value.isNegative() || value.isZero()) {
            throw new IllegalArgumentException(name + ": expected a positive duration, found " + value);
        }
    }

    private static void requireNotNegative(String name, Duration value) {
        if (value.isNegative()) {
            throw new IllegalArgumentException(name + ": expected no negative duration, found " + value);
        }
    }
}
