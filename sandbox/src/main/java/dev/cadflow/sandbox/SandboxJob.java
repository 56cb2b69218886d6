package dev.cadflow.sandbox;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cadflow.sandbox.part.BoxWithHole;
import dev.cadflow.sandbox.part.OutputFormat;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the sandbox knows of a job, at one moment.
 *
 * @param jobId {@code pub_} and 12 hexadecimal digits
 * @param prompt null where only images were given
 * @param metadata as submitted, a copy; empty where none was
 * @param callbackUrl null where the job is only polled
 * @param idempotencyKey null where the submit had none
 * @param part the part that the job makes
 * @param expiresAt from then on the job answers 410
 * @param errorCode null unless the job failed
 * @param errorMessage null unless the job failed
 * @param deliveries the tries to deliver its webhook so far, oldest first
 */
public record SandboxJob(
        String jobId,
        JobStatus status,
        Endpoint endpoint,
        DesignMode designMode,
        OutputFormat outputFormat,
        @Nullable String prompt,
        ObjectNode metadata,
        @Nullable URI callbackUrl,
        @Nullable String idempotencyKey,
        BoxWithHole part,
        Instant createdAt,
        Instant updatedAt,
        Instant expiresAt,
        @Nullable String errorCode,
        @Nullable String errorMessage,
        List<Delivery> deliveries) {

    /** Copies what can be changed. */
    public SandboxJob {
        metadata = metadata.deepCopy();
        deliveries = List.copyOf(deliveries);
    }
}
