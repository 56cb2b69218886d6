package dev.cadflow.worker.webhook;

import dev.cadflow.workflow.JobFinished;

/** Tells the workflow that waits for a job that it is over. Used by many threads at once. */
public interface WorkflowSignaller {
    /** What became of a signal. */
    enum Delivery {
        /** The workflow has it; that is durable. */
        SIGNALLED,
        /** There is no running workflow of that id: it is finished, or of another namespace, or never was. */
        NO_SUCH_WORKFLOW
    }

    /**
     * Signals, within a bounded time.
     *
     * @param workflowId which workflow, as the job's metadata names it
     * @param job the job, its download URL sealed
     * @throws SignalNotDeliveredException where trying again later may help
     */
    Delivery signal(String workflowId, JobFinished job) throws SignalNotDeliveredException;
}
