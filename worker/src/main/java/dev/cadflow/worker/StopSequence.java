package dev.cadflow.worker;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Stops what was started, last first, within one time that all share. A part that fails to stop holds up no other. */
final class StopSequence {
    private static final Logger LOG = LoggerFactory.getLogger(StopSequence.class);

    private final Deque<Step> steps = new ArrayDeque<>();

    /** How one part stops. */
    interface Stop {
        void within(Duration remaining) throws Exception;
    }

    private record Step(String name, Stop stop) {}

    /** Notes how to stop what has just been started. */
    void add(String name, Stop stop) {
        steps.push(new Step(name, stop));
    }

    /** As {@link #add}, for what closes at once. */
    <T extends AutoCloseable> T closing(String name, T part) {
        add(name, remaining -> part.close());
        return part;
    }

    /** Stops everything; nothing the second time. */
    synchronized void run(Duration grace) {
        long end = System.nanoTime() + grace.toNanos();
        while (!steps.isEmpty()) {
            Step step = steps.pop();
            try {
                step.stop().within(Duration.ofNanos(Math.max(0, end - System.nanoTime())));
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            } catch (Exception failed) {
                LOG.warn("{} did not stop cleanly: {}", step.name(), failed.toString());
            }
        }
    }
}
