package dev.cadflow.sandbox;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * The sliding windows of a minute and an hour, as a log of the requests that were let through. A refused request is not
 * entered, so that a client that waits long enough always gets its turn. Safe for use by many threads.
 */
final class QuotaWindow {

    private final @Nullable Quota quota;
    private final SandboxTime time;
    private final Deque<Instant> minute = new ArrayDeque<>();
    private final Deque<Instant> hour = new ArrayDeque<>();

    QuotaWindow(@Nullable Quota quota, SandboxTime time) {
        this.quota = quota;
        this.time = time;
    }

    synchronized boolean admit() {
        if (quota == null) {
            return true;
        }
        Instant now = time.now();
        forget(minute, now.minus(time.scaled(Duration.ofMinutes(1))));
        forget(hour, now.minus(time.scaled(Duration.ofHours(1))));
        if (minute.size() >= quota.perMinute() || hour.size() >= quota.perHour()) {
            return false;
        }
        minute.addLast(now);
        hour.addLast(now);
        return true;
    }

    synchronized void reset() {
        minute.clear();
        hour.clear();
    }

    private static void forget(Deque<Instant> window, Instant until) {
        while (!window.isEmpty() && !window.getFirst().isAfter(until)) {
            window.removeFirst();
        }
    }
}
