package dev.cadflow.sandbox;

import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs what nobody waits for: on time, bounded in threads, and not at all any more after it was closed. */
final class Background implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Background.class);
    private static final int WORKERS = 64;

    private final ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1, daemons("sandbox-timer"));
    private final ExecutorService workers = Executors.newFixedThreadPool(WORKERS, daemons("sandbox-worker"));

    Background() {
        timer.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    /** Runs a task that may take its time, after a pause. */
    void after(Duration pause, Runnable task) {
        try {
            if (pause.isZero()) {
                workers.execute(logged(task));
            } else {
                var unused = timer.schedule(() -> after(Duration.ZERO, task), pause.toNanos(), TimeUnit.NANOSECONDS);
            }
        } catch (RejectedExecutionException e) {
            LOG.debug("Closed: {} is not run any more", task);
        }
    }

    private static Runnable logged(Runnable task) {
        return () -> {
            try {
                task.run();
            } catch (RuntimeException e) {
                LOG.error("A task of the sandbox failed, which is a mistake in the sandbox", e);
            }
        };
    }

    private static ThreadFactory daemons(String name) {
        AtomicInteger number = new AtomicInteger();
        return task -> {
            Thread thread = new Thread(task, name + "-" + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
    }

    @Override
    public void close() {
        timer.shutdownNow();
        workers.shutdownNow();
    }
}
