package dev.cadflow.worker.webhook;

/** Temporal could not be reached, or would not take the signal now. Whether it has it nevertheless is unknown. */
public final class SignalNotDeliveredException extends Exception {
    private static final long serialVersionUID = 1L;

    /** With what Temporal or the network said. */
    public SignalNotDeliveredException(String message, Throwable cause) {
        super(message, cause);
    }
}
