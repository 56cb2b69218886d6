package dev.cadflow.archive;

import dev.cadflow.workflow.BoundingBox;
import java.math.BigDecimal;
import java.math.MathContext;
import org.jspecify.annotations.Nullable;

/** The smallest box around points. */
final class Bounds {
    /** Single-precision files carry about seven digits. */
    private static final MathContext DIGITS = new MathContext(7);

    private final double[] least = {Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY};
    private final double[] most = {Double.NEGATIVE_INFINITY, Double.NEGATIVE_INFINITY, Double.NEGATIVE_INFINITY};

    void add(double x, double y, double z) {
        add(0, x);
        add(1, y);
        add(2, z);
    }

    /** Widens one axis. */
    void add(int axis, double value) {
        least[axis] = Math.min(least[axis], value);
        most[axis] = Math.max(most[axis], value);
    }

    /** Whether the points are all the same, or there are none. */
    boolean isPoint() {
        return !(most[0] > least[0] || most[1] > least[1] || most[2] > least[2]);
    }

    /** The size in millimetres, to seven digits; null where there are no points or too large ones. */
    @Nullable BoundingBox size(double millimetresPerUnit) {
        double x = rounded((most[0] - least[0]) * millimetresPerUnit);
        double y = rounded((most[1] - least[1]) * millimetresPerUnit);
        double z = rounded((most[2] - least[2]) * millimetresPerUnit);
        return x >= 0 && y >= 0 && z >= 0 ? new BoundingBox(x, y, z) : null;
    }

    /** NaN where there is no figure. */
    private static double rounded(double size) {
        return Double.isFinite(size) && size >= 0
                ? new BigDecimal(size).round(DIGITS).doubleValue()
                : Double.NaN;
    }
}
