package dev.cadflow.activity;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;

/**
 * The accepted job.
 *
 * @param jobId Makistry's id
 * @param waitPlan how to wait for it, from the worker's configuration
 * @param makistryRequests what the submit cost, all tries together
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public record SubmitResult(String jobId, WaitPlan waitPlan, int makistryRequests) {}
