package dev.cadflow.archive;

import static dev.cadflow.archive.GlbBuffers.number;
import static dev.cadflow.archive.GlbProof.invalid;
import static dev.cadflow.archive.GlbProof.require;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cadflow.archive.GlbBuffers.Accessor;
import dev.cadflow.workflow.Measures;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The meshes of a GLB and where its nodes place them. Every mesh is proven, placed or not; those that the scene shows
 * are measured, in the file's own axes. Compressed or sparse corners are not measured: then there is no box.
 */
final class GlbScene {
    private static final double MILLIMETRES_PER_METRE = 1000;
    private static final int FLOAT = 5126;
    private static final int TRIANGLES = 4;
    /** More corners than that, all instances counted, are not walked through for a box. */
    private static final long MOST_CORNERS = 200_000_000;

    private record Placed(long node, Transform transform) {}

    private final JsonNode json;
    private final GlbBuffers buffers;
    private final Bounds bounds = new Bounds();
    private final Map<Long, Long> trianglesOfMesh = new HashMap<>();
    private long triangles;
    private long corners;
    private boolean isMeasurable = true;

    GlbScene(GlbProof.Chunks chunks, GlbBuffers buffers) {
        this.json = chunks.json();
        this.buffers = buffers;
    }

    Measures measure() throws InvalidCadFile, IOException {
        int meshes = json.path("meshes").size();
        require(meshes > 0, "at least one mesh", "none");
        for (int mesh = 0; mesh < meshes; mesh++) {
            proveMesh(mesh);
        }
        place();
        boolean hasBox = isMeasurable && !bounds.isPoint();
        return new Measures(hasBox ? bounds.size(MILLIMETRES_PER_METRE) : null, triangles, null, "metre");
    }

    private void proveMesh(int mesh) throws InvalidCadFile, IOException {
        JsonNode primitives = json.path("meshes").get(mesh).path("primitives");
        require(!primitives.isEmpty(), "mesh " + mesh + " with at least one primitive", "none");
        long count = 0;
        for (JsonNode primitive : primitives) {
            count += provePrimitive(primitive, mesh);
        }
        trianglesOfMesh.put((long) mesh, count);
    }

    /** How many triangles it has. */
    private long provePrimitive(JsonNode primitive, int mesh) throws InvalidCadFile, IOException {
        long position = number(primitive.path("attributes"), "POSITION", -1);
        require(position >= 0, "mesh " + mesh + " with positions", "none");
        Accessor places = buffers.accessor(position);
        long vertices = number(json.path("accessors").get((int) position), "count", 0);
        if (places != null) {
            buffers.forEach(places, element -> {
                for (int i = 0; places.componentType() == FLOAT && i < places.components(); i++) {
                    float value = element.getFloat(i * Float.BYTES);
                    require(Float.isFinite(value), "finite positions in mesh " + mesh, Float.toString(value));
                }
            });
        }
        long index = number(primitive, "indices", -1);
        long used = vertices;
        if (index >= 0) {
            Accessor indices = buffers.accessor(index);
            used = number(json.path("accessors").get((int) index), "count", 0);
            if (indices != null) {
                proveIndices(indices, vertices, mesh);
            }
        }
        long mode = number(primitive, "mode", TRIANGLES);
        return mode == TRIANGLES ? used / 3 : mode > TRIANGLES ? Math.max(0, used - 2) : 0;
    }

    private void proveIndices(Accessor indices, long vertices, int mesh) throws InvalidCadFile, IOException {
        buffers.forEach(indices, element -> {
            long index = switch (GlbBuffers.componentBytes(indices.componentType())) {
                case 1 -> Byte.toUnsignedLong(element.get(0));
                case 2 -> Short.toUnsignedLong(element.getShort(0));
                default -> Integer.toUnsignedLong(element.getInt(0));
            };
            require(index < vertices, "indices below " + vertices + " in mesh " + mesh, Long.toString(index));
        });
    }

    /** Walks the scene's trees of nodes; a node that is met twice is in a cycle or has two parents, which glTF forbids. */
    private void place() throws InvalidCadFile, IOException {
        JsonNode nodes = json.path("nodes");
        Deque<Placed> open = new ArrayDeque<>();
        for (JsonNode root : roots()) {
            open.push(new Placed(root.asLong(-1), Transform.IDENTITY));
        }
        boolean[] met = new boolean[nodes.size()];
        while (!open.isEmpty()) {
            Placed placed = open.pop();
            require(placed.node() >= 0 && placed.node() < met.length, "node " + placed.node(), "none");
            require(!met[(int) placed.node()], "each node once in the scene", "node " + placed.node() + " again");
            met[(int) placed.node()] = true;
            JsonNode node = nodes.get((int) placed.node());
            Transform transform = placed.transform().after(transform(node));
            if (node.has("mesh")) {
                addMesh(number(node, "mesh", -1), transform);
            }
            for (JsonNode child : node.path("children")) {
                open.push(new Placed(child.asLong(-1), transform));
            }
        }
    }

    /** The nodes of the scene that is shown; without any scene, the meshes are a library, which has no size. */
    private JsonNode roots() throws InvalidCadFile {
        JsonNode scenes = json.path("scenes");
        long scene = number(json, "scene", 0);
        require(scenes.isEmpty() || scene >= 0 && scene < scenes.size(), "scene " + scene, "none");
        return scenes.path((int) scene).path("nodes");
    }

    private void addMesh(long mesh, Transform transform) throws InvalidCadFile, IOException {
        Long count = trianglesOfMesh.get(mesh);
        if (count == null) {
            throw invalid("mesh " + mesh, "none");
        }
        triangles += count;
        for (JsonNode primitive : json.path("meshes").get((int) mesh).path("primitives")) {
            Accessor places = buffers.accessor(number(primitive.path("attributes"), "POSITION", -1));
            if (places == null || places.componentType() != FLOAT || places.components() != 3) {
                isMeasurable = false;
                continue;
            }
            corners += places.count();
            isMeasurable &= corners <= MOST_CORNERS;
            if (isMeasurable) {
                buffers.forEach(
                        places,
                        element ->
                                transform.add(bounds, element.getFloat(0), element.getFloat(4), element.getFloat(8)));
            }
        }
    }

    private static Transform transform(JsonNode node) {
        JsonNode matrix = node.get("matrix");
        if (matrix != null && matrix.size() == 16) {
            return Transform.ofColumns(numbers(matrix, 16, 0), 4);
        }
        double[] move = numbers(node.get("translation"), 3, 0);
        double[] turn = numbers(node.get("rotation"), 4, Double.NaN);
        double[] scale = numbers(node.get("scale"), 3, 1);
        return Transform.of(move, Double.isNaN(turn[0]) ? new double[] {0, 0, 0, 1} : turn, scale);
    }

    private static double[] numbers(@Nullable JsonNode array, int count, double absent) {
        double[] numbers = new double[count];
        for (int i = 0; i < count; i++) {
            numbers[i] = array == null ? absent : array.path(i).asDouble(absent);
        }
        return numbers;
    }
}
