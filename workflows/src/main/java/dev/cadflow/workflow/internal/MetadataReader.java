package dev.cadflow.workflow.internal;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.cadflow.workflow.Cadflow;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads the {@code metadata} field of a request. */
final class MetadataReader {
    /** Makistry states no limits for metadata; ours keep it out of the way of history and webhooks. */
    private static final int LARGEST_BYTES = 16 * 1024;

    private static final int DEEPEST = 8;
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final RequestProblems problems;

    /** A reader that reports to the problems of its request. */
    MetadataReader(RequestProblems problems) {
        this.problems = problems;
    }

    /** The caller's object; empty where there is none or, which is a problem, one that breaks a rule. */
    Map<String, Object> readOrEmpty(@Nullable JsonNode node) {
        Map<String, Object> metadata = read(node);
        return metadata == null ? Map.of() : metadata;
    }

    /** The caller's object; null where there is none or, which is a problem, one that breaks a rule. */
    @Nullable Map<String, Object> read(@Nullable JsonNode node) {
        if (node == null) {
            return null;
        }
        if (!node.isObject()) {
            problems.add("metadata", "a JSON object", node);
            return null;
        }
        if (!isShallow(node, DEEPEST)) {
            problems.add("metadata", "at most " + DEEPEST + " levels", "more");
            return null;
        }
        int size = node.toString().getBytes(StandardCharsets.UTF_8).length;
        if (size > LARGEST_BYTES) {
            problems.add("metadata", "at most " + LARGEST_BYTES + " bytes of JSON", size + " bytes");
            return null;
        }
        node.fieldNames().forEachRemaining(key -> {
            if (key.startsWith(Cadflow.RESERVED_METADATA_PREFIX)) {
                problems.add("metadata", "no key that begins with " + Cadflow.RESERVED_METADATA_PREFIX, key);
            }
        });
        return MAPPER.convertValue(node, new TypeReference<Map<String, Object>>() {});
    }

    private static boolean isShallow(JsonNode node, int levels) {
        if (!node.isContainerNode()) {
            return true;
        }
        if (levels == 0) {
            return false;
        }
        for (JsonNode child : node) {
            if (!isShallow(child, levels - 1)) {
                return false;
            }
        }
        return true;
    }
}
