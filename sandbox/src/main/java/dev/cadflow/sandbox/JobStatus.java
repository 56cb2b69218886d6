package dev.cadflow.sandbox;

import java.util.Locale;

/** Where a job stands. */
public enum JobStatus {
    /** Accepted, waits for a worker of the vendor. */
    QUEUED,
    /** Being made. */
    PROCESSING,
    /** Done: the file can be downloaded. */
    SUCCESS,
    /** Done: there will be no file. */
    FAILED;

    /** Whether the job will not change any more. */
    public boolean isTerminal() {
        return this == SUCCESS || this == FAILED;
    }

    /** The value of {@code status} in a job. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
