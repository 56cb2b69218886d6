package dev.cadflow.workflow;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.util.stream.DoubleStream;

/**
 * How far a part reaches along the axes of its file, in millimetres; in JSON an array of three numbers,
 * {@code [40, 20, 10]}.
 *
 * <p>Which way is up differs between formats (glTF has its y axis up, the others z), and which way a part lies is its
 * designer's choice: {@link #sameSize} therefore compares the sizes and not the axes.
 *
 * @param x finite and not negative
 * @param y finite and not negative
 * @param z finite and not negative
 */
@JsonFormat(shape = JsonFormat.Shape.ARRAY)
@JsonPropertyOrder({"x", "y", "z"})
public record BoundingBox(double x, double y, double z) {
    /** The same sizes in whatever order, each within the tolerance in millimetres. */
    public boolean sameSize(BoundingBox other, double toleranceMm) {
        double[] mine = sorted();
        double[] theirs = other.sorted();
        for (int i = 0; i < mine.length; i++) {
            // Written so that NaN is never the same.
            if (!(Math.abs(mine[i] - theirs[i]) <= toleranceMm)) {
                return false;
            }
        }
        return true;
    }

    private double[] sorted() {
        return DoubleStream.of(x, y, z).sorted().toArray();
    }

    /** Reads as {@code 40 × 20 × 10 mm}. */
    @Override
    public String toString() {
        return plain(x) + " × " + plain(y) + " × " + plain(z) + " mm";
    }

    private static String plain(double size) {
        return size == Math.rint(size) && Math.abs(size) < 1e15 ? Long.toString((long) size) : Double.toString(size);
    }
}
