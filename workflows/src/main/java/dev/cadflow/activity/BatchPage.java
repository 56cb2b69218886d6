package dev.cadflow.activity;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.util.List;

/**
 * Some parts of a batch, in order.
 *
 * @param parts at most {@value #MOST_PARTS}
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public record BatchPage(List<BatchPart> parts) {
    /** The most parts on a page. */
    public static final int MOST_PARTS = 100;

    /** Copies the list. */
    public BatchPage {
        parts = List.copyOf(parts);
    }
}
