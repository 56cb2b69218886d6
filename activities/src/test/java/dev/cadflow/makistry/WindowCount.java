package dev.cadflow.makistry;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Counts requests as a server with sliding windows does: by when they arrived. */
final class WindowCount {
    private final List<Instant> arrivals = Collections.synchronizedList(new ArrayList<>());

    void arrivedAt(Instant instant) {
        arrivals.add(instant);
    }

    int total() {
        return arrivals.size();
    }

    /** The most arrivals within any window of that length, both of its edges included. */
    int mostIn(Duration window) {
        List<Instant> sorted = arrivals.stream().sorted().toList();
        int most = 0;
        int first = 0;
        for (int last = 0; last < sorted.size(); last++) {
            while (Duration.between(sorted.get(first), sorted.get(last)).compareTo(window) > 0) {
                first++;
            }
            most = Math.max(most, last - first + 1);
        }
        return most;
    }

    void isWithin(QuotaLimits limits) {
        assertThat(mostIn(limits.minute())).isLessThanOrEqualTo(limits.perMinute());
        assertThat(mostIn(limits.hour())).isLessThanOrEqualTo(limits.perHour());
    }
}
