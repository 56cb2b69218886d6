package dev.cadflow.makistry;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cadflow.workflow.FailureType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A page of the list of jobs.
 *
 * @param jobs newest first
 * @param unreadable how many entries of the page were no jobs; the others count all the same
 * @param nextCursor where the next page begins; empty where this is the last
 */
public record JobPage(List<Job> jobs, int unreadable, Optional<String> nextCursor) {
    private static final int LONGEST_CURSOR = 500;

    /** Copies the jobs. */
    public JobPage {
        jobs = List.copyOf(jobs);
    }

    /**
     * Reads a page.
     *
     * @throws MakistryException of type {@code service_unavailable} where it is none
     */
    static JobPage parse(byte[] json) {
        JsonNode page = JobJson.tree(json);
        JsonNode entries = page.get("jobs");
        if (entries == null || !entries.isArray()) {
            throw MakistryException.of(
                    FailureType.SERVICE_UNAVAILABLE,
                    "What should be a list of Makistry's jobs is none: expected an array \"jobs\"");
        }
        List<Job> jobs = new ArrayList<>();
        int unreadable = 0;
        for (JsonNode entry : entries) {
            try {
                jobs.add(JobJson.read(entry));
            } catch (MakistryException broken) {
                unreadable++;
            }
        }
        Optional<String> cursor = Optional.ofNullable(JobJson.text(page, "next_cursor"))
                .filter(text -> !text.isBlank() && text.length() <= LONGEST_CURSOR);
        return new JobPage(jobs, unreadable, cursor);
    }
}
