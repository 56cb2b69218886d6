package dev.cadflow.archive;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import dev.cadflow.workflow.DeliveredBy;
import dev.cadflow.workflow.DesignMode;
import dev.cadflow.workflow.Measures;
import dev.cadflow.workflow.OutputFormat;
import java.io.IOException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What lies beside each file of an archive as {@code NAME.manifest.json}: what the file is, which job and workflow it
 * comes from, and how it came. Written as {@linkplain #toJson() canonical JSON}; its JSON schema is the resource
 * {@code dev/cadflow/archive/manifest.schema.json}. It holds no signed URL and no secret.
 *
 * @param manifestVersion {@value #VERSION}
 * @param archiveKey the key of the file
 * @param file its content
 * @param job Makistry's job
 * @param request what was asked for
 * @param workflow who asked
 * @param delivery how it came
 * @param quarantine why it is no accepted file; null for one that is
 * @param signature over this manifest without its signature; null where none is configured
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public record Manifest(
        int manifestVersion,
        String archiveKey,
        Content file,
        MakistryJob job,
        Request request,
        Workflow workflow,
        Delivery delivery,
        @Nullable Quarantine quarantine,
        @Nullable Signature signature) {
    /** The version that this class writes. */
    public static final int VERSION = 1;

    static final String SIGNATURE = "signature";

    /**
     * The bytes.
     *
     * @param sha256 64 lower-case hex digits
     * @param sizeBytes the length
     * @param mediaType such as {@code application/step}
     * @param outputFormat what they were proven to be; in a quarantine, what they should have been
     * @param measures what the proof measured; null where there was no proof
     */
    @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
    @JsonInclude(JsonInclude.Include.NON_NULL)
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record Content(
            String sha256,
            long sizeBytes,
            String mediaType,
            OutputFormat outputFormat,
            @Nullable Measures measures) {}

    /**
     * Makistry's job as Makistry described it; what it did not say is null.
     *
     * @param jobId Makistry's id
     * @param createdAt ISO 8601
     * @param updatedAt ISO 8601
     * @param brainstorm the design analysis, in whatever shape
     * @param tokensUsed billable tokens
     * @param latencyMs wall-clock time of the pipeline in milliseconds
     */
    @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
    @JsonInclude(JsonInclude.Include.NON_NULL)
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record MakistryJob(
            String jobId,
            @Nullable String createdAt,
            @Nullable String updatedAt,
            @Nullable JsonNode brainstorm,
            @Nullable Long tokensUsed,
            @Nullable Long latencyMs) {}

    /**
     * What was asked for.
     *
     * @param prompt as it was sent; null for a job from images alone and for one that was adopted without it
     * @param promptSha256 of the prompt's UTF-8; null where there is no prompt
     * @param designMode as Makistry's job has it; where it does not say, as asked for
     * @param fingerprint as {@link RequestFingerprint} has it; null for an adopted job
     */
    @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
    @JsonInclude(JsonInclude.Include.NON_NULL)
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record Request(
            @Nullable String prompt,
            @Nullable String promptSha256,
            DesignMode designMode,
            @Nullable String fingerprint) {}

    /**
     * The Temporal workflow that archived the file.
     *
     * @param workflowId its id
     * @param runId its run
     */
    @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record Workflow(String workflowId, String runId) {}

    /**
     * How the file came.
     *
     * @param deliveredBy how the workflow learned of the job's end
     * @param sourceHost the storage host that sent the bytes; never path or query of its URL
     * @param archivedAt when the bytes had been proven and were about to be published
     * @param cadflowVersion of the worker
     */
    @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record Delivery(DeliveredBy deliveredBy, String sourceHost, Instant archivedAt, String cadflowVersion) {}

    /**
     * Why the bytes are kept aside.
     *
     * @param reason the failure's type, such as {@code output_invalid}
     * @param message the failure's message
     */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record Quarantine(String reason, String message) {}

    /**
     * Who vouches for the manifest.
     *
     * @param algorithm {@code Ed25519}
     * @param publicKey the raw public key of 32 bytes in base64, to find the right one; trust only keys known from
     *     elsewhere
     * @param value the signature of 64 bytes in base64
     */
    @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record Signature(String algorithm, String publicKey, String value) {}

    /**
     * Reads a manifest.
     *
     * @throws IOException where the bytes are no manifest, or lack what every manifest has
     */
    public static Manifest parse(byte[] json) throws IOException {
        Manifest manifest = CanonicalJson.read(json, Manifest.class);
        if (manifest.manifestVersion() != VERSION || manifest.isIncomplete()) {
            throw new IOException("expected a cadflow manifest of version " + VERSION + ", found version "
                    + manifest.manifestVersion() + " or a field missing");
        }
        return manifest;
    }

    // JSON can leave anything out, whatever the record's types promise.
    @SuppressWarnings("ConstantValue")
    private boolean isIncomplete() {
        return archiveKey == null
                || file == null
                || file.sha256() == null
                || file.mediaType() == null
                || file.outputFormat() == null
                || job == null
                || job.jobId() == null;
    }

    /** The one JSON text of this manifest: sorted names, no white space, plain decimals, UTF-8. */
    public byte[] toJson() {
        return CanonicalJson.write(this);
    }

    Manifest signed(@Nullable Signature by) {
        return new Manifest(manifestVersion, archiveKey, file, job, request, workflow, delivery, quarantine, by);
    }

    Manifest quarantined(ArchiveKey aside, Quarantine why) {
        return new Manifest(manifestVersion, aside.value(), file, job, request, workflow, delivery, why, null);
    }

    /** Whether the file was made for such a request. */
    // JSON can leave anything out, whatever the record's types promise.
    @SuppressWarnings("ConstantValue")
    public boolean wasMadeFor(RequestFingerprint fingerprint) {
        return request != null && fingerprint.value().equals(request.fingerprint());
    }

    /** Whether both tell of the same bytes of the same job. */
    boolean sameFile(Manifest other) {
        return job.jobId().equals(other.job.jobId())
                && file.sha256().equals(other.file.sha256())
                && file.sizeBytes() == other.file.sizeBytes();
    }
}
