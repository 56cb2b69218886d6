package dev.cadflow.workflow.internal;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cadflow.workflow.CadRequest;
import dev.cadflow.workflow.DesignMode;
import dev.cadflow.workflow.OutputFormat;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
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

    private static final int LONGEST_KEY = 200;

    private static final String JOB_ID = "[A-Za-z0-9_-]{1,128}";

    private static final List<String> FIELDS = List.of(
            "prompt",
            "images",
            "design_mode",
            "output_format",
            "metadata",
            "deadline",
            "job_id",
            "archive_key",
            "expect",
            "resubmit_on_expiry",
            "reuse",
            "idempotency_key");

    private final RequestProblems problems = new RequestProblems();

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
        reader.problems.throwIfAny();
        return request;
    }

    private CadRequest request(@Nullable JsonNode json) {
        if (json == null || !json.isObject()) {
            problems.add("request", "a JSON object such as {\"prompt\": \"A 40x20x10mm box\"}", json);
            return CadRequest.builder().build();
        }
        problems.addUnknownFields("", json, FIELDS);
        CadRequest request = CadRequest.builder()
                .prompt(prompt(RequestProblems.field(json, "prompt")))
                .images(images(RequestProblems.field(json, "images")))
                .designMode(oneOf(
                        "design_mode",
                        RequestProblems.field(json, "design_mode"),
                        DesignMode.values(),
                        DesignMode::wireName))
                .outputFormat(oneOf(
                        "output_format",
                        RequestProblems.field(json, "output_format"),
                        OutputFormat.values(),
                        OutputFormat::wireName))
                .metadata(new MetadataReader(problems).read(RequestProblems.field(json, "metadata")))
                .deadline(deadline(RequestProblems.field(json, "deadline")))
                .jobId(jobId(RequestProblems.field(json, "job_id")))
                .archiveKey(archiveKey(RequestProblems.field(json, "archive_key")))
                .expect(new ExpectationReader(problems).read(RequestProblems.field(json, "expect")))
                .resubmitOnExpiry(
                        problems.flag("resubmit_on_expiry", RequestProblems.field(json, "resubmit_on_expiry")))
                .reuse(problems.flag("reuse", RequestProblems.field(json, "reuse")))
                .idempotencyKey(idempotencyKey(RequestProblems.field(json, "idempotency_key")))
                .build();
        checkTogether(json, request);
        return request;
    }

    private void checkTogether(JsonNode json, CadRequest request) {
        if (request.resubmitOnExpiry()
                && request.prompt() == null
                && request.images().isEmpty()) {
            problems.add("resubmit_on_expiry", "a prompt or images to submit again", "nothing");
        }
        if (RequestProblems.field(json, "prompt") == null
                && RequestProblems.field(json, "images") == null
                && RequestProblems.field(json, "job_id") == null) {
            problems.add("prompt", "a prompt, or images, or the job_id of a job to adopt", "nothing");
        }
        if (RequestProblems.field(json, "images") != null && request.designMode() == DesignMode.PRO) {
            problems.add("design_mode", "standard or assembly where there are images", json.get("design_mode"));
        }
    }

    private @Nullable String prompt(@Nullable JsonNode node) {
        String prompt = problems.text("prompt", node);
        if (prompt == null) {
            return null;
        }
        int length = prompt.codePointCount(0, prompt.length());
        if (prompt.isBlank()) {
            problems.add("prompt", "1 to " + LONGEST_PROMPT + " characters that are not all blank", node);
        } else if (length > LONGEST_PROMPT) {
            problems.add("prompt", "1 to " + LONGEST_PROMPT + " characters", length + " characters");
        } else if (prompt.codePoints().anyMatch(RequestReader::isUnprintable)) {
            problems.add("prompt", "text without control characters other than tab and line break", node);
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
            String found = node.isArray() ? node.size() + " images" : node.toString();
            problems.add("images", "an array of 1 to " + MOST_IMAGES + " URIs", found);
            return null;
        }
        List<String> images = new ArrayList<>();
        for (int i = 0; i < node.size(); i++) {
            String name = "images[" + i + "]";
            String image = problems.text(name, node.get(i));
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
                problems.add(name, rule, image);
            } else if (uri.getRawAuthority() != null && uri.getRawAuthority().contains("@")) {
                problems.add(name, rule, "a URI with credentials");
            }
        } catch (URISyntaxException e) {
            problems.add(name, rule, image);
        }
    }

    private <E extends Enum<E>> @Nullable E oneOf(
            String field, @Nullable JsonNode node, E[] values, Function<E, String> wireName) {
        String text = problems.text(field, node);
        if (text == null) {
            return null;
        }
        for (E value : values) {
            if (wireName.apply(value).equals(text)) {
                return value;
            }
        }
        String allowed = Arrays.stream(values).map(wireName).collect(Collectors.joining(", "));
        problems.add(field, "one of " + allowed, node);
        return null;
    }

    private @Nullable Duration deadline(@Nullable JsonNode node) {
        String text = problems.text("deadline", node);
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
        problems.add("deadline", "an ISO 8601 duration of more than zero and at most 30 days, such as PT20M", node);
        return null;
    }

    private @Nullable String jobId(@Nullable JsonNode node) {
        String jobId = problems.text("job_id", node);
        if (jobId != null && !jobId.matches(JOB_ID)) {
            problems.add("job_id", "1 to 128 letters, digits, '_' or '-', such as pub_a1b2c3d4e5f6", node);
        }
        return jobId;
    }

    private @Nullable String idempotencyKey(@Nullable JsonNode node) {
        String key = problems.text("idempotency_key", node);
        if (key != null
                && (key.isBlank() || key.length() > LONGEST_KEY || key.chars().anyMatch(Character::isISOControl))) {
            problems.add("idempotency_key", "1 to " + LONGEST_KEY + " characters on one line", node);
        }
        return key;
    }

    private @Nullable String archiveKey(@Nullable JsonNode node) {
        String key = problems.text("archive_key", node);
        if (key != null) {
            ArchiveKeys.brokenRule(key).ifPresent(rule -> problems.add("archive_key", rule, node));
        }
        return key;
    }
}
