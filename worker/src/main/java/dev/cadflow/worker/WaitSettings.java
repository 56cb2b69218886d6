package dev.cadflow.worker;

import dev.cadflow.workflow.DesignMode;
import java.time.Duration;
import java.util.Map;

/**
 * How workflows wait for their jobs, for each design mode; the submit activity makes each job's wait plan of it.
 *
 * @param firstPoll with a callback: when to poll first, in case the webhook was lost
 * @param interval with a callback: from one poll to the next after that
 * @param fastInterval without a callback: from one poll to the next at first, and before the first poll
 * @param fastFor without a callback: for how long the fast interval holds; zero for not at all
 * @param slowInterval without a callback: from one poll to the next after that
 * @param deadline when to give up, where the request says nothing
 */
public record WaitSettings(
        Map<DesignMode, Duration> firstPoll,
        Duration interval,
        Duration fastInterval,
        Duration fastFor,
        Duration slowInterval,
        Map<DesignMode, Duration> deadline) {

    /**
     * Copies the maps.
     *
     * @throws IllegalArgumentException where a design mode is missing
     */
    public WaitSettings {
        firstPoll = Map.copyOf(firstPoll);
        deadline = Map.copyOf(deadline);
        for (DesignMode mode : DesignMode.values()) {
            if (!firstPoll.containsKey(mode) || !deadline.containsKey(mode)) {
                throw new IllegalArgumentException(mode.wireName() + ": expected a first poll and a deadline, found "
                        + firstPoll + " and " + deadline);
            }
        }
    }
}
