package dev.cadflow.makistry;

import dev.cadflow.workflow.CadRequest;
import dev.cadflow.workflow.Cadflow;
import dev.cadflow.workflow.DesignMode;
import dev.cadflow.workflow.OutputFormat;
import java.net.URI;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One purchase.
 *
 * @param idempotencyKey makes every further try give the same job; of UUID v4 shape
 * @param prompt what to make; null only where there are images
 * @param designMode how much design work goes into it
 * @param outputFormat what the file will be
 * @param metadata echoed on the job and in its webhook; names the workflow
 * @param callbackUrl where Makistry sends its webhook; null for none
 */
public record Submission(
        UUID idempotencyKey,
        @Nullable String prompt,
        DesignMode designMode,
        OutputFormat outputFormat,
        Map<String, Object> metadata,
        @Nullable URI callbackUrl) {

    /** Copies the metadata; JSON allows null values there, so does this. */
    public Submission {
        metadata = Collections.unmodifiableMap(new LinkedHashMap<>(metadata));
    }

    /** The purchase that a workflow asks for, its id added to the metadata so that the webhook finds it. */
    public static Submission of(CadRequest request, UUID idempotencyKey, String workflowId, @Nullable URI callbackUrl) {
        Map<String, Object> metadata = new LinkedHashMap<>(request.metadata());
        metadata.put(Cadflow.WORKFLOW_ID_METADATA, workflowId);
        return new Submission(
                idempotencyKey,
                request.prompt(),
                request.designModeOrDefault(),
                request.outputFormatOrDefault(),
                metadata,
                callbackUrl);
    }
}
