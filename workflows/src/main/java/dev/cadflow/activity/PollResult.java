package dev.cadflow.activity;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import dev.cadflow.workflow.JobFinished;
import org.jspecify.annotations.Nullable;

/**
 * How a job stands.
 *
 * @param status as Makistry wrote it; one that is not known means that the job goes on
 * @param job the job where it is over, its download URL sealed; null while it goes on
 * @param makistryRequests what asking cost, all tries together; 0 where another's answer served
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public record PollResult(String status, @Nullable JobFinished job, int makistryRequests) {}
