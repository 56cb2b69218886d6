package dev.cadflow.workflow;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How far a batch is, as the query {@code progress} answers it. Times are the workflow's own clock.
 *
 * @param stage what the batch does now
 * @param since when that stage began
 * @param counts how many parts have ended how so far
 * @param running how many parts are in work
 * @param makistryRequests API requests that the parts which succeeded have cost so far
 * @param failures the first {@value CadBatchResult#MOST_FAILURES} parts that failed
 * @param reportUri the report in the archive; null until it is written
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public record CadBatchProgress(
        Stage stage,
        Instant since,
        CadBatchCounts counts,
        int running,
        int makistryRequests,
        List<CadBatchPart> failures,
        @Nullable URI reportUri) {

    /** Copies the failures. */
    public CadBatchProgress {
        failures = List.copyOf(failures);
    }

    /** The stages of a batch's life, in order; the last three are ends. */
    public enum Stage {
        /** The file that lists the parts is read. */
        @JsonProperty("preparing")
        PREPARING,
        /** Parts are started as others end. */
        @JsonProperty("running")
        RUNNING,
        /** No more parts are started; those in work are waited for. */
        @JsonProperty("draining")
        DRAINING,
        /** All that were started have ended, and the report is in the archive. */
        @JsonProperty("done")
        DONE,
        /** The batch has failed; its failure says why and what to do next. */
        @JsonProperty("failed")
        FAILED,
        /** The batch was cancelled. */
        @JsonProperty("cancelled")
        CANCELLED
    }
}
