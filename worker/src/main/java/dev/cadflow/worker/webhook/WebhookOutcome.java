package dev.cadflow.worker.webhook;

import java.util.Locale;

/** What became of a request to the receiver, and what it was answered. */
public enum WebhookOutcome {
    /** The workflow was signalled. */
    SIGNALLED(204),
    /** Its workflow is finished or unknown: there is nobody to tell. */
    NO_SUCH_WORKFLOW(204),
    /** The job's metadata names no workflow: it was not submitted by cadflow. */
    NOT_OURS(204),
    /** The job is not over, which no workflow wants to know. */
    NOT_FINISHED(204),
    /** The signed body is not a job. */
    NOT_A_JOB(400),
    /** The signature is missing, misshapen or wrong. */
    BAD_SIGNATURE(401),
    /** The signature is good, or may be, but too old or too new. */
    STALE(401),
    /** Not the receiver's path. */
    WRONG_PATH(404),
    /** Not a POST. */
    WRONG_METHOD(405),
    /** The body did not come in time. */
    TOO_SLOW(408),
    /** The body is larger than the cap. */
    TOO_LARGE(413),
    /** The client went away, or sent what is no HTTP. */
    BROKEN_OFF(400),
    /** Temporal could not take the signal; Makistry tries again. */
    UNAVAILABLE(503);

    private final int httpStatus;

    WebhookOutcome(int httpStatus) {
        this.httpStatus = httpStatus;
    }

    /** The status of the answer. */
    public int httpStatus() {
        return httpStatus;
    }

    /** Whether the answer comes after the whole body, so that the connection can carry another request. */
    boolean isBodyRead() {
        return switch (this) {
            case WRONG_PATH, WRONG_METHOD, TOO_SLOW, TOO_LARGE, BROKEN_OFF -> false;
            default -> true;
        };
    }

    /** As a metric's label has it, such as {@code bad_signature}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
