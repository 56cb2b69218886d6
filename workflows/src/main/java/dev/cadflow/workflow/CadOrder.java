package dev.cadflow.workflow;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import org.jspecify.annotations.Nullable;

/**
 * What a Nexus caller orders.
 *
 * @param request what to make
 * @param name what the caller calls the part, as {@link Cadflow#workflowId(String)} takes it. Orders of the same name
 *     share one workflow while it runs, and a name whose workflow has succeeded is refused, so that nothing is bought
 *     twice even where the caller is reset. Null: each operation is an order of its own
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record CadOrder(CadRequest request, @Nullable String name) {
    /** An order of its own. */
    public static CadOrder of(CadRequest request) {
        return new CadOrder(request, null);
    }

    /** The one order for a part that the caller has a name for. */
    public static CadOrder named(String name, CadRequest request) {
        return new CadOrder(request, name);
    }
}
