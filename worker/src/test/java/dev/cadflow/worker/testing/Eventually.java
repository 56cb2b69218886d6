package dev.cadflow.worker.testing;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits for a condition. */
public final class Eventually {
    private static final Duration LONGEST = Duration.ofSeconds(30);

    private Eventually() {}

    public static void assertThat(BooleanSupplier condition) {
        long end = System.nanoTime() + LONGEST.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("expected a condition to hold within " + LONGEST + ", and it did not");
            }
            LockSupport.parkNanos(Duration.ofMillis(10).toNanos());
        }
    }
}
