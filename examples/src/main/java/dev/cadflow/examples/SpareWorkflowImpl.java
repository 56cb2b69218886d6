package dev.cadflow.examples;

import dev.cadflow.workflow.CadFailure;
import dev.cadflow.workflow.CadOrder;
import dev.cadflow.workflow.CadRequest;
import dev.cadflow.workflow.CadResult;
import dev.cadflow.workflow.CadService;
import io.temporal.failure.NexusOperationFailure;
import io.temporal.workflow.NexusOperationOptions;
import io.temporal.workflow.NexusServiceOptions;
import io.temporal.workflow.Workflow;
import java.time.Duration;

/** Orders the part by Nexus. */
public final class SpareWorkflowImpl implements SpareWorkflow {
    // snippet: nexus
    private final CadService cad = Workflow.newNexusServiceStub(
            CadService.class,
            NexusServiceOptions.newBuilder()
                    .setEndpoint("cadflow")
                    .setOperationOptions(NexusOperationOptions.newBuilder()
                            .setScheduleToCloseTimeout(Duration.ofHours(1))
                            .build())
                    .build());

    @Override
    public CadResult make(String partNumber, String description) {
        try {
            return cad.generate(CadOrder.named(partNumber, CadRequest.of(description)));
        } catch (NexusOperationFailure failure) {
            throw CadFailure.from(failure)
                    .map(why -> (RuntimeException) why.toFinalFailure(null))
                    .orElse(failure);
        }
    }
    // end snippet
}
