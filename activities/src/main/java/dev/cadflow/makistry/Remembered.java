package dev.cadflow.makistry;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What is known of the jobs that were heard of last. Safe for use by many threads. */
final class Remembered<T> {
    private final Map<String, T> byJobId;

    Remembered(int most) {
        this.byJobId = new LinkedHashMap<>() {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<String, T> eldest) {
                return size() > most;
            }
        };
    }

    synchronized void put(String jobId, T value) {
        byJobId.remove(jobId);
        byJobId.put(jobId, value);
    }

    /** What was known, and is no longer. */
    synchronized @Nullable T take(String jobId) {
        return byJobId.remove(jobId);
    }

    synchronized boolean has(String jobId) {
        return byJobId.containsKey(jobId);
    }

    synchronized List<String> keys() {
        return List.copyOf(byJobId.keySet());
    }
}
