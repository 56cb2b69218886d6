package dev.cadflow.sandbox;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The jobs, by id, by idempotency key and by age. Safe for use by many threads; bounded. */
final class JobStore {

    private static final int MOST_JOBS = 100_000;
    private static final long MOST_TEXT_BYTES = 256L << 20;

    private final Map<String, Job> byId = new ConcurrentHashMap<>();
    private final Map<String, Job> byIdempotencyKey = new ConcurrentHashMap<>();
    private final NavigableMap<Instant, Job> byAge = new ConcurrentSkipListMap<>();
    private long textBytes;

    /** Thrown where the sandbox would have to keep more than it can. */
    static final class FullException extends Exception {
        private static final long serialVersionUID = 1L;

        FullException(String message) {
            super(message);
        }
    }

    Optional<Job> find(String id) {
        return Optional.ofNullable(byId.get(id));
    }

    Optional<Job> withKey(String idempotencyKey) {
        return Optional.ofNullable(byIdempotencyKey.get(idempotencyKey));
    }

    /**
     * Adds a job unless one with its idempotency key is there, and gives back the one that is there then.
     *
     * @param text how many bytes of text the job keeps
     * @param create makes the job for its time of creation, which no other job has; null where it may not be made
     */
    synchronized @Nullable Job add(
            @Nullable String idempotencyKey, long text, Instant now, Function<Instant, @Nullable Job> create)
            throws FullException {
        Job earlier = idempotencyKey == null ? null : byIdempotencyKey.get(idempotencyKey);
        if (earlier != null) {
            return earlier;
        }
        if (byId.size() >= MOST_JOBS || textBytes + text > MOST_TEXT_BYTES) {
            throw new FullException("The sandbox keeps at most " + MOST_JOBS + " jobs and " + MOST_TEXT_BYTES
                    + " bytes of prompts and metadata: POST /sandbox/reset empties it");
        }
        // The time of creation is the cursor of lists, so it tells jobs apart.
        Instant createdAt = now;
        if (!byAge.isEmpty() && !byAge.lastKey().isBefore(now)) {
            createdAt = byAge.lastKey().plusNanos(1_000);
        }
        Job job = create.apply(createdAt);
        if (job == null) {
            return null;
        }
        byId.put(job.id(), job);
        byAge.put(createdAt, job);
        textBytes += text;
        if (idempotencyKey != null) {
            byIdempotencyKey.put(idempotencyKey, job);
        }
        return job;
    }

    /** Jobs that match, newest first, older than a time where one is given; at most {@code limit}. */
    List<Job> newestFirst(@Nullable Instant olderThan, Predicate<Job> matching, int limit) {
        NavigableMap<Instant, Job> range = olderThan == null ? byAge : byAge.headMap(olderThan, false);
        return range.descendingMap().values().stream()
                .filter(matching)
                .limit(limit)
                .toList();
    }

    Stream<Job> all() {
        return byAge.values().stream();
    }

    int idempotencyKeys() {
        return byIdempotencyKey.size();
    }

    synchronized void clear() {
        byId.values().forEach(Job::forget);
        byId.clear();
        byAge.clear();
        byIdempotencyKey.clear();
        textBytes = 0;
    }
}
