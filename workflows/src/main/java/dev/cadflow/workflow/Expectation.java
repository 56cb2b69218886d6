package dev.cadflow.workflow;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import org.jspecify.annotations.Nullable;

/**
 * What a file must be to be accepted. A file that differs fails the workflow with {@code output_invalid}, which names
 * what differed; it is kept in the archive's quarantine. A figure that is asked for and cannot be measured fails too:
 * a gate that was not tried never passes.
 *
 * @param boundingBoxMm the sizes of the part in millimetres, in any order; null means any
 * @param toleranceMm by how much each size may differ, in millimetres; null means {@value #DEFAULT_TOLERANCE_MM}
 * @param maxSizeBytes the largest file; null means any that a worker takes, which is 16 GiB. What is larger than that is
 *     not kept
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Expectation(
        @Nullable BoundingBox boundingBoxMm,
        @Nullable Double toleranceMm,
        @Nullable Long maxSizeBytes) {
    /** The tolerance where none is given, in millimetres. */
    public static final double DEFAULT_TOLERANCE_MM = 0.1;

    /** The tolerance with its default in place, in millimetres. */
    public double toleranceMmOrDefault() {
        return toleranceMm == null ? DEFAULT_TOLERANCE_MM : toleranceMm;
    }
}
