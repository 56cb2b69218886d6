package dev.cadflow.activity;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import dev.cadflow.workflow.CadBatchPart;
import java.util.List;

/**
 * The end of a report.
 *
 * @param folder of the batch
 * @param pages how many pages have been written
 * @param parts the lines that are on none of them yet
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public record FinishReportInput(String folder, int pages, List<CadBatchPart> parts) {
    /** Copies the list. */
    public FinishReportInput {
        parts = List.copyOf(parts);
    }
}
