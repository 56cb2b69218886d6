package dev.cadflow.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Reads a {@link Fault} from JSON: its values in snake case, {@code count} for the number of matches, {@code match} with
 * {@code metadata_key}, {@code metadata_value}, {@code prompt_contains} and {@code job_id}, and {@code hold} as an ISO
 * 8601 duration. Every mistake is an {@link IllegalArgumentException} that names it.
 */
final class FaultJson {

    private static final Set<String> FIELDS = Set.of(
            "target",
            "kind",
            "count",
            "match",
            "status",
            "body",
            "content_type",
            "headers",
            "offset_bytes",
            "length_bytes",
            "bytes_per_second",
            "hold",
            "error_code",
            "error_message",
            "text",
            "job_id",
            "digest_of_served_bytes");
    private static final Set<String> MATCH_FIELDS =
            Set.of("metadata_key", "metadata_value", "prompt_contains", "job_id");

    private FaultJson() {}

    static Fault read(JsonNode json) {
        requireFields("fault", json, FIELDS);
        String target = text(json, "target");
        String kind = text(json, "kind");
        Fault.Builder fault = Fault.builder(
                named("target", target, FaultTarget.of(String.valueOf(target)), targets()),
                named("kind", kind, FaultKind.of(String.valueOf(kind)), kinds()));
        fault.body(text(json, "body")).contentType(text(json, "content_type"));
        fault.errorCode(text(json, "error_code")).errorMessage(text(json, "error_message"));
        fault.headers(headers(json.path("headers")));
        fault.digestOfServedBytes(json.path("digest_of_served_bytes").asBoolean(false));
        putNumbers(json, fault);
        Duration hold = hold(json);
        if (hold != null) {
            fault.hold(hold);
        }
        String text = text(json, "text");
        if (text != null) {
            fault.text(text);
        }
        String jobId = text(json, "job_id");
        if (jobId != null) {
            fault.jobId(jobId);
        }
        if (json.has("match")) {
            fault.match(match(json.path("match")));
        }
        return fault.build();
    }

    private static void putNumbers(JsonNode json, Fault.Builder fault) {
        Long count = number(json, "count");
        if (count != null) {
            fault.times(toInt("count", count));
        }
        Long status = number(json, "status");
        if (status != null) {
            fault.status(toInt("status", status));
        }
        Long bytesPerSecond = number(json, "bytes_per_second");
        if (bytesPerSecond != null) {
            fault.bytesPerSecond(toInt("bytes_per_second", bytesPerSecond));
        }
        Long offset = number(json, "offset_bytes");
        if (offset != null) {
            fault.offsetBytes(offset);
        }
        Long length = number(json, "length_bytes");
        if (length != null) {
            fault.lengthBytes(length);
        }
    }

    private static FaultMatch match(JsonNode json) {
        requireFields("match", json, MATCH_FIELDS);
        return new FaultMatch(
                text(json, "metadata_key"),
                text(json, "metadata_value"),
                text(json, "prompt_contains"),
                text(json, "job_id"));
    }

    private static Map<String, String> headers(JsonNode json) {
        Map<String, String> headers = new LinkedHashMap<>();
        json.properties()
                .forEach(entry -> headers.put(entry.getKey(), entry.getValue().asText()));
        return headers;
    }

    private static @Nullable Duration hold(JsonNode json) {
        String text = text(json, "hold");
        try {
            return text == null ? null : Duration.parse(text);
        } catch (DateTimeException e) {
            throw new IllegalArgumentException("hold: expected an ISO 8601 duration such as PT5S, found " + text, e);
        }
    }

    private static void requireFields(String name, JsonNode json, Set<String> known) {
        if (!(json instanceof ObjectNode object)) {
            throw new IllegalArgumentException(name + ": expected a JSON object, found " + json.getNodeType());
        }
        Set<String> unknown = new TreeSet<>();
        object.fieldNames().forEachRemaining(unknown::add);
        unknown.removeAll(known);
        if (!unknown.isEmpty()) {
            throw new IllegalArgumentException(
                    name + ": expected fields of " + new TreeSet<>(known) + ", found " + unknown);
        }
    }

    private static <T> T named(String name, @Nullable String found, Optional<T> value, String expected) {
        return value.orElseThrow(
                () -> new IllegalArgumentException(name + ": expected one of " + expected + ", found " + found));
    }

    private static @Nullable String text(JsonNode json, String name) {
        JsonNode value = json.path(name);
        if (value.isMissingNode() || value.isNull()) {
            return null;
        }
        if (!value.isTextual()) {
            throw new IllegalArgumentException(name + ": expected a string, found " + value.getNodeType());
        }
        return value.asText();
    }

    private static @Nullable Long number(JsonNode json, String name) {
        JsonNode value = json.path(name);
        if (value.isMissingNode() || value.isNull()) {
            return null;
        }
        if (!value.isIntegralNumber() || !value.canConvertToLong()) {
            throw new IllegalArgumentException(name + ": expected a whole number, found " + value.getNodeType());
        }
        return value.asLong();
    }

    private static int toInt(String name, long value) {
        if (value < Integer.MIN_VALUE || value > Integer.MAX_VALUE) {
            throw new IllegalArgumentException(name + ": expected a smaller number, found " + value);
        }
        return (int) value;
    }

    private static String targets() {
        return Arrays.stream(FaultTarget.values()).map(FaultTarget::wireName).collect(Collectors.joining(", "));
    }

    private static String kinds() {
        return Arrays.stream(FaultKind.values()).map(FaultKind::wireName).collect(Collectors.joining(", "));
    }
}
