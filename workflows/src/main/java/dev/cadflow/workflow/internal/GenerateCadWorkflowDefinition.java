package dev.cadflow.workflow.internal;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cadflow.workflow.CadProgress;
import dev.cadflow.workflow.CadResult;
import dev.cadflow.workflow.Cadflow;
import io.temporal.workflow.QueryMethod;
import io.temporal.workflow.SignalMethod;
import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;
import org.jspecify.annotations.Nullable;

/**
 * {@link dev.cadflow.workflow.GenerateCadWorkflow} as its implementation sees it: what comes from outside is taken as
 * a JSON tree. A typed argument that cannot be decoded would fail the workflow task again and again while the
 * workflow stays open; a tree can be refused with a message that names the field.
 */
@WorkflowInterface
public interface GenerateCadWorkflowDefinition {
    /** As {@link dev.cadflow.workflow.GenerateCadWorkflow#generate}; null where the workflow was given no input. */
    @WorkflowMethod(name = Cadflow.WORKFLOW_TYPE)
    CadResult generate(@Nullable JsonNode request);

    /** As {@link dev.cadflow.workflow.GenerateCadWorkflow#jobFinished}. */
    @SignalMethod(name = "jobFinished")
    void jobFinished(@Nullable JsonNode job);

    /** As {@link dev.cadflow.workflow.GenerateCadWorkflow#progress}. */
    @QueryMethod(name = "progress")
    CadProgress progress();
}
