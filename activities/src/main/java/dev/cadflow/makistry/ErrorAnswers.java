package dev.cadflow.makistry;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cadflow.workflow.FailureType;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Set;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/** Makistry's error table: the one place where an answer that is no success becomes typed. */
final class ErrorAnswers {
    /** What an error code may say of a request whatever 4xx it came with. */
    private static final Set<FailureType> OF_A_REQUEST = Set.of(
            FailureType.INVALID_INPUT,
            FailureType.IMAGE_PARSE_FAILED,
            FailureType.INVALID_API_KEY,
            FailureType.PAYMENT_REQUIRED,
            FailureType.OUTPUT_EXPIRED);

    private final Redaction redaction;
    private final Clock clock;

    ErrorAnswers(Redaction redaction, Clock clock) {
        this.redaction = redaction;
        this.clock = clock;
    }

    /**
     * What the answer means.
     *
     * @param what the request, such as {@code GET /v1/jobs/pub_1}
     * @param body the answer's body, possibly empty or of any kind
     */
    MakistryException of(String what, Response answer, byte[] body) {
        JsonNode json = objectOrNull(body);
        String code = json == null ? null : redaction.apply(JobJson.text(json, "error_code"));
        String message = json == null ? null : redaction.apply(messageOf(json));
        int status = answer.code();
        boolean get = "GET".equals(answer.request().method());
        MakistryException.Builder builder = MakistryException.builder(
                        type(status, code, get), sentence(what, answer, body.length, code, message))
                .httpStatus(status)
                .errorCode(code)
                .errorMessage(message)
                .requestSent(true)
                // A gateway that gives up says nothing of what happens behind it.
                .outcomeUnknown(!get && status >= 500);
        return builder.retryAfter(retryAfter(answer.header("Retry-After"))).build();
    }

    private static FailureType type(int status, @Nullable String code, boolean get) {
        FailureType byCode = code == null
                ? null
                : FailureType.find(code).filter(OF_A_REQUEST::contains).orElse(null);
        return switch (status) {
            case 401 -> FailureType.INVALID_API_KEY;
            case 402 -> FailureType.PAYMENT_REQUIRED;
            case 404 -> get ? FailureType.JOB_NOT_FOUND : FailureType.REQUEST_REJECTED;
            case 410 -> FailureType.OUTPUT_EXPIRED;
            case 422 -> byCode == FailureType.IMAGE_PARSE_FAILED ? byCode : FailureType.INVALID_INPUT;
            case 429 -> FailureType.QUOTA_EXCEEDED;
            default -> {
                if (status >= 500) {
                    yield FailureType.SERVICE_UNAVAILABLE;
                }
                yield byCode == null ? FailureType.REQUEST_REJECTED : byCode;
            }
        };
    }

    private static String sentence(
            String what, Response answer, int length, @Nullable String code, @Nullable String message) {
        StringBuilder text = new StringBuilder("Makistry answered ").append(answer.code());
        if (code != null) {
            text.append(' ').append(code);
        }
        text.append(" to ").append(what);
        if (message != null) {
            return text.append(": ").append(message).toString();
        }
        if (answer.isRedirect()) {
            return text.append(": redirects are not followed, lest the API key go elsewhere; check the base URL")
                    .toString();
        }
        if (code == null) {
            String type = answer.header("Content-Type");
            text.append(" without an error code (")
                    .append(length)
                    .append(" bytes of ")
                    .append(type == null ? "no stated type" : type.length() > 80 ? type.substring(0, 80) : type)
                    .append(')');
        }
        return text.toString();
    }

    private static @Nullable JsonNode objectOrNull(byte[] body) {
        try {
            JsonNode tree = JobJson.tree(body);
            return tree.isObject() ? tree : null;
        } catch (MakistryException notJson) {
            return null;
        }
    }

    private static @Nullable String messageOf(JsonNode json) {
        String message = JobJson.text(json, "message");
        return message == null ? JobJson.text(json, "error_message") : message;
    }

    /** RFC 9110: seconds, or a date; anything else counts as not said. */
    private @Nullable Duration retryAfter(@Nullable String header) {
        if (header == null) {
            return null;
        }
        String value = header.trim();
        if (value.matches("[0-9]{1,9}")) {
            return Duration.ofSeconds(Long.parseLong(value));
        }
        try {
            Duration until =
                    Duration.between(clock.instant(), ZonedDateTime.parse(value, DateTimeFormatter.RFC_1123_DATE_TIME));
            return until.isNegative() ? null : until;
        } catch (DateTimeException unreadable) {
            return null;
        }
    }
}
