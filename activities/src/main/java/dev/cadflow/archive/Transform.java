package dev.cadflow.archive;

/**
 * An affine map of space: a 3×3 matrix and a translation.
 *
 * @param rows three rows of four numbers, one row behind the other
 */
record Transform(double... rows) {
    static final Transform IDENTITY = new Transform(1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0);

    /** From the images of the axes and of the origin, each of three numbers that many places from the next. */
    static Transform ofColumns(double[] columns, int stride) {
        double[] rows = new double[12];
        for (int row = 0; row < 3; row++) {
            for (int column = 0; column < 4; column++) {
                rows[row * 4 + column] = columns[column * stride + row];
            }
        }
        return new Transform(rows);
    }

    /** Scales, then turns by a unit quaternion (x, y, z, w), then moves. */
    static Transform of(double[] move, double[] turn, double[] scale) {
        double x = turn[0];
        double y = turn[1];
        double z = turn[2];
        double w = turn[3];
        return new Transform(
                (1 - 2 * (y * y + z * z)) * scale[0],
                2 * (x * y - z * w) * scale[1],
                2 * (x * z + y * w) * scale[2],
                move[0],
                2 * (x * y + z * w) * scale[0],
                (1 - 2 * (x * x + z * z)) * scale[1],
                2 * (y * z - x * w) * scale[2],
                move[1],
                2 * (x * z - y * w) * scale[0],
                2 * (y * z + x * w) * scale[1],
                (1 - 2 * (x * x + y * y)) * scale[2],
                move[2]);
    }

    /** This map applied to the result of the other. */
    Transform after(Transform other) {
        double[] product = new double[12];
        for (int row = 0; row < 3; row++) {
            for (int column = 0; column < 4; column++) {
                double sum = column == 3 ? rows[row * 4 + 3] : 0;
                for (int i = 0; i < 3; i++) {
                    sum += rows[row * 4 + i] * other.rows[i * 4 + column];
                }
                product[row * 4 + column] = sum;
            }
        }
        return new Transform(product);
    }

    /** Widens the bounds by the image of a point. */
    void add(Bounds bounds, double x, double y, double z) {
        for (int axis = 0; axis < 3; axis++) {
            int row = axis * 4;
            bounds.add(axis, rows[row] * x + rows[row + 1] * y + rows[row + 2] * z + rows[row + 3]);
        }
    }
}
