package dev.cadflow.workflow;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.net.URI;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a finished workflow answers: the archived file and what Makistry said of the job.
 *
 * @param jobId Makistry's job; for a file from the archive, the one that made it then
 * @param file the file in the archive
 * @param manifestUri the manifest beside it
 * @param brainstorm Makistry's design analysis as it came; null where there was none
 * @param tokensUsed billable tokens; null where Makistry did not say
 * @param latencyMs wall-clock time of Makistry's pipeline in milliseconds; null where Makistry did not say
 * @param metadata the caller's metadata, as in the request
 * @param deliveredBy how the workflow learned that the job was done
 * @param makistryRequests how many API requests this job cost, those that failed included; downloads are none
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public record CadResult(
        String jobId,
        CadFile file,
        URI manifestUri,
        @Nullable JsonNode brainstorm,
        @Nullable Long tokensUsed,
        @Nullable Long latencyMs,
        Map<String, Object> metadata,
        DeliveredBy deliveredBy,
        int makistryRequests) {

    /** Copies the metadata and takes a JSON null for no brainstorm. */
    public CadResult(
            String jobId,
            CadFile file,
            URI manifestUri,
            @Nullable JsonNode brainstorm,
            @Nullable Long tokensUsed,
            @Nullable Long latencyMs,
            @Nullable Map<String, Object> metadata,
            DeliveredBy deliveredBy,
            int makistryRequests) {
        this.jobId = jobId;
        this.file = file;
        this.manifestUri = manifestUri;
        this.brainstorm = brainstorm == null || brainstorm.isNull() ? null : brainstorm;
        this.tokensUsed = tokensUsed;
        this.latencyMs = latencyMs;
        this.metadata = metadata == null ? Map.of() : Collections.unmodifiableMap(new LinkedHashMap<>(metadata));
        this.deliveredBy = deliveredBy;
        this.makistryRequests = makistryRequests;
    }
}
