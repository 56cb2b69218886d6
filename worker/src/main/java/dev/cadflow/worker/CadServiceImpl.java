package dev.cadflow.worker;

import dev.cadflow.workflow.CadOrder;
import dev.cadflow.workflow.CadResult;
import dev.cadflow.workflow.CadService;
import dev.cadflow.workflow.Cadflow;
import dev.cadflow.workflow.GenerateCadWorkflow;
import io.nexusrpc.handler.HandlerException;
import io.nexusrpc.handler.OperationHandler;
import io.nexusrpc.handler.OperationImpl;
import io.nexusrpc.handler.ServiceImpl;
import io.temporal.api.enums.v1.WorkflowIdConflictPolicy;
import io.temporal.api.enums.v1.WorkflowIdReusePolicy;
import io.temporal.client.WorkflowOptions;
import io.temporal.nexus.Nexus;
import io.temporal.nexus.WorkflowHandle;
import io.temporal.nexus.WorkflowRunOperation;
import org.jspecify.annotations.Nullable;

/** The Nexus service of a worker: each operation is a workflow on the worker's own task queue. */
@ServiceImpl(service = CadService.class)
public final class CadServiceImpl {
    /** Starts the workflow of an order. */
    @OperationImpl
    public OperationHandler<CadOrder, CadResult> generate() {
        return WorkflowRunOperation.fromWorkflowHandle((context, details, order) -> {
            GenerateCadWorkflow workflow = Nexus.getOperationContext()
                    .getWorkflowClient()
                    .newWorkflowStub(GenerateCadWorkflow.class, options(order, details.getRequestId()));
            return WorkflowHandle.fromWorkflowMethod(workflow::generate, order.request());
        });
    }

    /** A start that is retried carries the same request id, and so finds the workflow that it has started. */
    private static WorkflowOptions options(CadOrder order, String requestId) {
        @Nullable String name = order.name();
        WorkflowOptions.Builder options = WorkflowOptions.newBuilder()
                .setTaskQueue(Nexus.getOperationContext().getInfo().getTaskQueue())
                .setMemo(Cadflow.memo(order.request()));
        if (name == null) {
            return options.setWorkflowId("cadflow-nexus-" + requestId)
                    .setWorkflowIdReusePolicy(WorkflowIdReusePolicy.WORKFLOW_ID_REUSE_POLICY_REJECT_DUPLICATE)
                    .setStaticSummary("Ordered by Nexus")
                    .build();
        }
        return options.setWorkflowId(workflowId(name))
                .setWorkflowIdConflictPolicy(WorkflowIdConflictPolicy.WORKFLOW_ID_CONFLICT_POLICY_USE_EXISTING)
                .setWorkflowIdReusePolicy(WorkflowIdReusePolicy.WORKFLOW_ID_REUSE_POLICY_ALLOW_DUPLICATE_FAILED_ONLY)
                .setStaticSummary(Cadflow.summary("Ordered by Nexus: " + name))
                .build();
    }

    private static String workflowId(String name) {
        try {
            return Cadflow.workflowId(name);
        } catch (IllegalArgumentException wrong) {
            throw new HandlerException(HandlerException.ErrorType.BAD_REQUEST, wrong);
        }
    }
}
