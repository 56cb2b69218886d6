package dev.cadflow.examples;

import dev.cadflow.workflow.CadResult;
import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;

/** Makes a spare part from a namespace that has no cadflow of its own. */
@WorkflowInterface
public interface SpareWorkflow {
    /** Makes the part. */
    @WorkflowMethod
    CadResult make(String partNumber, String description);
}
