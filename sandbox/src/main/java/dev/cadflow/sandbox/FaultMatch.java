package dev.cadflow.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/**
 * Which requests and jobs a fault is meant for. What is null matches all; what is given must match all together, and
 * does not match where the request has no such thing.
 *
 * @param metadataKey a key at the top of the submitted metadata
 * @param metadataValue its value as text; null for any value; needs a key
 * @param promptContains a part of the prompt
 * @param jobId the job that is asked for, downloaded or delivered
 */
public record FaultMatch(
        @Nullable String metadataKey,
        @Nullable String metadataValue,
        @Nullable String promptContains,
        @Nullable String jobId) {

    /** Matches everything. */
    public static final FaultMatch ANY = new FaultMatch(null, null, null, null);

    /**
     * Checks.
     *
     * @throws IllegalArgumentException where a metadata value has no key
     */
    public FaultMatch {
        if (metadataValue != null && metadataKey == null) {
            throw new IllegalArgumentException("metadataKey: expected a key beside the value, found none");
        }
    }

    /** What a request is about, as far as it is known: the other side of a match. */
    record Subject(
            @Nullable String jobId,
            @Nullable String prompt,
            @Nullable JsonNode metadata) {

        static final Subject UNKNOWN = new Subject(null, null, null);
    }

    boolean matches(Subject subject) {
        if (jobId != null && !jobId.equals(subject.jobId)) {
            return false;
        }
        if (promptContains != null && (subject.prompt == null || !subject.prompt.contains(promptContains))) {
            return false;
        }
        if (metadataKey == null) {
            return true;
        }
        JsonNode value = subject.metadata == null ? null : subject.metadata.get(metadataKey);
        return value != null && (metadataValue == null || metadataValue.equals(value.asText()));
    }
}
