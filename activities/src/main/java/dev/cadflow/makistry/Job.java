package dev.cadflow.makistry;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cadflow.workflow.FailureType;
import java.net.URI;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A job as Makistry tells of it, in an answer or in a webhook. Only id and status are sure; a field that is missing or
 * of another type than documented is null, and one that is not documented is ignored.
 *
 * @param jobId 1 to 128 characters of {@code A-Z a-z 0-9 _ -}
 * @param status {@code queued}, {@code processing}, {@code success}, {@code failed}, or one of tomorrow
 * @param endpoint {@code text_to_cad} or {@code image_to_cad}
 * @param designMode as submitted
 * @param outputFormat as submitted
 * @param createdAt ISO 8601, as it came
 * @param updatedAt ISO 8601, as it came
 * @param metadata as submitted, unmodifiable; empty where there is none
 * @param downloadUrl a signed URL of the file, {@code http} or {@code https}; secret, so {@link #toString()} has it not
 * @param expiresAt ISO 8601, as it came: when Makistry deletes the file
 * @param brainstorm Makistry's design analysis, in whatever shape; null where there is none, or one of more than 64 KiB
 * @param tokensUsed billable tokens
 * @param latencyMs wall-clock time of Makistry's pipeline in milliseconds
 * @param errorCode of a failed job
 * @param errorMessage of a failed job, for a person
 */
public record Job(
        String jobId,
        String status,
        @Nullable String endpoint,
        @Nullable String designMode,
        @Nullable String outputFormat,
        @Nullable String createdAt,
        @Nullable String updatedAt,
        Map<String, Object> metadata,
        @Nullable URI downloadUrl,
        @Nullable String expiresAt,
        @Nullable JsonNode brainstorm,
        @Nullable Long tokensUsed,
        @Nullable Long latencyMs,
        @Nullable String errorCode,
        @Nullable String errorMessage) {

    private static final Pattern JOB_ID = Pattern.compile("[A-Za-z0-9_-]{1,128}");

    /** Copies the metadata; JSON allows null values there, so does this. */
    public Job {
        metadata = Collections.unmodifiableMap(new LinkedHashMap<>(metadata));
    }

    /**
     * Reads a job.
     *
     * @param json the bytes of an answer or of a webhook, in UTF-8
     * @throws MakistryException of type {@code service_unavailable} where they are not a JSON object with a
     *     {@code job_id} and a {@code status}
     */
    public static Job parse(byte[] json) {
        return JobJson.read(json);
    }

    /** Whether the text can be the id of a job: nothing else may become part of a request's path. */
    public static boolean isJobId(@Nullable String text) {
        return text != null && JOB_ID.matcher(text).matches();
    }

    /**
     * The text, where it can be the id of a job.
     *
     * @throws MakistryException of type {@code invalid_input} where it cannot
     */
    public static String requireJobId(String text) {
        if (isJobId(text)) {
            return text;
        }
        String shown = text.length() <= 40 ? text : text.substring(0, 40) + "… (" + text.length() + " characters)";
        throw MakistryException.of(
                FailureType.INVALID_INPUT,
                "job_id: expected 1 to 128 characters of A-Z, a-z, 0-9, '_' or '-', found \"" + shown
                        + "\"; Makistry was not asked");
    }

    /** Names the job and its status, nothing that is secret or large. */
    @Override
    public String toString() {
        return "Job[jobId=" + jobId + ", status=" + status + "]";
    }
}
