package dev.cadflow.archive;

import dev.cadflow.workflow.BoundingBox;
import dev.cadflow.workflow.Expectation;
import dev.cadflow.workflow.Measures;
import org.jspecify.annotations.Nullable;

/** Holds a proven file to what its request expects. */
final class ExpectationGate {
    private ExpectationGate() {}

    /** What differs, naming both sides; null where nothing does. The size has been held to while the bytes came. */
    static @Nullable String difference(Expectation expect, Measures measures) {
        BoundingBox expected = expect.boundingBoxMm();
        if (expected == null) {
            return null;
        }
        double tolerance = expect.toleranceMmOrDefault();
        BoundingBox found = measures.boundingBoxMm();
        if (found == null) {
            return "expect.bounding_box_mm: expected " + expected + ", found a file whose bounding box cannot be "
                    + "measured here";
        }
        return expected.sameSize(found, tolerance)
                ? null
                : "expect.bounding_box_mm: expected " + expected + " ± " + tolerance + " mm, found " + found;
    }
}
