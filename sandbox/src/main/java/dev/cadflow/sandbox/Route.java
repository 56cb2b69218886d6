package dev.cadflow.sandbox;

import java.util.Locale;

/** What a request asked for; requests are counted by it. */
public enum Route {
    /** {@code POST /v1/text-to-cad}. */
    TEXT_TO_CAD,
    /** {@code POST /v1/image-to-cad}. */
    IMAGE_TO_CAD,
    /** {@code GET /v1/jobs/{job_id}}. */
    GET_JOB,
    /** {@code GET /v1/jobs}. */
    LIST_JOBS,
    /** {@code POST /v1/keys/{api_key_id}/rotate-secret}. */
    ROTATE_SECRET,
    /** Anything else below the API's base. */
    UNKNOWN,
    /** A request to the storage host; not a request to the API. */
    DOWNLOAD;

    /** The name in the answers of the control endpoint. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
