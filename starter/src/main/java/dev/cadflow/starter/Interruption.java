package dev.cadflow.starter;

/**
 * What is done when the process is told to end (Ctrl-C, SIGTERM) while this is open. Java exits with 128 and the
 * signal's number then, 130 for Ctrl-C.
 */
final class Interruption implements AutoCloseable {
    private final Thread hook;

    private Interruption(Thread hook) {
        this.hook = hook;
    }

    /** From now until it is closed. */
    static Interruption handledBy(Runnable action) {
        Thread hook = new Thread(action, "interruption");
        Runtime.getRuntime().addShutdownHook(hook);
        return new Interruption(hook);
    }

    @Override
    public void close() {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException alreadyEnding) {
            // The action runs, and it has the last word.
        }
    }
}
