package dev.cadflow.makistry;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A sliding log of requests. A request counts from its start until a whole window after its <em>end</em>, for somewhere
 * in between it reached Makistry: so no delay on the way can bring more of them into one of Makistry's windows.
 */
final class QuotaLog {
    private final List<Entry> entries = new ArrayList<>();
    private final Duration longest;
    private final Duration margin;

    /**
     * An empty log.
     *
     * @param longest the longest window that is asked for
     * @param margin by how much longer a request counts
     */
    QuotaLog(Duration longest, Duration margin) {
        this.longest = longest;
        this.margin = margin;
    }

    /** One request; under way while it has no end. */
    static final class Entry {
        private @Nullable Instant end;

        void end(Instant at) {
            end = at;
        }
    }

    Entry start() {
        Entry entry = new Entry();
        entries.add(entry);
        return entry;
    }

    void forget(Entry entry) {
        entries.remove(entry);
    }

    /** How many requests count in the longest window. */
    int size(Instant now) {
        sweep(now);
        return entries.size();
    }

    /** A plan of what comes, which begins with what has been. */
    Plan plan(Instant now) {
        sweep(now);
        List<Instant> ends = new ArrayList<>(entries.size());
        for (Entry entry : entries) {
            ends.add(entry.end == null ? now : entry.end);
        }
        Collections.sort(ends);
        return new Plan(ends, margin);
    }

    private void sweep(Instant now) {
        Instant gone = now.minus(longest).minus(margin);
        entries.removeIf(entry -> entry.end != null && !entry.end.isAfter(gone));
    }

    /** The ends of requests in order, those to come included as far as they are planned. */
    static final class Plan {
        private final List<Instant> ends;
        private final Duration margin;

        private Plan(List<Instant> ends, Duration margin) {
            this.ends = ends;
            this.margin = margin;
        }

        /** The first moment at which one more request keeps within the limit. */
        Instant room(int limit, Duration window) {
            return ends.size() < limit
                    ? Instant.MIN
                    : ends.get(ends.size() - limit).plus(window).plus(margin);
        }

        void add(Instant at) {
            ends.add(at);
        }
    }
}
