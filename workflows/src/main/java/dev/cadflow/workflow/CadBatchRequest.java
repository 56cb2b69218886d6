package dev.cadflow.workflow;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Which parts to make: either listed here or in a file. In JSON the names are in snake case and what is null is left
 * out. As with {@link CadRequest}, the workflow checks every rule, not this record.
 *
 * @param requests the parts, up to {@value #MOST_INLINE}; empty where a file lists them
 * @param requestsUri a JSON Lines or CSV file ({@code file:}, {@code https:}, {@code s3:}) in the archive or in a place
 *     that the worker allows; null where they are listed here
 * @param atOnce how many parts may be in work at once, 1 to {@value #MOST_AT_ONCE}; null means
 *     {@value #DEFAULT_AT_ONCE}
 * @param failFast whether the first part that fails ends the batch: no more parts are started, those in work are
 *     finished, since they are paid for, and the batch fails; false means to go on
 * @param metadata added to the metadata of every part, whose own keys win, and echoed in the result; null means none
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record CadBatchRequest(
        List<Part> requests,
        @Nullable String requestsUri,
        @Nullable Integer atOnce,
        @JsonInclude(JsonInclude.Include.NON_DEFAULT) boolean failFast,
        Map<String, Object> metadata) {

    /** How many parts are in work at once where the request does not say. */
    public static final int DEFAULT_AT_ONCE = 20;

    /** The most parts in work at once. */
    public static final int MOST_AT_ONCE = 200;

    /** The most parts in the request itself; a file may list 100,000. */
    public static final int MOST_INLINE = 500;

    private static final Pattern PART_NAME = Pattern.compile("[A-Za-z0-9._-]{1,100}");

    /**
     * One part of a batch: a request and a name of its own, side by side in one JSON object.
     *
     * @param name 1 to 100 letters, digits, {@code .}, {@code _} or {@code -}, unique in its batch; part of the
     *     workflow id; null means the part's number
     * @param request what to make
     */
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    public record Part(@Nullable String name, @JsonUnwrapped CadRequest request) {}

    /** Copies the collections; JSON allows null values in metadata, so does this. */
    public CadBatchRequest(
            @Nullable List<Part> requests,
            @Nullable String requestsUri,
            @Nullable Integer atOnce,
            @JsonInclude(JsonInclude.Include.NON_DEFAULT) boolean failFast,
            @Nullable Map<String, Object> metadata) {
        this.requests = requests == null ? List.of() : List.copyOf(requests);
        this.requestsUri = requestsUri;
        this.atOnce = atOnce;
        this.failFast = failFast;
        this.metadata = metadata == null ? Map.of() : Collections.unmodifiableMap(new LinkedHashMap<>(metadata));
    }

    /** Whether a part may be named so: 1 to 100 letters, digits, {@code .}, {@code _} or {@code -}. */
    public static boolean isPartName(String name) {
        return PART_NAME.matcher(name).matches();
    }

    /** A batch of these requests, numbered from 1, with all defaults. */
    public static CadBatchRequest of(List<CadRequest> requests) {
        List<Part> parts =
                requests.stream().map(request -> new Part(null, request)).toList();
        return new CadBatchRequest(parts, null, null, false, null);
    }

    /** A batch of the parts in that file, with all defaults. */
    public static CadBatchRequest ofFile(String requestsUri) {
        return new CadBatchRequest(null, requestsUri, null, false, null);
    }

    /** The same with that many parts at once. */
    public CadBatchRequest withAtOnce(int parts) {
        return new CadBatchRequest(requests, requestsUri, parts, failFast, metadata);
    }

    /** The same, ending with the first part that fails. */
    public CadBatchRequest failingFast() {
        return new CadBatchRequest(requests, requestsUri, atOnce, true, metadata);
    }

    /** The same with that metadata for every part. */
    public CadBatchRequest withMetadata(Map<String, Object> forEveryPart) {
        return new CadBatchRequest(requests, requestsUri, atOnce, failFast, forEveryPart);
    }
}
