package dev.cadflow.archive;

import static dev.cadflow.archive.ThreeMfProof.invalid;

import dev.cadflow.archive.ThreeMfModel.ObjectName;
import dev.cadflow.archive.ThreeMfModel.Placed;
import dev.cadflow.archive.ThreeMfModel.Shape;
import dev.cadflow.workflow.BoundingBox;
import dev.cadflow.workflow.Measures;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What the build items of a 3MF come to: every object is there, none contains itself, there is a triangle. The meshes'
 * instances are counted and measured as long as there are at most {@value #MOST_INSTANCES} of them and
 * {@value #MOST_CORNERS} corners in all; a few lines of XML can say 2³⁰ instances.
 */
final class ThreeMfBuild {
    private static final int MOST_INSTANCES = 100_000;
    private static final long MOST_CORNERS = 200_000_000;

    private final ThreeMfModel model;
    private final Map<ObjectName, List<Transform>> instances = new HashMap<>();
    private final Set<String> measuredParts = new HashSet<>();
    private final Bounds bounds = new Bounds();
    private List<Transform> current = List.of();
    private boolean isMeasurable;
    private long triangles;

    ThreeMfBuild(ThreeMfModel model) throws InvalidCadFile {
        this.model = model;
        if (model.items().isEmpty()) {
            throw invalid("at least one build item", "none");
        }
        if (!hasTriangles()) {
            throw invalid("at least one triangle in what is built", "none");
        }
        isMeasurable = placeAll();
    }

    /** Walks each object once, deepest first, so that a cycle shows. */
    private boolean hasTriangles() throws InvalidCadFile {
        Set<ObjectName> done = new HashSet<>();
        Set<ObjectName> open = new HashSet<>();
        Deque<ObjectName> path = new ArrayDeque<>();
        model.items().forEach(item -> path.push(item.object()));
        boolean found = false;
        while (!path.isEmpty()) {
            ObjectName object = path.peek();
            Shape shape = shape(object);
            if (done.contains(object) || !open.add(object)) {
                path.pop();
                open.remove(object);
                done.add(object);
                continue;
            }
            found |= shape.triangles() > 0;
            for (Placed component : shape.components()) {
                if (open.contains(component.object())) {
                    throw invalid(
                            "no object within itself",
                            "object " + component.object().id());
                }
                if (!done.contains(component.object())) {
                    path.push(component.object());
                }
            }
        }
        return found;
    }

    /** Whether there are few enough instances to measure. */
    private boolean placeAll() throws InvalidCadFile {
        Deque<Placed> open = new ArrayDeque<>(model.items());
        long corners = 0;
        for (int placed = 0; !open.isEmpty(); placed++) {
            if (placed > MOST_INSTANCES || open.size() > MOST_INSTANCES || corners > MOST_CORNERS) {
                return false;
            }
            Placed next = open.pop();
            Shape shape = shape(next.object());
            corners += shape.vertices();
            triangles += shape.triangles();
            if (shape.vertices() > 0) {
                instances
                        .computeIfAbsent(next.object(), first -> new ArrayList<>())
                        .add(next.transform());
                measuredParts.add(next.object().part());
            }
            for (Placed component : shape.components()) {
                open.push(new Placed(component.object(), next.transform().after(component.transform())));
            }
        }
        return corners <= MOST_CORNERS;
    }

    boolean wantsCornersOf(String part) {
        return isMeasurable && measuredParts.contains(part);
    }

    void beginMesh(ObjectName object) {
        current = instances.getOrDefault(object, List.of());
    }

    void corner(double x, double y, double z) {
        for (Transform transform : current) {
            transform.add(bounds, x, y, z);
        }
    }

    Measures measures() {
        double unit = millimetres(model.unit());
        BoundingBox box = isMeasurable && unit > 0 ? bounds.size(unit) : null;
        return new Measures(box, isMeasurable ? triangles : null, null, model.unit());
    }

    private Shape shape(ObjectName name) throws InvalidCadFile {
        Shape shape = model.shapes().get(name);
        if (shape == null) {
            throw invalid("object " + name.id() + " in \"" + name.part() + "\"", "none");
        }
        return shape;
    }

    /** How long a unit of the core specification is; 0 for any other word. */
    private static double millimetres(String unit) {
        return switch (unit) {
            case "micron" -> 1e-3;
            case "millimeter" -> 1;
            case "centimeter" -> 10;
            case "inch" -> 25.4;
            case "foot" -> 304.8;
            case "meter" -> 1000;
            default -> 0;
        };
    }
}
