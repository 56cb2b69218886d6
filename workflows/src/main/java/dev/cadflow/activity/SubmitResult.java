package dev.cadflow.activity;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import org.jspecify.annotations.Nullable;

/**
 * The accepted job.
 *
 * @param jobId Makistry's id
 * @param waitPlan how to wait for it, from the worker's configuration
 * @param makistryRequests what the submit cost, all tries together
 * @param searchAttributes whether the workflow sets {@link dev.cadflow.workflow.CadSearchAttributes}: the worker was
 *     told to and found them in the namespace. Decided here, so that a replay sees the same; absent means false
 * @param fingerprint tells identical requests, images by their content: 64 hex digits, kept in the archive for later
 *     requests with {@code reuse}; null where it is not known, as for an adopted job
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public record SubmitResult(
        String jobId,
        WaitPlan waitPlan,
        int makistryRequests,
        boolean searchAttributes,
        @Nullable String fingerprint) {
    /** Without search attributes and fingerprint. */
    public SubmitResult(String jobId, WaitPlan waitPlan, int makistryRequests) {
        this(jobId, waitPlan, makistryRequests, false, null);
    }

    /** The same, with search attributes. */
    public SubmitResult withSearchAttributes() {
        return new SubmitResult(jobId, waitPlan, makistryRequests, true, fingerprint);
    }

    /** The same, with the request's fingerprint. */
    public SubmitResult withFingerprint(@Nullable String of) {
        return new SubmitResult(jobId, waitPlan, makistryRequests, searchAttributes, of);
    }
}
