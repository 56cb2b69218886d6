package dev.cadflow.workflow;

import io.temporal.workflow.QueryMethod;
import io.temporal.workflow.SignalMethod;
import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;

/**
 * Turns a prompt or images into a verified, archived CAD file by way of Makistry: one workflow, one job, one file.
 *
 * <p>Start it as a child workflow or from a client on task queue {@link Cadflow#TASK_QUEUE}. A failure carries a
 * {@link FailureType}; {@link CadFailure#from(Throwable)} gives it back typed.
 */
@WorkflowInterface
public interface GenerateCadWorkflow {
    /**
     * Submits the request as one job, waits for it, and archives its file.
     *
     * <p>Cancelling stops the wait at once. Makistry knows no cancel, so the job goes on; its id stays in
     * {@link #progress()}, and a request with that {@code job_id} picks it up again.
     *
     * @param request what to make
     * @return the archived file, proven to be what it claims
     */
    @WorkflowMethod(name = Cadflow.WORKFLOW_TYPE)
    CadResult generate(CadRequest request);

    /**
     * Says that a job is over. Early, repeated, late and foreign signals do no harm: only the first that names this
     * workflow's job and a terminal status counts.
     *
     * @param job the job as Makistry's webhook has it
     */
    @SignalMethod(name = "jobFinished")
    void jobFinished(JobFinished job);

    /** What the workflow does now and what it has spent. */
    @QueryMethod(name = "progress")
    CadProgress progress();
}
