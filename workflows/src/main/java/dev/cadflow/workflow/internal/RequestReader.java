package dev.cadflow.workflow.internal;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.cadflow.workflow.CadFailure;
import dev.cadflow.workflow.CadFailure.Problem;
import dev.cadflow.workflow.CadRequest;
import dev.cadflow.workflow.Cadflow;
import dev.cadflow.workflow.DesignMode;
import dev.cadflow.workflow.FailureType;
import dev.cadflow.workflow.OutputFormat;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Reads a request from JSON and finds everything that is wrong with it at once, so that its author corrects it once.
 * One reader reads one request.
 */
final class RequestReader {
    /** Makistry's limit. */
    private static final int LONGEST_PROMPT = 5000;

    /** Makistry's limit. */
    private static final int MOST_IMAGES = 3;

    private static final int LONGEST_IMAGE_URI = 2000;
    private static final Set<String> IMAGE_SCHEMES = Set.of("file", "https", "s3");

    /** Makistry states no limits for metadata; ours keep it out of the way of history and webhooks. */
    private static final int LARGEST_METADATA_BYTES = 16 * 1024;

    private static final int DEEPEST_METADATA = 8;
    private static final String JOB_ID = "[A-Za-z0-9_-]{1,128}";

    private static final List<String> FIELDS = List.of(
            "prompt", "images", "design_mode", "output_format", "metadata", "deadline", "job_id", "archive_key");

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final List<Problem> problems = new ArrayList<>();

    private RequestReader() {}

    /**
     * The request that the JSON describes.
     *
     * @param json the workflow's input; null where it was given none
     * @throws io.temporal.failure.ApplicationFailure of type {@code invalid_input}, with every problem found
     */
    static CadRequest read(@Nullable JsonNode json) {
        RequestReader reader = new RequestReader();
        CadRequest request = reader.request(json);
        if (!reader.problems.isEmpty()) {
            throw reader.failure();
        }
        return request;
    }

    private RuntimeException failure() {
        String message = problems.stream()
                .map(Problem::toString)
                .collect(Collectors.joining("; ", "The request is invalid. ", ""));
        CadFailure.Details details = new CadFailure.Details(
                null,
                null,
                null,
                null,
                "Correct the request and start it again; nothing was submitted.",
                problems,
                null);
        return new CadFailure(FailureType.INVALID_INPUT, message, details).toApplicationFailure(null);
    }

    private CadRequest request(@Nullable JsonNode json) {
        if (json == null || !json.isObject()) {
            problem("request", "a JSON object such as {\"prompt\": \"A 40x20x10mm box\"}", json);
            return CadRequest.builder().build();
        }
        json.fieldNames().forEachRemaining(name -> {
            if (!FIELDS.contains(name)) {
                problem(name, "a known field, the nearest is \"" + nearestField(name) + "\"", json.get(name));
            }
        });
        CadRequest request = CadRequest.builder()
                .prompt(prompt(field(json, "prompt")))
                .images(images(field(json, "images")))
                .designMode(oneOf("design_mode", field(json, "design_mode"), DesignMode.values(), DesignMode::wireName))
                .outputFormat(oneOf(
                        "output_format", field(json, "output_format"), OutputFormat.values(), OutputFormat::wireName))
                .metadata(metadata(field(json, "metadata")))
                .deadline(deadline(field(json, "deadline")))
                .jobId(jobId(field(json, "job_id")))
                .archiveKey(archiveKey(field(json, "archive_key")))
                .build();
        checkTogether(json, request);
        return request;
    }

    private void checkTogether(JsonNode json, CadRequest request) {
        if (field(json, "prompt") == null && field(json, "images") == null && field(json, "job_id") == null) {
            problem("prompt", "a prompt, or images, or the job_id of a job to adopt", "nothing");
        }
        if (field(json, "images") != null && request.designMode() == DesignMode.PRO) {
            problem("design_mode", "standard or assembly where there are images", json.get("design_mode"));
        }
    }

    private @Nullable String prompt(@Nullable JsonNode node) {
        String prompt = text("prompt", node);
        if (prompt == null) {
            return null;
        }
        int length = prompt.codePointCount(0, prompt.length());
        if (prompt.isBlank()) {
            problem("prompt", "1 to " + LONGEST_PROMPT + " characters that are not all blank", node);
        } else if (length > LONGEST_PROMPT) {
            problem("prompt", "1 to " + LONGEST_PROMPT + " characters", length + " characters");
        } else if (prompt.codePoints().anyMatch(RequestReader::isUnprintable)) {
            problem("prompt", "text without control characters other than tab and line break", node);
        }
        return prompt;
    }

    private static boolean isUnprintable(int codePoint) {
        boolean layout = codePoint == '\t' || codePoint == '\n' || codePoint == '\r';
        boolean half = codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE;
        return half || (Character.isISOControl(codePoint) && !layout);
    }

    private @Nullable List<String> images(@Nullable JsonNode node) {
        if (node == null) {
            return null;
        }
        if (!node.isArray() || node.isEmpty() || node.size() > MOST_IMAGES) {
            String found = node.isArray() ? node.size() + " images" : shorten(node.toString());
            problem("images", "an array of 1 to " + MOST_IMAGES + " URIs", found);
            return null;
        }
        List<String> images = new ArrayList<>();
        for (int i = 0; i < node.size(); i++) {
            String name = "images[" + i + "]";
            String image = text(name, node.get(i));
            if (image != null) {
                checkImage(name, image);
                images.add(image);
            }
        }
        return images;
    }

    private void checkImage(String name, String image) {
        String rule = "a file:, https: or s3: URI without credentials, of at most " + LONGEST_IMAGE_URI + " characters";
        try {
            URI uri = new URI(image);
            String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
            if (!IMAGE_SCHEMES.contains(scheme) || image.length() > LONGEST_IMAGE_URI) {
                problem(name, rule, image);
            } else if (uri.getRawAuthority() != null && uri.getRawAuthority().contains("@")) {
                problem(name, rule, "a URI with credentials");
            }
        } catch (URISyntaxException e) {
            problem(name, rule, image);
        }
    }

    private <E extends Enum<E>> @Nullable E oneOf(
            String field, @Nullable JsonNode node, E[] values, Function<E, String> wireName) {
        String text = text(field, node);
        if (text == null) {
            return null;
        }
        for (E value : values) {
            if (wireName.apply(value).equals(text)) {
                return value;
            }
        }
        String allowed = Arrays.stream(values).map(wireName).collect(Collectors.joining(", "));
        problem(field, "one of " + allowed, node);
        return null;
    }

    private @Nullable Map<String, Object> metadata(@Nullable JsonNode node) {
        if (node == null) {
            return null;
        }
        if (!node.isObject()) {
            problem("metadata", "a JSON object", node);
            return null;
        }
        if (!isShallow(node, DEEPEST_METADATA)) {
            problem("metadata", "at most " + DEEPEST_METADATA + " levels", "more");
            return null;
        }
        int size = node.toString().getBytes(StandardCharsets.UTF_8).length;
        if (size > LARGEST_METADATA_BYTES) {
            problem("metadata", "at most " + LARGEST_METADATA_BYTES + " bytes of JSON", size + " bytes");
            return null;
        }
        node.fieldNames().forEachRemaining(key -> {
            if (key.startsWith(Cadflow.RESERVED_METADATA_PREFIX)) {
                problem("metadata", "no key that begins with " + Cadflow.RESERVED_METADATA_PREFIX, key);
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

    private @Nullable Duration deadline(@Nullable JsonNode node) {
        String text = text("deadline", node);
        if (text == null) {
            return null;
        }
        try {
            Duration deadline = Duration.parse(text);
            if (!deadline.isZero()
                    && !deadline.isNegative()
                    && deadline.compareTo(ActivityPolicies.OUTPUT_LIFETIME) <= 0) {
                return deadline;
            }
        } catch (DateTimeParseException | ArithmeticException e) {
            // Reported with the other ways to be wrong.
        }
        problem("deadline", "an ISO 8601 duration of more than zero and at most 30 days, such as PT20M", node);
        return null;
    }

    private @Nullable String jobId(@Nullable JsonNode node) {
        String jobId = text("job_id", node);
        if (jobId != null && !jobId.matches(JOB_ID)) {
            problem("job_id", "1 to 128 letters, digits, '_' or '-', such as pub_a1b2c3d4e5f6", node);
        }
        return jobId;
    }

    private @Nullable String archiveKey(@Nullable JsonNode node) {
        String key = text("archive_key", node);
        if (key != null) {
            ArchiveKeys.brokenRule(key).ifPresent(rule -> problem("archive_key", rule, node));
        }
        return key;
    }

    private @Nullable String text(String field, @Nullable JsonNode node) {
        if (node == null) {
            return null;
        }
        if (!node.isTextual()) {
            problem(field, "a string", node);
            return null;
        }
        return node.textValue();
    }

    /** The field's value; null where it is missing or JSON's null, which mean the same. */
    private static @Nullable JsonNode field(JsonNode json, String name) {
        JsonNode node = json.get(name);
        return node == null || node.isNull() ? null : node;
    }

    private void problem(String field, String rule, @Nullable JsonNode found) {
        problem(field, rule, found == null || found.isMissingNode() ? "nothing" : found.toString());
    }

    private void problem(String field, String rule, String found) {
        problems.add(new Problem(shorten(field), rule, shorten(found)));
    }

    private static String shorten(String text) {
        int longest = 80;
        if (text.codePointCount(0, text.length()) <= longest) {
            return text;
        }
        return text.substring(0, text.offsetByCodePoints(0, longest)) + "…";
    }

    private static String nearestField(String name) {
        String wanted = name.toLowerCase(Locale.ROOT);
        return FIELDS.stream()
                .min((a, b) -> Integer.compare(distance(wanted, a), distance(wanted, b)))
                .orElseThrow();
    }

    /** Levenshtein's distance, over the beginning of a name that is absurdly long. */
    private static int distance(String from, String to) {
        String a = from.length() > 64 ? from.substring(0, 64) : from;
        int[] row = new int[to.length() + 1];
        for (int j = 0; j <= to.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= to.length(); j++) {
                int change = diagonal + (a.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(change, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[to.length()];
    }
}
