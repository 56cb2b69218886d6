package dev.cadflow.benchmarks;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/**
 * Figures of several rounds.
 *
 * @param median the middle one, the higher of the two where their number is even
 * @param least the lowest
 * @param most the highest
 * @param rounds how many
 */
record Spread(double median, double least, double most, int rounds) {
    static Spread of(List<Double> figures) {
        List<Double> sorted = new ArrayList<>(figures);
        Collections.sort(sorted);
        return new Spread(sorted.get(sorted.size() / 2), sorted.get(0), sorted.get(sorted.size() - 1), sorted.size());
    }

    /** Of each round's figure, as a ratio of the other's of the same round. */
    static Spread ofRatios(List<Double> ours, List<Double> base) {
        List<Double> ratios = new ArrayList<>();
        for (int round = 0; round < ours.size(); round++) {
            ratios.add(ours.get(round) / base.get(round));
        }
        return of(ratios);
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "%.2f (%.2f to %.2f in %d rounds)", median, least, most, rounds);
    }
}
