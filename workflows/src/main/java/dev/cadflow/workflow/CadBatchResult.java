package dev.cadflow.workflow;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.net.URI;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a finished batch answers; bounded in size however many parts there are.
 *
 * @param counts how many parts ended how
 * @param makistryRequests API requests that the parts which succeeded have cost
 * @param reportUri a JSON Lines file in the archive with a {@link CadBatchPart} for each part that was not skipped, in
 *     the order in which they ended
 * @param parts all of these, where the batch has at most {@value #MOST_PARTS}; empty otherwise
 * @param failures the first {@value #MOST_FAILURES} parts that failed
 * @param metadata as in the request
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public record CadBatchResult(
        CadBatchCounts counts,
        int makistryRequests,
        URI reportUri,
        List<CadBatchPart> parts,
        List<CadBatchPart> failures,
        Map<String, Object> metadata) {

    /** The most parts that a result lists. */
    public static final int MOST_PARTS = 100;

    /** The most failures that a result or a progress lists. */
    public static final int MOST_FAILURES = 20;

    /** Copies the collections. */
    public CadBatchResult(
            CadBatchCounts counts,
            int makistryRequests,
            URI reportUri,
            @Nullable List<CadBatchPart> parts,
            @Nullable List<CadBatchPart> failures,
            @Nullable Map<String, Object> metadata) {
        this.counts = counts;
        this.makistryRequests = makistryRequests;
        this.reportUri = reportUri;
        this.parts = parts == null ? List.of() : List.copyOf(parts);
        this.failures = failures == null ? List.of() : List.copyOf(failures);
        this.metadata = metadata == null ? Map.of() : Collections.unmodifiableMap(new LinkedHashMap<>(metadata));
    }
}
