package dev.cadflow.activity;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import dev.cadflow.workflow.CadBatchPart;
import java.util.List;

/**
 * Some parts that have ended.
 *
 * @param folder of the batch
 * @param page which page of the report, from 0; a page that is written again is replaced
 * @param parts its lines
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public record ReportPageInput(String folder, int page, List<CadBatchPart> parts) {
    /** Copies the list. */
    public ReportPageInput {
        parts = List.copyOf(parts);
    }
}
