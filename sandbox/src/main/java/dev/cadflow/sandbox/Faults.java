package dev.cadflow.sandbox;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The faults that are still to strike, in the order in which they were asked for. Safe for use by many threads. */
public final class Faults {

    private static final int MOST = 10_000;

    private final List<Pending> pending = new ArrayList<>();

    Faults() {}

    private static final class Pending {

        private final Fault fault;
        private int remaining;

        private Pending(Fault fault) {
            this.fault = fault;
            this.remaining = fault.times();
        }
    }

    /**
     * A fault and how often it will still strike.
     *
     * @param remaining 1 or more
     */
    public record Remaining(Fault fault, int remaining) {}

    /**
     * Asks for faults.
     *
     * @throws IllegalStateException where more than 10,000 are waiting already
     */
    public synchronized void add(Fault... faults) {
        if (pending.size() + faults.length > MOST) {
            throw new IllegalStateException("faults: expected at most " + MOST + " that wait to strike, found "
                    + (pending.size() + faults.length) + "; clear them first");
        }
        for (Fault fault : faults) {
            pending.add(new Pending(fault));
        }
    }

    /** Takes all back that have not struck. */
    public synchronized void clear() {
        pending.clear();
    }

    /** What has not struck yet. */
    public synchronized List<Remaining> pending() {
        return pending.stream()
                .map(entry -> new Remaining(entry.fault, entry.remaining))
                .toList();
    }

    /** The first fault of a stage that matches, which has struck once more by this; null where none does. */
    synchronized @Nullable Fault take(FaultKind.Stage stage, FaultTarget target, FaultMatch.Subject subject) {
        for (Iterator<Pending> entries = pending.iterator(); entries.hasNext(); ) {
            Pending entry = entries.next();
            Fault fault = entry.fault;
            if (fault.kind().stage() == stage
                    && fault.target() == target
                    && fault.match().matches(subject)) {
                entry.remaining--;
                if (entry.remaining == 0) {
                    entries.remove();
                }
                return fault;
            }
        }
        return null;
    }
}
