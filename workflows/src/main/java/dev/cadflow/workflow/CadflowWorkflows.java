package dev.cadflow.workflow;

import dev.cadflow.workflow.internal.GenerateCadWorkflowImpl;
import io.temporal.common.converter.DataConverterException;
import io.temporal.worker.Worker;
import io.temporal.worker.WorkflowImplementationOptions;

/** Puts the workflows on a worker. */
public final class CadflowWorkflows {
    private CadflowWorkflows() {}

    /**
     * Registers every workflow of this module. The worker's task queue needs an implementation of
     * {@link dev.cadflow.activity.CadActivities} too.
     */
    public static void register(Worker worker) {
        worker.registerWorkflowImplementationTypes(implementationOptions(), GenerateCadWorkflowImpl.class);
    }

    /** Input that is not even JSON fails the workflow, where the default would try its first task for ever. */
    private static WorkflowImplementationOptions implementationOptions() {
        return WorkflowImplementationOptions.newBuilder()
                .setFailWorkflowExceptionTypes(DataConverterException.class)
                .build();
    }
}
