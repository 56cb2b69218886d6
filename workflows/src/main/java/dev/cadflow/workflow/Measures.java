package dev.cadflow.workflow;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import org.jspecify.annotations.Nullable;

/**
 * What the proof of a file read from its content. Everything may be null: a figure that cannot be had truthfully is
 * left out and never guessed.
 *
 * @param boundingBoxMm the size of the part, from its geometry and not from what the file says of itself; null where
 *     the geometry is of a kind that is not measured here, such as free-form surfaces in STEP
 * @param triangles triangles of the mesh, each instance of a part counted; null for STEP
 * @param entities entity instances of a STEP file's data sections; null for meshes
 * @param unit the length unit that the file states, such as {@code millimetre}; null where the format knows none
 *     (STL, which is taken as millimetres)
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public record Measures(
        @Nullable BoundingBox boundingBoxMm,
        @Nullable Long triangles,
        @Nullable Long entities,
        @Nullable String unit) {
    /** Nothing measured. */
    public static final Measures NONE = new Measures(null, null, null, null);
}
