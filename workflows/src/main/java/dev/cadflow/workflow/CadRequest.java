package dev.cadflow.workflow;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What to make. In JSON the names are in snake case and what is null is left out.
 *
 * <p>The record itself refuses nothing, so that a caller can always send it: the workflow checks every rule at its
 * first task and fails with {@code invalid_input}, which names each field, its rule and the value found.
 *
 * @param prompt what to make, 1 to 5000 characters; may be null where there are images or a job id
 * @param images up to 3 URIs ({@code file:}, {@code https:}, {@code s3:}) of images to work from; null means none
 * @param designMode null means {@link DesignMode#STANDARD}
 * @param outputFormat null means {@link OutputFormat#STEP}
 * @param metadata the caller's own JSON object, echoed in the result; keys that begin with {@code cadflow_} are
 *     refused; null means none
 * @param deadline how long to wait for the job after Makistry accepted it; null means the worker's setting for the
 *     design mode
 * @param jobId a job to adopt instead of submitting one; null means submit
 * @param archiveKey where in the archive the file goes, parts separated by {@code /}; the format's extension is added
 *     where it is missing; null means a key made of workflow id and job id
 * @param expect what the file must be to be accepted; null means any file that is proven to be of its format
 * @param resubmitOnExpiry whether to pay again, once, where Makistry has deleted the file before it was archived;
 *     false means to fail with {@code output_expired}
 * @param reuse whether an identical earlier request (same prompt, images, mode and format) may be answered from the
 *     archive, without a job. The file stays where it is, whatever archive key this request has, and must be what it
 *     expects; where there is none, and for a request with a job id, all goes on as without it. False means to make a
 *     new file
 * @param idempotencyKey what two workflows share that are to buy one job between them, where they ask for the same part:
 *     1 to 200 characters. A parent sets one that survives its own reset, after which it starts children anew. A job that
 *     failed is not bought again under it either. Null means the workflow's own
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record CadRequest(
        @Nullable String prompt,
        List<String> images,
        @Nullable DesignMode designMode,
        @Nullable OutputFormat outputFormat,
        Map<String, Object> metadata,
        @Nullable Duration deadline,
        @Nullable String jobId,
        @Nullable String archiveKey,
        @Nullable Expectation expect,
        @JsonInclude(JsonInclude.Include.NON_DEFAULT) boolean resubmitOnExpiry,
        @JsonInclude(JsonInclude.Include.NON_DEFAULT) boolean reuse,
        @Nullable String idempotencyKey) {

    /** Copies the collections; JSON allows null values in metadata, so does this. */
    public CadRequest(
            @Nullable String prompt,
            @Nullable List<String> images,
            @Nullable DesignMode designMode,
            @Nullable OutputFormat outputFormat,
            @Nullable Map<String, Object> metadata,
            @Nullable Duration deadline,
            @Nullable String jobId,
            @Nullable String archiveKey,
            @Nullable Expectation expect,
            @JsonInclude(JsonInclude.Include.NON_DEFAULT) boolean resubmitOnExpiry,
            @JsonInclude(JsonInclude.Include.NON_DEFAULT) boolean reuse,
            @Nullable String idempotencyKey) {
        this.prompt = prompt;
        this.images = images == null ? List.of() : List.copyOf(images);
        this.designMode = designMode;
        this.outputFormat = outputFormat;
        this.metadata = metadata == null ? Map.of() : Collections.unmodifiableMap(new LinkedHashMap<>(metadata));
        this.deadline = deadline;
        this.jobId = jobId;
        this.archiveKey = archiveKey;
        this.expect = expect;
        this.resubmitOnExpiry = resubmitOnExpiry;
        this.reuse = reuse;
        this.idempotencyKey = idempotencyKey;
    }

    /** A request for a STEP file of standard design, made from the prompt. */
    public static CadRequest of(String prompt) {
        return builder().prompt(prompt).build();
    }

    /** A request that waits for and archives a job that has been submitted already. */
    public static CadRequest adopting(String jobId) {
        return builder().jobId(jobId).build();
    }

    /** The same request as a new purchase, adopting no job. */
    public CadRequest withoutJobId() {
        return new CadRequest(
                prompt,
                images,
                designMode,
                outputFormat,
                metadata,
                deadline,
                null,
                archiveKey,
                expect,
                resubmitOnExpiry,
                reuse,
                idempotencyKey);
    }

    /** A builder with nothing set. */
    public static Builder builder() {
        return new Builder();
    }

    /** The design mode with its default in place. */
    public DesignMode designModeOrDefault() {
        return designMode == null ? DesignMode.STANDARD : designMode;
    }

    /** The output format with its default in place. */
    public OutputFormat outputFormatOrDefault() {
        return outputFormat == null ? OutputFormat.STEP : outputFormat;
    }

    /** The design mode as far as the request tells it: null where it adopts a job and names none. */
    public @Nullable DesignMode knownDesignMode() {
        return jobId == null ? designModeOrDefault() : designMode;
    }

    /** The output format as far as the request tells it: null where it adopts a job and names none. */
    public @Nullable OutputFormat knownOutputFormat() {
        return jobId == null ? outputFormatOrDefault() : outputFormat;
    }

    /** Builds a {@link CadRequest}; each setter's meaning, unit and default is that of the record's component. */
    public static final class Builder {
        private @Nullable String prompt;
        private @Nullable List<String> images;
        private @Nullable DesignMode designMode;
        private @Nullable OutputFormat outputFormat;
        private @Nullable Map<String, Object> metadata;
        private @Nullable Duration deadline;
        private @Nullable String jobId;
        private @Nullable String archiveKey;
        private @Nullable Expectation expect;
        private boolean resubmitOnExpiry;
        private boolean reuse;
        private @Nullable String idempotencyKey;

        private Builder() {}

        public Builder prompt(@Nullable String prompt) {
            this.prompt = prompt;
            return this;
        }

        public Builder images(@Nullable List<String> images) {
            this.images = images;
            return this;
        }

        public Builder designMode(@Nullable DesignMode designMode) {
            this.designMode = designMode;
            return this;
        }

        public Builder outputFormat(@Nullable OutputFormat outputFormat) {
            this.outputFormat = outputFormat;
            return this;
        }

        public Builder metadata(@Nullable Map<String, Object> metadata) {
            this.metadata = metadata;
            return this;
        }

        public Builder deadline(@Nullable Duration deadline) {
            this.deadline = deadline;
            return this;
        }

        public Builder jobId(@Nullable String jobId) {
            this.jobId = jobId;
            return this;
        }

        public Builder archiveKey(@Nullable String archiveKey) {
            this.archiveKey = archiveKey;
            return this;
        }

        public Builder expect(@Nullable Expectation expect) {
            this.expect = expect;
            return this;
        }

        public Builder resubmitOnExpiry(boolean resubmitOnExpiry) {
            this.resubmitOnExpiry = resubmitOnExpiry;
            return this;
        }

        public Builder reuse(boolean reuse) {
            this.reuse = reuse;
            return this;
        }

        public Builder idempotencyKey(@Nullable String idempotencyKey) {
            this.idempotencyKey = idempotencyKey;
            return this;
        }

        public CadRequest build() {
            return new CadRequest(
                    prompt,
                    images,
                    designMode,
                    outputFormat,
                    metadata,
                    deadline,
                    jobId,
                    archiveKey,
                    expect,
                    resubmitOnExpiry,
                    reuse,
                    idempotencyKey);
        }
    }
}
