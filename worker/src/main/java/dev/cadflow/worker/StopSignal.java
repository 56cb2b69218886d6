package dev.cadflow.worker;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Makes SIGTERM and SIGINT a request to stop: the process goes on until {@link #close()}, then ends with exit code 0.
 * A signal that comes before anybody waits for it is kept.
 */
final class StopSignal implements AutoCloseable {
    /** Far longer than any stop takes; whoever sent the signal loses patience earlier. */
    private static final long LONGEST_STOP_MINUTES = 60;

    private final CountDownLatch asked = new CountDownLatch(1);
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final Thread hook = new Thread(this::stopAndExit, "stop-signal");

    StopSignal() {
        Runtime.getRuntime().addShutdownHook(hook);
    }

    /** Waits for the signal. */
    void await() {
        try {
            asked.await();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void stopAndExit() {
        asked.countDown();
        try {
            if (stopped.await(LONGEST_STOP_MINUTES, TimeUnit.MINUTES)) {
                // A hook is the only place that can change the exit code of a process that a signal ends.
                Runtime.getRuntime().halt(0);
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Says that everything is stopped. */
    @Override
    public void close() {
        stopped.countDown();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException stopping) {
            // The hook runs already, and now ends the process.
        }
    }
}
