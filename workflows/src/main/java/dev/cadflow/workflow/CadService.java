package dev.cadflow.workflow;

import io.nexusrpc.Operation;
import io.nexusrpc.Service;

/**
 * cadflow for workflows of another namespace, by a Nexus endpoint whose target is the namespace and task queue of a
 * cadflow worker.
 */
@Service(name = CadService.NAME)
public interface CadService {
    /** The service's name. */
    String NAME = "CadService";

    /**
     * Makes a file as {@link GenerateCadWorkflow} does. Asynchronous: a workflow stands behind the operation, and
     * cancelling the operation cancels it.
     *
     * <p>A failure reaches the caller as a {@code NexusOperationFailure}; {@link CadFailure#from(Throwable)} gives it
     * back typed. An operation that is retried starts one workflow.
     *
     * @param order what to make
     * @return the archived file
     */
    @Operation
    CadResult generate(CadOrder order);
}
