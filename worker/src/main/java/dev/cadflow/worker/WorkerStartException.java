package dev.cadflow.worker;

import org.jspecify.annotations.Nullable;

/** A worker cannot start although its settings look right. The message says what to do next; shows no secret. */
public final class WorkerStartException extends Exception {
    private static final long serialVersionUID = 1L;

    /** With what was expected and found, and what led to it. */
    public WorkerStartException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
