package dev.cadflow.worker;

import java.time.Duration;

/**
 * A task queue of their own for the activities that ask Makistry, at which the Temporal server keeps the rate of a whole
 * fleet.
 *
 * @param taskQueue {@code CADFLOW_API_TASK_QUEUE}, the same for every worker of the fleet
 * @param perHour {@code CADFLOW_API_REQUESTS_PER_HOUR}: tries of these activities that the server hands out in an hour,
 *     evenly spread, to all workers together; the same for every worker of the fleet
 */
public record ApiQueue(String taskQueue, int perHour) {
    /**
     * Checks the rate.
     *
     * @throws IllegalArgumentException where nothing would ever be handed out
     */
    public ApiQueue {
        if (perHour < 1) {
            throw new IllegalArgumentException("requests per hour: expected at least 1, found " + perHour);
        }
    }

    /** The rate as Temporal takes it. */
    double perSecond() {
        return perHour / (double) Duration.ofHours(1).toSeconds();
    }
}
