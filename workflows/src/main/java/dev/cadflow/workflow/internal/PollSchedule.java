package dev.cadflow.workflow.internal;

import dev.cadflow.activity.WaitPlan;
import java.time.Duration;
import java.time.Instant;

/** When a job is asked for, by its wait plan. Not thread-safe: it belongs to one workflow. */
final class PollSchedule {
    private final WaitPlan plan;
    private final Instant accepted;
    private Duration due;

    /** A schedule that counts from the accepted submit. */
    PollSchedule(WaitPlan plan, Instant accepted) {
        this.plan = plan;
        this.accepted = accepted;
        this.due = plan.firstPoll();
    }

    /** When the wait ends, after one last poll. */
    Instant deadline() {
        return accepted.plus(plan.deadline());
    }

    /** The next poll: the deadline's at the latest. */
    Instant nextPoll() {
        return isLast() ? deadline() : accepted.plus(due);
    }

    /** Whether the next poll is the one at the deadline. */
    boolean isLast() {
        return due.compareTo(plan.deadline()) >= 0;
    }

    /** Moves to the first poll that is due after now; polls that were missed meanwhile are not made up for. */
    void advance(Instant now) {
        Duration elapsed = Duration.between(accepted, now);
        do {
            due = due.plus(intervalAfter(due));
        } while (due.compareTo(elapsed) <= 0 && !isLast());
    }

    private Duration intervalAfter(Duration poll) {
        boolean fast = poll.plus(plan.fastInterval()).compareTo(plan.fastFor()) <= 0;
        return fast ? plan.fastInterval() : plan.interval();
    }
}
