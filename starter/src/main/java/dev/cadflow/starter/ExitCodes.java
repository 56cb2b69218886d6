package dev.cadflow.starter;

/** What the exit code of a command means. */
final class ExitCodes {
    /** What was asked for is done. */
    static final int DONE = 0;

    /** The generation failed, or its result could not be written. */
    static final int FAILED = 1;

    /** Wrong usage or configuration: nothing was started or paid for. */
    static final int USAGE = 2;

    /** Interrupted by Ctrl-C: 128 and the number of SIGINT, as shells have it. */
    static final int INTERRUPTED = 130;

    private ExitCodes() {}
}
