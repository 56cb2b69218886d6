package dev.cadflow.activity.impl;

import dev.cadflow.workflow.JobFinished;

/** Told of jobs that turned out to be over although nobody had asked for them yet. */
@FunctionalInterface
public interface FinishedJobs {
    /** Nobody is told; each job is found to be over when it is asked for. */
    FinishedJobs IGNORED = (workflowId, job) -> {};

    /**
     * A job is over. It may have been told of before, and its workflow may be done.
     *
     * @param workflowId of the workflow that submitted it
     * @param job as the workflow's {@code jobFinished} signal takes it
     */
    void finished(String workflowId, JobFinished job);
}
