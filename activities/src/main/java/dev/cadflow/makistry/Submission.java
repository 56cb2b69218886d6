package dev.cadflow.makistry;

import dev.cadflow.workflow.CadRequest;
import dev.cadflow.workflow.Cadflow;
import dev.cadflow.workflow.DesignMode;
import dev.cadflow.workflow.OutputFormat;
import java.net.URI;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One purchase.
 *
 * @param idempotencyKey makes every further try give the same job; of UUID v4 shape
 * @param prompt what to make; null only where there are images
 * @param images what to work from, at most three; empty for a job from the prompt alone
 * @param designMode how much design work goes into it
 * @param outputFormat what the file will be
 * @param metadata echoed on the job and in its webhook; names the workflow
 * @param callbackUrl where Makistry sends its webhook; null for none
 */
public record Submission(
        UUID idempotencyKey,
        @Nullable String prompt,
        List<ImageFile> images,
        DesignMode designMode,
        OutputFormat outputFormat,
        Map<String, Object> metadata,
        @Nullable URI callbackUrl) {

    /**
     * The metadata key that holds the idempotency key, so that a job whose submit was never answered can be told from
     * one of an earlier run of the same workflow.
     */
    static final String SUBMIT_METADATA = Cadflow.RESERVED_METADATA_PREFIX + "submit";

    /** Copies the collections; JSON allows null values in metadata, so does this. */
    public Submission {
        images = List.copyOf(images);
        metadata = Collections.unmodifiableMap(new LinkedHashMap<>(metadata));
    }

    /**
     * The purchase that a workflow asks for, its id added to the metadata so that the webhook finds it.
     *
     * @param images those of the request, in its order
     */
    public static Submission of(
            CadRequest request,
            List<ImageFile> images,
            UUID idempotencyKey,
            String workflowId,
            @Nullable URI callbackUrl) {
        Map<String, Object> metadata = new LinkedHashMap<>(request.metadata());
        metadata.put(Cadflow.WORKFLOW_ID_METADATA, workflowId);
        metadata.put(SUBMIT_METADATA, idempotencyKey.toString());
        return new Submission(
                idempotencyKey,
                request.prompt(),
                images,
                request.designModeOrDefault(),
                request.outputFormatOrDefault(),
                metadata,
                callbackUrl);
    }

    /** Whether the job is the one that a purchase under that key made. */
    public static boolean made(Job job, UUID idempotencyKey) {
        return idempotencyKey.toString().equals(job.metadata().get(SUBMIT_METADATA));
    }
}
