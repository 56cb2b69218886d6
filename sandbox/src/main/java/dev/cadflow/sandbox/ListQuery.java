package dev.cadflow.sandbox;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.eclipse.jetty.util.Fields;
import org.jspecify.annotations.Nullable;

/** What a list of jobs was asked for. */
record ListQuery(
        @Nullable JobStatus status,
        @Nullable Endpoint endpoint,
        int limit,
        @Nullable Instant olderThan) {

    private static final int DEFAULT_LIMIT = 20;
    private static final int LARGEST_LIMIT = 100;

    static ListQuery of(Fields query) throws Refusal {
        return new ListQuery(
                status(query.getValue("status")),
                endpoint(query.getValue("endpoint")),
                limit(query.getValue("limit")),
                cursor(query.getValue("cursor")));
    }

    boolean matches(Job job, Instant now) {
        return (status == null || job.status(now) == status)
                && (endpoint == null || job.request().endpoint() == endpoint);
    }

    private static @Nullable JobStatus status(@Nullable String name) throws Refusal {
        if (name == null) {
            return null;
        }
        for (JobStatus status : JobStatus.values()) {
            if (status.wireName().equals(name)) {
                return status;
            }
        }
        throw Refusal.invalidInput("status: expected one of "
                + Arrays.stream(JobStatus.values()).map(JobStatus::wireName).collect(Collectors.joining(", "))
                + ", found something else");
    }

    private static @Nullable Endpoint endpoint(@Nullable String name) throws Refusal {
        if (name == null) {
            return null;
        }
        for (Endpoint endpoint : Endpoint.values()) {
            if (endpoint.wireName().equals(name)) {
                return endpoint;
            }
        }
        throw Refusal.invalidInput("endpoint: expected text_to_cad or image_to_cad, found something else");
    }

    private static int limit(@Nullable String text) throws Refusal {
        if (text == null) {
            return DEFAULT_LIMIT;
        }
        if (text.matches("\\d{1,4}")) {
            int limit = Integer.parseInt(text);
            if (limit >= 1 && limit <= LARGEST_LIMIT) {
                return limit;
            }
        }
        throw Refusal.invalidInput("limit: expected 1 to " + LARGEST_LIMIT + ", found something else");
    }

    private static @Nullable Instant cursor(@Nullable String text) throws Refusal {
        if (text == null || text.isEmpty()) {
            return null;
        }
        try {
            // A plus sign that was not escaped arrives as a blank.
            return OffsetDateTime.parse(text.replace(' ', '+')).toInstant();
        } catch (DateTimeException e) {
            throw Refusal.invalidInput("cursor: expected the next_cursor of an earlier answer, found something else");
        }
    }
}
