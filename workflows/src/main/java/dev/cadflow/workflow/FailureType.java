package dev.cadflow.workflow;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;
import java.util.Optional;

/**
 * Why a job did not end with a file. The wire name is the type of the Temporal failure, and whether an activity
 * that fails so is retried is a property of the type.
 */
public enum FailureType {
    /** The request breaks a rule, ours or Makistry's (HTTP 422). Correct it and start again; nothing was paid. */
    INVALID_INPUT(false),
    /** Makistry cannot read an image (HTTP 422). */
    IMAGE_PARSE_FAILED(false),
    /** Makistry does not know the API key, or it was revoked (HTTP 401). */
    INVALID_API_KEY(false),
    /** The account has no credit left (HTTP 402); nothing was queued. */
    PAYMENT_REQUIRED(false),
    /** Makistry has no such job for this key (HTTP 404). */
    JOB_NOT_FOUND(false),
    /** The worker has submitted all that its operator allows for a day; nothing was submitted. */
    BUDGET_EXHAUSTED(false),
    /** Makistry refuses the request with another HTTP 4xx, which trying again would not change. */
    REQUEST_REJECTED(false),
    /** Too many requests (HTTP 429), or no turn yet in this worker's share; retried after at least 60 s. */
    QUOTA_EXCEEDED(true),
    /** Makistry cannot be reached, answers 5xx, or answers what is no answer; retried after 2, 4, 8 s, then slower. */
    SERVICE_UNAVAILABLE(true),
    /** Makistry gave the job up, with an error code that has no type of its own here. */
    JOB_FAILED(false),
    /** Makistry gave the job up: no valid geometry came of the request. */
    GEOMETRY_VALIDATION_FAILED(false),
    /** The job did not end before its deadline. It may yet: adopt it by its job id. */
    GENERATION_TIMEOUT(false),
    /** Makistry has deleted the file, 30 days after the job was made (HTTP 410). */
    OUTPUT_EXPIRED(false),
    /** The bytes are not what they claim to be, even after fresh downloads; the file is quarantined. */
    OUTPUT_INVALID(false),
    /** The archive key already holds other content, which is left as it is. */
    ARCHIVE_CONFLICT(false),
    /** The archive cannot take the file now: disk full, store down. */
    ARCHIVE_UNAVAILABLE(true);

    private final boolean retryable;

    FailureType(boolean retryable) {
        this.retryable = retryable;
    }

    /** The type of the Temporal failure, such as {@code invalid_input}. */
    @JsonValue
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Whether the same activity may succeed later without anyone doing anything. */
    public boolean isRetryable() {
        return retryable;
    }

    /** Whether Makistry took the job and gave it up, as against refusing it or being unreachable. */
    public boolean isFailedJob() {
        return this == JOB_FAILED || this == GEOMETRY_VALIDATION_FAILED;
    }

    /** The type of that wire name; empty where there is none. */
    @JsonCreator
    public static FailureType parse(String wireName) {
        return find(wireName)
                .orElseThrow(() -> new IllegalArgumentException("failure type: found \"" + wireName + "\""));
    }

    /** The type of that wire name; empty where there is none. */
    public static Optional<FailureType> find(String wireName) {
        for (FailureType type : values()) {
            if (type.wireName().equals(wireName)) {
                return Optional.of(type);
            }
        }
        return Optional.empty();
    }

    /** The type of a job that Makistry gave up: that of its error code where it has one of its own. */
    public static FailureType ofFailedJob(String errorCode) {
        return find(errorCode).filter(FailureType::isFailedJob).orElse(JOB_FAILED);
    }
}
