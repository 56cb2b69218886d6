package dev.cadflow.worker.webhook;

import dev.cadflow.workflow.JobFinished;
import org.jspecify.annotations.Nullable;

/** Reads the body of a webhook. Used by many threads at once. */
@FunctionalInterface
public interface JobReader {
    /**
     * Reads a job.
     *
     * @param body verified: the bytes that Makistry signed
     * @throws NotAJobException where they are no job; says what is wrong, and shows no URL
     */
    ReceivedJob read(byte[] body) throws NotAJobException;

    /**
     * What a webhook tells.
     *
     * @param workflowId the workflow that waits for it, from the job's metadata; null where none is named
     * @param job its download URL sealed
     */
    record ReceivedJob(@Nullable String workflowId, JobFinished job) {}

    /** The body is no job. */
    final class NotAJobException extends Exception {
        private static final long serialVersionUID = 1L;

        /** With what was expected and found. */
        public NotAJobException(String message) {
            super(message);
        }
    }
}
