package dev.cadflow.workflow.testing;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits for what another process or thread does; the test's own timeout ends a wait that is in vain. */
public final class Eventually {
    private static final Duration PAUSE = Duration.ofMillis(20);

    private Eventually() {}

    /**
     * Returns once the condition holds.
     *
     * @throws IllegalStateException where the test's timeout interrupts the wait
     */
    public static void until(BooleanSupplier condition) {
        while (!condition.getAsBoolean()) {
            LockSupport.parkNanos(PAUSE.toNanos());
            if (Thread.interrupted()) {
                throw new IllegalStateException("interrupted");
            }
        }
    }
}
