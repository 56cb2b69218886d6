package dev.cadflow.archive;

import dev.cadflow.workflow.BoundingBox;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The bounding box of a boundary representation, where it can be had exactly: all faces are planes, cylinders or cones,
 * all edges lines or circles.
 *
 * <p>Through every point of such a face goes a straight line within the face that ends at its edges both ways, so the
 * face reaches no further along any axis than its edges do; and how far an arc of a circle reaches is known. Any other
 * surface or curve (sphere, torus, free form, ellipse) can reach beyond its edges or its end points: then there is no
 * figure, rather than a guess.
 */
final class StepBox {
    private static final Set<String> SURFACES = Set.of("PLANE", "CYLINDRICAL_SURFACE", "CONICAL_SURFACE");
    private static final double TOLERANCE = 1e-4;

    private record Placement(long origin, long axis, long direction) {}

    private record Circle(long placement, double radius) {}

    private record Edge(long start, long end, long curve, boolean sameSense) {}

    private final Map<Long, double[]> triples = new HashMap<>();
    private final Map<Long, Long> vertices = new HashMap<>();
    private final Map<Long, Placement> placements = new HashMap<>();
    private final Map<Long, Circle> circles = new HashMap<>();
    private final Map<Long, Long> curvesOnSurfaces = new HashMap<>();
    private final Set<Long> lines = new HashSet<>();
    private final Set<Long> understoodSurfaces = new HashSet<>();
    private final List<Long> faces = new ArrayList<>();
    private final List<Edge> edges = new ArrayList<>();

    /** Takes an instance that matters here; whether it does. */
    boolean take(
            long id, String name, long[] references, double[] numbers, long lastReference, String lastEnumeration) {
        switch (name) {
            case "CARTESIAN_POINT", "DIRECTION" -> triples.put(id, new double[] {numbers[1], numbers[2], numbers[3]});
            case "VERTEX_POINT" -> vertices.put(id, references[1]);
            case "AXIS2_PLACEMENT_3D" -> placements.put(id, new Placement(references[1], references[2], references[3]));
            case "LINE" -> lines.add(id);
            case "CIRCLE" -> circles.put(id, new Circle(references[1], numbers[2]));
            case "SURFACE_CURVE", "SEAM_CURVE", "INTERSECTION_CURVE" -> curvesOnSurfaces.put(id, references[1]);
            case "EDGE_CURVE" ->
                edges.add(new Edge(references[1], references[2], references[3], "T".equals(lastEnumeration)));
            case "ADVANCED_FACE", "FACE_SURFACE" -> faces.add(lastReference);
            default -> {
                if (!SURFACES.contains(name)) {
                    return false;
                }
                understoodSurfaces.add(id);
            }
        }
        return true;
    }

    /** The box; null where it cannot be had. */
    @Nullable BoundingBox size(double millimetresPerUnit) {
        if (faces.isEmpty() || edges.isEmpty() || !understoodSurfaces.containsAll(faces)) {
            return null;
        }
        Bounds bounds = new Bounds();
        for (Edge edge : edges) {
            if (!add(edge, bounds)) {
                return null;
            }
        }
        return bounds.size(millimetresPerUnit);
    }

    private boolean add(Edge edge, Bounds bounds) {
        double[] start = triples.get(vertices.getOrDefault(edge.start(), 0L));
        double[] end = triples.get(vertices.getOrDefault(edge.end(), 0L));
        if (start == null || end == null) {
            return false;
        }
        bounds.add(start[0], start[1], start[2]);
        bounds.add(end[0], end[1], end[2]);
        long curve = curvesOnSurfaces.getOrDefault(edge.curve(), edge.curve());
        if (lines.contains(curve)) {
            return true;
        }
        Circle circle = circles.get(curve);
        return circle != null && addArc(circle, start, end, edge, bounds);
    }

    private boolean addArc(Circle circle, double[] start, double[] end, Edge edge, Bounds bounds) {
        Placement placement = placements.get(circle.placement());
        double[] origin = placement == null ? null : triples.get(placement.origin());
        if (placement == null || origin == null) {
            return false;
        }
        double[] z = unit(placement.axis() == 0 ? new double[] {0, 0, 1} : triples.get(placement.axis()));
        double[] direction = placement.direction() == 0 ? anyAcross(z) : triples.get(placement.direction());
        double[] x = z == null || direction == null ? null : unit(across(direction, z));
        if (z == null || x == null) {
            return false;
        }
        double[] y = cross(z, x);
        double from = angle(start, origin, x, y);
        double to = angle(end, origin, x, y);
        if (!isOn(circle, start, origin, z) || !isOn(circle, end, origin, z)) {
            return false;
        }
        boolean isWhole = edge.start() == edge.end();
        double first = edge.sameSense() ? from : to;
        double sweep = isWhole ? 2 * Math.PI : positive((edge.sameSense() ? to : from) - first);
        for (int axis = 0; axis < 3; axis++) {
            double top = Math.atan2(y[axis], x[axis]);
            for (double extreme : new double[] {top, top + Math.PI}) {
                if (positive(extreme - first) <= sweep) {
                    bounds.add(
                            axis,
                            origin[axis]
                                    + circle.radius() * (x[axis] * Math.cos(extreme) + y[axis] * Math.sin(extreme)));
                }
            }
        }
        return true;
    }

    /** Whether the edge's end lies on the circle, as a sound file has it. */
    private static boolean isOn(Circle circle, double[] point, double[] origin, double[] z) {
        double[] arm = minus(point, origin);
        double tolerance = TOLERANCE * (1 + circle.radius());
        return Math.abs(Math.sqrt(dot(arm, arm)) - circle.radius()) <= tolerance && Math.abs(dot(arm, z)) <= tolerance;
    }

    private static double angle(double[] point, double[] origin, double[] x, double[] y) {
        double[] arm = minus(point, origin);
        return Math.atan2(dot(arm, y), dot(arm, x));
    }

    private static double positive(double angle) {
        double turn = 2 * Math.PI;
        double positive = angle % turn;
        return positive < 0 ? positive + turn : positive;
    }

    /** The part of a vector that is at right angles to z. */
    private static double[] across(double[] vector, double[] z) {
        double along = dot(vector, z);
        return new double[] {vector[0] - along * z[0], vector[1] - along * z[1], vector[2] - along * z[2]};
    }

    private static double @Nullable [] anyAcross(double @Nullable [] z) {
        if (z == null) {
            return null;
        }
        return Math.abs(z[0]) < 0.9 ? new double[] {1, 0, 0} : new double[] {0, 1, 0};
    }

    private static double @Nullable [] unit(double @Nullable [] vector) {
        double length = vector == null ? 0 : Math.sqrt(dot(vector, vector));
        return vector == null || !(length > 0)
                ? null
                : new double[] {vector[0] / length, vector[1] / length, vector[2] / length};
    }

    private static double[] cross(double[] a, double[] b) {
        return new double[] {a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]};
    }

    private static double[] minus(double[] a, double[] b) {
        return new double[] {a[0] - b[0], a[1] - b[1], a[2] - b[2]};
    }

    private static double dot(double[] a, double[] b) {
        return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
    }
}
