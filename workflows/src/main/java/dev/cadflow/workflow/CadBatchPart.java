package dev.cadflow.workflow;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import org.jspecify.annotations.Nullable;

/**
 * How one part of a batch ended; a line of its report.
 *
 * @param number its place in the request from 1, or the line of the file that it begins on
 * @param name its own name; null where it has none
 * @param status how it ended
 * @param workflowId of its workflow; null where the part could not even be read
 * @param jobId Makistry's job; null where none is known
 * @param file the file in the archive; null unless the part succeeded
 * @param failure why there is no file; null unless the part failed
 * @param makistryRequests API requests that it is known to have cost; 0 for one that failed, of which it is not known
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public record CadBatchPart(
        int number,
        @Nullable String name,
        Status status,
        @Nullable String workflowId,
        @Nullable String jobId,
        @Nullable CadFile file,
        @Nullable Failure failure,
        int makistryRequests) {

    /** The ways in which a part ends. */
    public enum Status {
        /** Its file is in the archive. */
        @JsonProperty("succeeded")
        SUCCEEDED,
        /** There is no file; the failure says why. */
        @JsonProperty("failed")
        FAILED,
        /** Its workflow was cancelled, on its own or with the batch; its query {@code progress} names the job, if any. */
        @JsonProperty("cancelled")
        CANCELLED,
        /**
         * A workflow of its id has succeeded before or still runs, because this batch was started before. Nothing was
         * bought; that workflow has the result.
         */
        @JsonProperty("already_started")
        ALREADY_STARTED
    }

    /**
     * Why there is no file.
     *
     * @param type the wire name of a {@link FailureType}; {@code terminated}, {@code timed_out} or {@code unknown}
     *     where the part's workflow did not end by itself
     * @param message what was expected and what was found, shortened
     * @param nextStep what to do next, for a person; null where that is not known
     */
    @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
    @JsonInclude(JsonInclude.Include.NON_NULL)
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record Failure(
            String type, String message, @Nullable String nextStep) {}
}
