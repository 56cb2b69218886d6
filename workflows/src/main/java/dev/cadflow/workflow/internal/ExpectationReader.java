package dev.cadflow.workflow.internal;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cadflow.workflow.BoundingBox;
import dev.cadflow.workflow.Expectation;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads the {@code expect} field of a request. */
final class ExpectationReader {
    private static final List<String> FIELDS = List.of("bounding_box_mm", "tolerance_mm", "max_size_bytes");

    private final RequestProblems problems;

    /** A reader that reports to the problems of its request. */
    ExpectationReader(RequestProblems problems) {
        this.problems = problems;
    }

    /** What the request expects of its file; null where it expects nothing. */
    @Nullable Expectation read(@Nullable JsonNode json) {
        if (json == null) {
            return null;
        }
        if (!json.isObject() || json.isEmpty()) {
            problems.add("expect", "a JSON object such as {\"bounding_box_mm\": [40, 20, 10]}", json);
            return null;
        }
        problems.addUnknownFields("expect.", json, FIELDS);
        return new Expectation(
                boundingBox(RequestProblems.field(json, "bounding_box_mm")),
                tolerance(RequestProblems.field(json, "tolerance_mm")),
                maxSizeBytes(RequestProblems.field(json, "max_size_bytes")));
    }

    private @Nullable BoundingBox boundingBox(@Nullable JsonNode node) {
        if (node == null) {
            return null;
        }
        boolean three = node.isArray() && node.size() == 3;
        if (!three || !isSize(node.get(0)) || !isSize(node.get(1)) || !isSize(node.get(2))) {
            problems.add("expect.bounding_box_mm", "three sizes in millimetres, such as [40, 20, 10]", node);
            return null;
        }
        return new BoundingBox(
                node.get(0).doubleValue(),
                node.get(1).doubleValue(),
                node.get(2).doubleValue());
    }

    private @Nullable Double tolerance(@Nullable JsonNode node) {
        if (node == null) {
            return null;
        }
        if (!isSize(node)) {
            problems.add("expect.tolerance_mm", "a number of millimetres, zero or more", node);
            return null;
        }
        return node.doubleValue();
    }

    private @Nullable Long maxSizeBytes(@Nullable JsonNode node) {
        if (node == null) {
            return null;
        }
        if (!node.isIntegralNumber() || !node.canConvertToLong() || node.longValue() <= 0) {
            problems.add("expect.max_size_bytes", "a whole number of bytes of at least 1", node);
            return null;
        }
        return node.longValue();
    }

    private static boolean isSize(JsonNode node) {
        return node.isNumber() && Double.isFinite(node.doubleValue()) && node.doubleValue() >= 0;
    }
}
