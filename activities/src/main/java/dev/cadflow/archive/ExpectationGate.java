package dev.cadflow.archive;

import dev.cadflow.workflow.BoundingBox;
import dev.cadflow.workflow.Expectation;
import dev.cadflow.workflow.Measures;
import org.jspecify.annotations.Nullable;

/** Holds a proven file to what its request expects. */
final class ExpectationGate {
    private ExpectationGate() {}

    /** What differs, naming both sides; null where nothing does. */
    static @Nullable String difference(Expectation expect, long sizeBytes, Measures measures) {
        if (expect.maxSizeBytes() != null && sizeBytes > expect.maxSizeBytes()) {
            return "expect.max_size_bytes: expected at most " + expect.maxSizeBytes() + ", found " + sizeBytes;
        }
        return difference(expect, measures);
    }

    private static @Nullable String difference(Expectation expect, Measures measures) {
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
