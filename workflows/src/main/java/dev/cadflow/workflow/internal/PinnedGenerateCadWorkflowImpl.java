package dev.cadflow.workflow.internal;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cadflow.workflow.CadResult;
import io.temporal.common.VersioningBehavior;
import io.temporal.workflow.WorkflowInit;
import io.temporal.workflow.WorkflowVersioningBehavior;
import org.jspecify.annotations.Nullable;

/**
 * The same workflow for a worker that takes part in worker versioning: every job ends on the build that it began on.
 * A class of its own, because a server rejects every task of an unversioned worker that names a behavior.
 */
public final class PinnedGenerateCadWorkflowImpl extends GenerateCadWorkflowImpl {
    /** As its parent's. */
    @WorkflowInit
    public PinnedGenerateCadWorkflowImpl(@Nullable JsonNode request) {
        super(request);
    }

    @Override
    @WorkflowVersioningBehavior(VersioningBehavior.PINNED)
    public CadResult generate(@Nullable JsonNode json) {
        return super.generate(json);
    }
}
