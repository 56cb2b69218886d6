package dev.cadflow.makistry;

import org.jspecify.annotations.Nullable;

/**
 * Which jobs to list, newest first.
 *
 * @param status only jobs of that status; null for all
 * @param endpoint only {@code text_to_cad} or {@code image_to_cad}; null for both
 * @param limit how many jobs a page has at most, 1 to 100
 * @param mostPages how many pages are asked for at most; each is a request
 */
public record JobQuery(@Nullable String status, @Nullable String endpoint, int limit, int mostPages) {
    /** All jobs, 100 a page as Makistry allows at most, and 100 pages. */
    public static final JobQuery ALL = new JobQuery(null, null, 100, 100);

    /** The newest 100 jobs, for one request. */
    public static final JobQuery NEWEST = new JobQuery(null, null, 100, 1);

    /**
     * Checks the limits.
     *
     * @throws IllegalArgumentException where a page could hold nothing, or more than Makistry allows
     */
    public JobQuery {
        if (limit < 1 || limit > 100) {
            throw new IllegalArgumentException("limit: expected 1 to 100, found " + limit);
        }
        if (mostPages < 1) {
            throw new IllegalArgumentException("most pages: expected at least 1, found " + mostPages);
        }
    }
}
