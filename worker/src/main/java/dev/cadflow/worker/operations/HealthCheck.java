package dev.cadflow.worker.operations;

/**
 * One thing that a worker needs to be ready.
 *
 * @param name such as {@code temporal}; shown to whoever asks
 * @param probe asks whether it is there now, within a bounded time
 */
public record HealthCheck(String name, Probe probe) {
    /** Asks. */
    @FunctionalInterface
    public interface Probe {
        /**
         * Whether it is there.
         *
         * @throws Exception where it is not; only its type is shown
         */
        boolean isHealthy() throws Exception;
    }
}
