package dev.cadflow.workflow.internal;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.cadflow.workflow.JobFinished;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The jobs that signals said were over. A signal may come before the submit has returned, so that whose it is can only
 * be told later: all are kept, the newest few of them. Not thread-safe: it belongs to one workflow.
 */
final class FinishedJobs {
    /** Foreign signals do not happen but by mistake or malice; a poll finds what they push out. */
    private static final int MOST_KEPT = 16;

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final Map<String, JobFinished> byJobId = new LinkedHashMap<>();
    private int ignored;

    /** Takes a signal's argument, whatever it is; the first word on a job stands. */
    void accept(@Nullable JsonNode signal) {
        Optional<JobFinished> job = read(signal).filter(JobFinished::isTerminal);
        if (job.isEmpty() || byJobId.containsKey(job.get().jobId())) {
            ignored++;
            return;
        }
        byJobId.put(job.get().jobId(), job.get());
        if (byJobId.size() > MOST_KEPT) {
            byJobId.remove(byJobId.keySet().iterator().next());
            ignored++;
        }
    }

    private static Optional<JobFinished> read(@Nullable JsonNode signal) {
        if (signal == null || !signal.isObject() || !signal.path("job_id").isTextual()) {
            return Optional.empty();
        }
        try {
            return Optional.of(MAPPER.treeToValue(signal, JobFinished.class));
        } catch (JsonProcessingException malformed) {
            return Optional.empty();
        }
    }

    /** Whether the job is over, as far as signals said. */
    boolean has(String jobId) {
        return byJobId.containsKey(jobId);
    }

    Optional<JobFinished> find(String jobId) {
        return Optional.ofNullable(byJobId.get(jobId));
    }

    /** How many signals said nothing of this job: malformed, repeated, no end, or of another job. */
    int ignored(@Nullable String jobId) {
        int foreign = jobId == null ? 0 : byJobId.size() - (has(jobId) ? 1 : 0);
        return ignored + foreign;
    }
}
