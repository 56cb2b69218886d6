package dev.cadflow.makistry;

import dev.cadflow.workflow.FailureType;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * One worker's share of an API key's quota, ahead of every request. However it is called, no more requests go out than
 * its {@link QuotaLimits} allow in any of their windows.
 *
 * <p>Submits go first, in the order in which they were asked for. As soon as anyone has reason to look at jobs, because
 * one was submitted without a callback or was asked for within the last hour, submits leave a share of both windows to
 * looks; and while submits wait, or half of the hour is spent, looks keep to that share, spread over the hour: the more
 * of it is spent, the longer from one look to the next.
 *
 * <p>Who has no turn within a few seconds is told when to come back instead of being kept waiting. A 429 stops all
 * callers together. Safe for use by many threads.
 */
public final class Quota {
    private static final int LONGEST_BACK_OFF = 8;
    /**
     * Makistry's clock and ours do not tick alike, and whether its windows include their edge is not documented: 50 ms of
     * a minute.
     */
    private static final int MARGINS_IN_A_MINUTE = 1200;

    private final QuotaLimits limits;
    private final Duration patience;
    private final Clock clock;
    private final QuotaLog all;
    private final QuotaLog submits;
    private final QuotaLog looks;
    private final Bookings bookings;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private Instant looksWantedUntil = Instant.MIN;
    private Instant lastLook = Instant.MIN;
    private Instant closedUntil = Instant.MIN;
    private Instant refusedAt = Instant.MIN;
    private int backOff = 1;

    /** A quota of which nothing is spent, where a turn within a twentieth of a minute, 3 s, is waited for. */
    public Quota(QuotaLimits limits) {
        this(limits, limits.minute().dividedBy(20), Clock.systemUTC());
    }

    /**
     * A quota of which nothing is spent.
     *
     * @param limits what may be spent
     * @param patience how far away a turn may be to be waited for by the calling thread; zero for not at all
     * @param clock tells the time
     */
    public Quota(QuotaLimits limits, Duration patience, Clock clock) {
        this.limits = limits;
        this.patience = patience;
        this.clock = clock;
        Duration margin = limits.minute().dividedBy(MARGINS_IN_A_MINUTE);
        this.all = new QuotaLog(limits.hour(), margin);
        this.submits = new QuotaLog(limits.hour(), margin);
        this.looks = new QuotaLog(limits.hour(), margin);
        this.bookings = new Bookings(limits.minute().dividedBy(10), limits.hour());
    }

    /** Leave to make one request. Closed when its answer is in, or when it is clear that there is none. */
    final class Turn implements AutoCloseable {
        private final Instant start;
        private final QuotaLog ofKind;
        private final QuotaLog.Entry entry;
        private final QuotaLog.Entry entryOfKind;
        private boolean sent = true;
        private boolean refused;

        private Turn(Instant start, QuotaLog ofKind) {
            this.start = start;
            this.ofKind = ofKind;
            this.entry = all.start();
            this.entryOfKind = ofKind.start();
        }

        /** The request did not leave this machine, so it does not count. */
        void notSent() {
            sent = false;
        }

        /**
         * Makistry answered 429: all callers stop for 1, 2, 4, 8 minutes in turn, or for as long as Makistry asks
         * where that is longer.
         *
         * @return how long
         */
        Duration refused(Duration asked) {
            lock.lock();
            try {
                refused = true;
                Instant now = clock.instant();
                // Requests that were under way together are refused together; that is one refusal, not many.
                if (!start.isBefore(refusedAt)) {
                    closeFor(limits.minute().multipliedBy(backOff), now);
                    backOff = Math.min(backOff * 2, LONGEST_BACK_OFF);
                    refusedAt = now;
                }
                closeFor(asked, now);
                return Duration.between(now, closedUntil);
            } finally {
                lock.unlock();
            }
        }

        @Override
        public void close() {
            lock.lock();
            try {
                if (sent) {
                    Instant now = clock.instant();
                    entry.end(now);
                    entryOfKind.end(now);
                    if (!refused && !start.isBefore(refusedAt)) {
                        backOff = 1;
                    }
                } else {
                    all.forget(entry);
                    ofKind.forget(entryOfKind);
                }
                changed.signalAll();
            } finally {
                lock.unlock();
            }
        }

        private void closeFor(Duration span, Instant now) {
            Instant until = now.plus(span);
            if (until.isAfter(closedUntil)) {
                closedUntil = until;
            }
        }
    }

    /**
     * A turn to submit.
     *
     * @param key its idempotency key, under which its place in the queue is kept
     * @param callback whether a webhook is expected; without one its job will have to be looked at
     * @throws MakistryException of type {@code quota_exceeded}, with the time until its turn
     */
    Turn submit(UUID key, boolean callback) {
        lock.lock();
        try {
            if (!callback) {
                wantLooks(clock.instant());
            }
            Bookings.Booking booking = bookings.book(key, clock.instant());
            await("A submit", now -> {
                Instant turn = submitTurn(booking, now);
                booking.promise(turn);
                return turn;
            });
            bookings.remove(key);
            return new Turn(clock.instant(), submits);
        } finally {
            lock.unlock();
        }
    }

    /**
     * A turn for a request that reads.
     *
     * @throws MakistryException of type {@code quota_exceeded}, with the time until the next turn for a look
     */
    Turn look() {
        lock.lock();
        try {
            wantLooks(clock.instant());
            await("A look at jobs", this::lookTurn);
            lastLook = clock.instant();
            return new Turn(lastLook, looks);
        } finally {
            lock.unlock();
        }
    }

    private void wantLooks(Instant now) {
        looksWantedUntil = now.plus(limits.hour());
    }

    private Instant submitTurn(Bookings.Booking own, Instant now) {
        boolean shared = looksWantedUntil.isAfter(now);
        QuotaLog.Plan planAll = all.plan(now);
        QuotaLog.Plan planSubmits = submits.plan(now);
        Instant turn = now;
        for (Bookings.Booking booking : bookings.inOrder()) {
            if (booking == own || bookings.holdsItsTurn(booking, now)) {
                turn = latest(turn, latest(closedUntil, room(planAll, limits.perMinute(), limits.perHour())));
                if (shared) {
                    turn = latest(
                            turn,
                            room(
                                    planSubmits,
                                    Math.max(1, limits.perMinute() - limits.looksPerMinute()),
                                    Math.max(1, limits.perHour() - limits.looksPerHour())));
                }
                if (booking == own) {
                    return turn;
                }
                planAll.add(turn);
                planSubmits.add(turn);
            }
        }
        throw new IllegalStateException("A booking is always in the queue");
    }

    private Instant lookTurn(Instant now) {
        Instant turn = latest(closedUntil, room(all.plan(now), limits.perMinute(), limits.perHour()));
        boolean scarce = bookings.anyHoldsItsTurn(now) || all.size(now) * 2 >= limits.perHour();
        if (scarce) {
            turn = latest(turn, room(looks.plan(now), limits.looksPerMinute(), limits.looksPerHour()));
            if (lastLook.isAfter(Instant.MIN)) {
                turn = latest(turn, lastLook.plus(spacing(looks.size(now))));
            }
        }
        return latest(now, turn);
    }

    /** Grows with what is spent of the looks' share of the hour, so that the rest lasts for the hour. */
    private Duration spacing(int spent) {
        int share = limits.looksPerHour();
        return limits.hour()
                .dividedBy(share)
                .multipliedBy(Math.min(spent, share))
                .dividedBy(share);
    }

    private Instant room(QuotaLog.Plan plan, int perMinute, int perHour) {
        return latest(plan.room(perMinute, limits.minute()), plan.room(perHour, limits.hour()));
    }

    /** Returns when the turn has come, or refuses where it is too far away. */
    private void await(String who, UnaryOperator<Instant> turn) {
        @Nullable Instant giveUp = null;
        while (true) {
            Instant now = clock.instant();
            Duration wait = Duration.between(now, turn.apply(now));
            if (wait.isZero() || wait.isNegative()) {
                return;
            }
            giveUp = giveUp == null ? now.plus(patience) : giveUp;
            if (now.plus(wait).isAfter(giveUp)) {
                throw notYet(who, wait);
            }
            try {
                changed.await(wait.toNanos(), TimeUnit.NANOSECONDS);
            } catch (InterruptedException stopping) {
                Thread.currentThread().interrupt();
                throw notYet(who, wait);
            }
        }
    }

    /** Asks to be called a little before the turn, which is then waited for, so that no delay on the way costs any of it. */
    private MakistryException notYet(String who, Duration wait) {
        Duration early = wait.compareTo(patience) > 0 ? patience.dividedBy(2) : Duration.ZERO;
        return MakistryException.builder(
                        FailureType.QUOTA_EXCEEDED,
                        who + " has its turn in "
                                + wait.truncatedTo(ChronoUnit.SECONDS).plusSeconds(1)
                                + ": of Makistry's quota this worker has " + limits.perMinute()
                                + " requests a minute and "
                                + limits.perHour() + " an hour")
                .retryAfter(wait.minus(early))
                .build();
    }

    private static Instant latest(Instant one, Instant other) {
        return one.isAfter(other) ? one : other;
    }
}
