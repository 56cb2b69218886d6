package dev.cadflow.workflow.internal;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import dev.cadflow.workflow.CadBatchCounts;
import dev.cadflow.workflow.CadBatchPart;
import java.util.List;
import java.util.Objects;

/**
 * What one run of a batch hands to the next. No part is in work at that moment, and every part that has ended is in
 * the report.
 *
 * @param pages on how many pages the parts are
 * @param nextPage the first page of which no part has been started
 * @param counts of all runs so far
 * @param makistryRequests of all runs so far
 * @param reportPages how many pages of the report have been written
 * @param parts those that have ended, where the batch is small enough for its result to list them
 * @param failures the first parts that failed
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public record BatchState(
        int pages,
        int nextPage,
        CadBatchCounts counts,
        int makistryRequests,
        int reportPages,
        List<CadBatchPart> parts,
        List<CadBatchPart> failures) {
    /** Copies the lists; what is missing is refused, so that a batch fails at its first task and not half-way. */
    public BatchState {
        Objects.requireNonNull(counts, "counts");
        parts = List.copyOf(parts);
        failures = List.copyOf(failures);
    }
}
