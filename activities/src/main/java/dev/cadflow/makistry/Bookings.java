package dev.cadflow.makistry;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;

/**
 * The submits that wait for their turn, first come first served, each under its idempotency key. Nobody waits here:
 * who booked comes back when told to. One who is late keeps its place but no longer holds anybody up.
 */
final class Bookings {
    private final Map<UUID, Booking> inOrder = new LinkedHashMap<>();
    private final Duration grace;
    private final Duration forgottenAfter;

    /**
     * No bookings.
     *
     * @param grace how long a turn is held for one who does not come
     * @param forgottenAfter when one who does not come loses its place
     */
    Bookings(Duration grace, Duration forgottenAfter) {
        this.grace = grace;
        this.forgottenAfter = forgottenAfter;
    }

    /** A place in the queue and when it was told to come. */
    static final class Booking {
        private Instant promised;

        private Booking(Instant promised) {
            this.promised = promised;
        }

        void promise(Instant turn) {
            promised = turn;
        }
    }

    /** The place under that key, the last one where it had none. */
    Booking book(UUID key, Instant now) {
        inOrder.values()
                .removeIf(booking -> booking.promised.plus(forgottenAfter).isBefore(now));
        return inOrder.computeIfAbsent(key, fresh -> new Booking(now));
    }

    void remove(UUID key) {
        inOrder.remove(key);
    }

    Collection<Booking> inOrder() {
        return inOrder.values();
    }

    /** Whether its turn is kept for it, because it is still to come or is hardly late. */
    boolean holdsItsTurn(Booking booking, Instant now) {
        return !booking.promised.plus(grace).isBefore(now);
    }

    boolean anyHoldsItsTurn(Instant now) {
        return inOrder.values().stream().anyMatch(booking -> holdsItsTurn(booking, now));
    }
}
