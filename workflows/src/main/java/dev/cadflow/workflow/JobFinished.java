package dev.cadflow.workflow;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import org.jspecify.annotations.Nullable;

/**
 * A job of Makistry's that is over, shaped as its webhook has it; the argument of the {@code jobFinished} signal and
 * the answer of a poll. Everything but id and status may be missing, and fields that are not named here are ignored.
 *
 * @param jobId which job
 * @param status {@code success} or {@code failed}; anything else is not an end and is ignored
 * @param endpoint {@code text_to_cad} or {@code image_to_cad}
 * @param designMode as submitted
 * @param outputFormat as submitted
 * @param createdAt ISO 8601
 * @param updatedAt ISO 8601
 * @param downloadUrl where the file is, <em>sealed</em>: it begins with {@value #SEALED_PREFIX} and only a worker
 *     that has the API key can open it. A URL that is not sealed is never followed; the archive asks Makistry instead
 * @param expiresAt ISO 8601, when Makistry deletes the file
 * @param brainstorm Makistry's design analysis, in whatever shape
 * @param tokensUsed billable tokens
 * @param latencyMs wall-clock time of Makistry's pipeline in milliseconds
 * @param errorCode of a failed job, such as {@code geometry_validation_failed}
 * @param errorMessage of a failed job, for a person
 * @param deliveredBy how the sender of a signal learned of it; null means by webhook
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public record JobFinished(
        String jobId,
        String status,
        @Nullable String endpoint,
        @Nullable String designMode,
        @Nullable String outputFormat,
        @Nullable String createdAt,
        @Nullable String updatedAt,
        @Nullable String downloadUrl,
        @Nullable String expiresAt,
        @Nullable JsonNode brainstorm,
        @Nullable Long tokensUsed,
        @Nullable Long latencyMs,
        @Nullable String errorCode,
        @Nullable String errorMessage,
        @Nullable DeliveredBy deliveredBy) {

    /** What a sealed download URL begins with. */
    public static final String SEALED_PREFIX = "sealed:";

    private static final String SUCCESS = "success";
    private static final String FAILED = "failed";

    /** Drops a download URL that is not sealed, and takes a JSON null for no brainstorm. */
    public JobFinished {
        if (downloadUrl != null && !downloadUrl.startsWith(SEALED_PREFIX)) {
            downloadUrl = null;
        }
        if (brainstorm != null && brainstorm.isNull()) {
            brainstorm = null;
        }
    }

    /** A job as Makistry tells of it, who does not say how. */
    public JobFinished(
            String jobId,
            String status,
            @Nullable String endpoint,
            @Nullable String designMode,
            @Nullable String outputFormat,
            @Nullable String createdAt,
            @Nullable String updatedAt,
            @Nullable String downloadUrl,
            @Nullable String expiresAt,
            @Nullable JsonNode brainstorm,
            @Nullable Long tokensUsed,
            @Nullable Long latencyMs,
            @Nullable String errorCode,
            @Nullable String errorMessage) {
        this(
                jobId,
                status,
                endpoint,
                designMode,
                outputFormat,
                createdAt,
                updatedAt,
                downloadUrl,
                expiresAt,
                brainstorm,
                tokensUsed,
                latencyMs,
                errorCode,
                errorMessage,
                null);
    }

    /** The same, found by a request of our own that was not made for its workflow. */
    public JobFinished foundByPoll() {
        return new JobFinished(
                jobId,
                status,
                endpoint,
                designMode,
                outputFormat,
                createdAt,
                updatedAt,
                downloadUrl,
                expiresAt,
                brainstorm,
                tokensUsed,
                latencyMs,
                errorCode,
                errorMessage,
                DeliveredBy.POLL);
    }

    /** Whether Makistry has made the file. */
    public boolean succeeded() {
        return SUCCESS.equals(status);
    }

    /** Whether the job is over, for good or bad. A status that is not known is not an end. */
    public boolean isTerminal() {
        return succeeded() || FAILED.equals(status);
    }

    /** Names the job and its status, nothing that is secret or large. */
    @Override
    public String toString() {
        return "JobFinished[jobId=" + jobId + ", status=" + status + "]";
    }
}
