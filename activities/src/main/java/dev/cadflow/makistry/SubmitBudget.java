package dev.cadflow.makistry;

import dev.cadflow.workflow.FailureType;
import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.HashSet;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * How many jobs this worker may submit on one day, by UTC. It counts from the worker's start: one that is started again
 * on the same day has a fresh budget. Safe for use by many threads.
 */
public final class SubmitBudget {
    private final int perDay;
    private final Clock clock;
    private final Set<UUID> spent = new HashSet<>();
    private @Nullable LocalDate today;

    /**
     * A budget of which nothing is spent.
     *
     * @param perDay submits on one day, at least 1
     * @param clock tells the day
     */
    public SubmitBudget(int perDay, Clock clock) {
        if (perDay < 1) {
            throw new IllegalArgumentException("submits per day: expected at least 1, found " + perDay);
        }
        this.perDay = perDay;
        this.clock = clock;
    }

    /** No bound. */
    public static SubmitBudget unlimited() {
        return new SubmitBudget(Integer.MAX_VALUE, Clock.systemUTC());
    }

    /**
     * Takes one submit from the budget, once for each idempotency key.
     *
     * @throws MakistryException of type {@code budget_exhausted} where nothing is left
     */
    public synchronized void spend(UUID idempotencyKey) {
        LocalDate day = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
        if (!day.equals(today)) {
            spent.clear();
            today = day;
        }
        if (!spent.contains(idempotencyKey) && spent.size() >= perDay) {
            throw MakistryException.of(
                    FailureType.BUDGET_EXHAUSTED,
                    "This worker has submitted " + perDay + " jobs on " + day
                            + " (UTC), all that CADFLOW_MAX_SUBMITS_PER_DAY allows; nothing was submitted");
        }
        if (perDay < Integer.MAX_VALUE) {
            spent.add(idempotencyKey);
        }
    }

    /** Puts back what bought nothing. */
    public synchronized void giveBack(UUID idempotencyKey) {
        spent.remove(idempotencyKey);
    }
}
