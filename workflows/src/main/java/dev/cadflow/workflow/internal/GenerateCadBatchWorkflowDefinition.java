package dev.cadflow.workflow.internal;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cadflow.workflow.CadBatchProgress;
import dev.cadflow.workflow.CadBatchResult;
import dev.cadflow.workflow.Cadflow;
import io.temporal.workflow.QueryMethod;
import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;
import org.jspecify.annotations.Nullable;

/**
 * {@link dev.cadflow.workflow.GenerateCadBatchWorkflow} as its implementation sees it: the request is a JSON tree, so
 * that a bad one can be refused with a message that names the field.
 */
@WorkflowInterface
public interface GenerateCadBatchWorkflowDefinition {
    /**
     * As {@link dev.cadflow.workflow.GenerateCadBatchWorkflow#generate}.
     *
     * @param request null where the workflow was given no input
     * @param earlier what the batch's earlier runs hand on; null in its first
     */
    @WorkflowMethod(name = Cadflow.BATCH_WORKFLOW_TYPE)
    CadBatchResult generate(@Nullable JsonNode request, @Nullable BatchState earlier);

    /** As {@link dev.cadflow.workflow.GenerateCadBatchWorkflow#progress}. */
    @QueryMethod(name = "progress")
    CadBatchProgress progress();
}
