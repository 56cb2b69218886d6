package dev.cadflow.sandbox.part;

/**
 * A closed triangle mesh of a {@link BoxWithHole}, computed triangle by triangle, so that a mesh of any fineness takes
 * no memory. The outline of the box is divided into segments, each with a partner on the hole's circle; every segment
 * gives eight triangles: two each for bottom, top, outer and inner wall. Triangles turn counter-clockwise as seen from
 * outside.
 */
final class BoxMesh {

    static final int TRIANGLES_IN_SEGMENT = 8;
    private static final int DEFAULT_SEGMENTS = 64;

    // For each triangle of a segment its corners: a ring (0 outer bottom, 1 outer top, 2 inner bottom, 3 inner top)
    // and whether it is the segment's start (0) or end (1).
    private static final int[][] CORNERS = {
        {0, 0, 2, 0, 2, 1}, {0, 0, 2, 1, 0, 1}, // bottom
        {1, 0, 1, 1, 3, 1}, {1, 0, 3, 1, 3, 0}, // top
        {0, 0, 0, 1, 1, 1}, {0, 0, 1, 1, 1, 0}, // outer wall
        {2, 0, 3, 0, 3, 1}, {2, 0, 3, 1, 2, 1}, // inner wall
    };

    private final BoxWithHole box;
    private final int segments;

    private BoxMesh(BoxWithHole box, int segments) {
        this.box = box;
        this.segments = segments;
    }

    static BoxMesh of(BoxWithHole box) {
        return new BoxMesh(box, DEFAULT_SEGMENTS);
    }

    /** A mesh of at least so many triangles, and never coarser than the ordinary one. */
    static BoxMesh ofAtLeast(BoxWithHole box, long triangles) {
        long segments = (triangles + TRIANGLES_IN_SEGMENT - 1) / TRIANGLES_IN_SEGMENT;
        // A multiple of four puts a point on each corner of the box.
        long wholeSides = (segments + 3) / 4 * 4;
        return new BoxMesh(box, Math.toIntExact(Math.max(DEFAULT_SEGMENTS, wholeSides)));
    }

    int triangles() {
        return segments * TRIANGLES_IN_SEGMENT;
    }

    int vertices() {
        return segments * 4;
    }

    /** The vertex of one corner (0 to 2) of a triangle. */
    int vertexOf(int triangle, int corner) {
        int[] corners = CORNERS[triangle % TRIANGLES_IN_SEGMENT];
        int ring = corners[corner * 2];
        int point = (triangle / TRIANGLES_IN_SEGMENT + corners[corner * 2 + 1]) % segments;
        return ring * segments + point;
    }

    /** Writes x, y and z of a vertex, in millimetres. */
    void position(int vertex, double[] xyz) {
        int ring = vertex / segments;
        int point = vertex % segments;
        int perSide = segments / 4;
        double along = (double) (point % perSide) / perSide * 2 - 1;
        double halfLength = box.lengthMillimetres() / 2;
        double halfWidth = box.widthMillimetres() / 2;
        int side = point / perSide;
        double x =
                side == 0 ? along * halfLength : side == 1 ? halfLength : side == 2 ? -along * halfLength : -halfLength;
        double y = side == 0 ? -halfWidth : side == 1 ? along * halfWidth : side == 2 ? halfWidth : -along * halfWidth;
        if (ring >= 2) {
            double scale = box.holeDiameterMillimetres() / 2 / Math.sqrt(x * x + y * y);
            x *= scale;
            y *= scale;
        }
        xyz[0] = x;
        xyz[1] = y;
        xyz[2] = ring % 2 == 0 ? 0 : box.heightMillimetres();
    }
}
