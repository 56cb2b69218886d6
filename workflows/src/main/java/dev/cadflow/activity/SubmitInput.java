package dev.cadflow.activity;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import dev.cadflow.workflow.CadRequest;
import java.util.UUID;

/**
 * What to submit.
 *
 * @param request the request, checked
 * @param idempotencyKey the same for every try of the same purchase, of UUID v4 shape
 * @param workflowId goes into the job's metadata, so that its webhook finds the workflow
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public record SubmitInput(CadRequest request, UUID idempotencyKey, String workflowId) {}
