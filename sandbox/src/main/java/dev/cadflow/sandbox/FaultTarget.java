package dev.cadflow.sandbox;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** Where a fault strikes. */
public enum FaultTarget {
    /** Both submit calls. */
    SUBMIT,
    /** {@code GET /v1/jobs/{job_id}}. */
    GET_JOB,
    /** {@code GET /v1/jobs}. */
    LIST_JOBS,
    /** {@code POST /v1/keys/{api_key_id}/rotate-secret}. */
    ROTATE_SECRET,
    /** Requests to the storage host. */
    DOWNLOAD,
    /** The webhook of a job. */
    WEBHOOK;

    /** The name in the control endpoint. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    static Optional<FaultTarget> of(String wireName) {
        return Arrays.stream(values())
                .filter(target -> target.wireName().equals(wireName))
                .findFirst();
    }
}
