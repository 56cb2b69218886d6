package dev.cadflow.activity;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import dev.cadflow.workflow.CadRequest;
import dev.cadflow.workflow.DeliveredBy;
import dev.cadflow.workflow.JobFinished;
import dev.cadflow.workflow.OutputFormat;
import org.jspecify.annotations.Nullable;

/**
 * What to archive, and what its manifest tells.
 *
 * @param archiveKey where it goes, with extension; unique to the job unless the caller chose it
 * @param outputFormat what the bytes must prove to be
 * @param job the job that succeeded, its download URL sealed or missing
 * @param request as the workflow took it
 * @param workflowId of the workflow that bought or adopted the job
 * @param runId of its run
 * @param deliveredBy how the workflow learned of the job's end
 * @param fingerprint as the submit gave it; null where it gave none
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public record ArchiveInput(
        String archiveKey,
        OutputFormat outputFormat,
        JobFinished job,
        CadRequest request,
        String workflowId,
        String runId,
        DeliveredBy deliveredBy,
        @Nullable String fingerprint) {}
