package dev.cadflow.workflow.internal;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cadflow.workflow.CadBatchResult;
import io.temporal.common.VersioningBehavior;
import io.temporal.workflow.WorkflowInit;
import io.temporal.workflow.WorkflowVersioningBehavior;
import org.jspecify.annotations.Nullable;

/** The batch for a worker that takes part in worker versioning, as {@link PinnedGenerateCadWorkflowImpl} is the job. */
public final class PinnedGenerateCadBatchWorkflowImpl extends GenerateCadBatchWorkflowImpl {
    /** As its parent's. */
    @WorkflowInit
    public PinnedGenerateCadBatchWorkflowImpl(@Nullable JsonNode request, @Nullable BatchState earlier) {
        super(request, earlier);
    }

    @Override
    @WorkflowVersioningBehavior(VersioningBehavior.PINNED)
    public CadBatchResult generate(@Nullable JsonNode json, @Nullable BatchState earlier) {
        return super.generate(json, earlier);
    }
}
