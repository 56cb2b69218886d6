package dev.cadflow.workflow;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a workflow does now, as the query {@code progress} answers it. Times are the workflow's own clock.
 *
 * @param stage where in its life the workflow is
 * @param since when that stage began
 * @param jobId Makistry's job; null before it is submitted
 * @param jobStatus the last status that Makistry gave; null before any
 * @param callbackRegistered whether a webhook is expected; false until the job is submitted
 * @param nextPollAt when the job is asked for next; null where no poll is planned
 * @param deadlineAt when the wait ends with {@code generation_timeout}; null before the job is submitted
 * @param polls how many polls have been made
 * @param ignoredSignals how many signals were malformed, foreign, repeated or no end
 * @param makistryRequests how many API requests the workflow knows to have cost so far
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public record CadProgress(
        Stage stage,
        Instant since,
        @Nullable String jobId,
        @Nullable String jobStatus,
        boolean callbackRegistered,
        @Nullable Instant nextPollAt,
        @Nullable Instant deadlineAt,
        int polls,
        int ignoredSignals,
        int makistryRequests) {

    /** The stages of a workflow's life, in order; the last three are ends. */
    public enum Stage {
        /** The request is being submitted to Makistry, or waits for its turn in the quota. */
        @JsonProperty("submitting")
        SUBMITTING,
        /** Makistry works; the workflow waits for the webhook or its next poll. */
        @JsonProperty("waiting")
        WAITING,
        /** The file is downloaded, proven and archived. */
        @JsonProperty("archiving")
        ARCHIVING,
        /** The file is in the archive. */
        @JsonProperty("done")
        DONE,
        /** The workflow has failed; its failure says why and what to do next. */
        @JsonProperty("failed")
        FAILED,
        /** The workflow was cancelled. */
        @JsonProperty("cancelled")
        CANCELLED
    }
}
