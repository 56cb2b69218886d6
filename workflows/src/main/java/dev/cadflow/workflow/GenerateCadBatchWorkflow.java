package dev.cadflow.workflow;

import io.temporal.workflow.QueryMethod;
import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;

/**
 * Makes many parts, a bounded number at once: one {@link GenerateCadWorkflow} as child for each part, under the id
 * {@link Cadflow#partWorkflowId}.
 *
 * <p>A part that fails is reported and the others go on, unless the request asks for {@code fail_fast}. Start a batch
 * again under the same workflow id to make what is missing: a part whose workflow has succeeded before is not made
 * and not paid again, but one that failed or was cancelled is, so give a part that was paid for, such as after
 * {@code generation_timeout}, its {@code job_id} first. A batch that is reset buys nothing twice.
 */
@WorkflowInterface
public interface GenerateCadBatchWorkflow {
    /**
     * Makes all parts and writes a report of each into the archive.
     *
     * <p>Cancelling starts no more parts, cancels those that run, and writes the report of what there is.
     *
     * @param request which parts, and how
     * @return how many parts ended how; a list of parts only as long as it is short
     */
    @WorkflowMethod(name = Cadflow.BATCH_WORKFLOW_TYPE)
    CadBatchResult generate(CadBatchRequest request);

    /** How far the batch is. */
    @QueryMethod(name = "progress")
    CadBatchProgress progress();
}
