package dev.cadflow.makistry;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** Polls that wait for one turn together; the first of them takes it for all. Safe for use by many threads. */
final class PollBatch {
    private final List<String> jobIds = new ArrayList<>();
    private final CompletableFuture<Outcome> outcome = new CompletableFuture<>();

    PollBatch(String first) {
        jobIds.add(first);
    }

    /** What the turn brought: not every job that was asked for need be among them. */
    record Outcome(Map<String, Job> jobs) {}

    synchronized void add(String jobId) {
        jobIds.add(jobId);
    }

    synchronized List<String> jobIds() {
        return List.copyOf(jobIds);
    }

    void done(List<Job> jobs) {
        outcome.complete(new Outcome(byId(jobs)));
    }

    void failed(MakistryException failure) {
        outcome.completeExceptionally(failure);
    }

    /**
     * Waits for who leads; its own time-outs end the wait.
     *
     * @throws MakistryException as it did, at no cost to who followed
     */
    Outcome await() {
        try {
            return outcome.join();
        } catch (CompletionException failed) {
            if (failed.getCause() instanceof MakistryException failure) {
                throw failure.atNoCost();
            }
            throw failed;
        }
    }

    static Map<String, Job> byId(List<Job> jobs) {
        Map<String, Job> byId = new LinkedHashMap<>();
        jobs.forEach(job -> byId.putIfAbsent(job.jobId(), job));
        return byId;
    }
}
