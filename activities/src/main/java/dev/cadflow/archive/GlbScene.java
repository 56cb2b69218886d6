package dev.cadflow.archive;

import static dev.cadflow.archive.GlbBuffers.array;
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
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The meshes of a GLB and where its nodes place them. Every mesh is proven, placed or not; those that the scene shows
 * are measured, in the file's own axes. Compressed, sparse, quantized, skinned or morphed corners are not measured: then
 * there is no box.
 *
 * <p>Bounded: an accessor is proven once, whatever shares it; all together read the buffers at most {@value #MOST_READS}
 * times over. At most {@value #MOST_CORNERS} corners are measured, all instances counted.
 */
final class GlbScene {
    private static final double MILLIMETRES_PER_METRE = 1000;
    private static final int FLOAT = 5126;
    private static final int TRIANGLES = 4;
    private static final int MOST_READS = 16;
    private static final long MOST_CORNERS = 200_000_000;
    /** To begin with a primitive costs as much as so many corners. */
    private static final long LEAST_CORNERS = 100;
    /** What every reader of JSON takes for a whole number. */
    private static final long MOST_TRIANGLES = 1L << 53;

    private record Placed(long node, Transform transform) {}

    private final JsonNode json;
    private final JsonNode meshes;
    private final GlbBuffers buffers;
    private final Bounds bounds = new Bounds();
    private final Map<Long, Long> trianglesOfMesh = new HashMap<>();
    private final Set<Accessor> finite = new HashSet<>();
    private final Map<Accessor, Long> largestIndices = new HashMap<>();
    private long proven;
    private long triangles;
    private long corners;
    private boolean isMeasurable = true;
    private boolean isCountable = true;

    GlbScene(JsonNode json, GlbBuffers buffers) throws InvalidCadFile {
        this.json = json;
        this.meshes = array(json, "meshes");
        this.buffers = buffers;
    }

    Measures measure() throws InvalidCadFile, IOException {
        require(!meshes.isEmpty(), "at least one mesh", "none");
        for (int mesh = 0; mesh < meshes.size(); mesh++) {
            proveMesh(mesh);
        }
        place();
        boolean hasBox = isMeasurable && !bounds.isPoint();
        return new Measures(
                hasBox ? bounds.size(MILLIMETRES_PER_METRE) : null, isCountable ? triangles : null, null, "metre");
    }

    private void proveMesh(int mesh) throws InvalidCadFile, IOException {
        JsonNode primitives = array(meshes.get(mesh), "primitives");
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
        long vertices = buffers.count(position);
        if (places != null && places.componentType() == FLOAT && finite.add(places)) {
            proveFinite(places, mesh);
        }
        JsonNode compressed = primitive.path("extensions").path("KHR_draco_mesh_compression");
        if (!compressed.isMissingNode()) {
            buffers.view(number(compressed, "bufferView", -1));
        }
        long index = number(primitive, "indices", -1);
        long used = vertices;
        if (index >= 0) {
            Accessor indices = buffers.accessor(index);
            used = buffers.count(index);
            long largest = indices == null ? 0 : largestIndex(indices);
            require(largest < vertices, "indices below " + vertices + " in mesh " + mesh, Long.toString(largest));
        }
        long mode = number(primitive, "mode", TRIANGLES);
        return mode == TRIANGLES ? used / 3 : mode > TRIANGLES ? Math.max(0, used - 2) : 0;
    }

    private void proveFinite(Accessor places, int mesh) throws InvalidCadFile, IOException {
        count(places);
        buffers.forEach(places, element -> {
            for (int i = 0; i < places.components(); i++) {
                float value = element.getFloat(i * Float.BYTES);
                if (!Float.isFinite(value)) {
                    throw invalid("finite positions in mesh " + mesh, Float.toString(value));
                }
            }
        });
    }

    private long largestIndex(Accessor indices) throws InvalidCadFile, IOException {
        Long known = largestIndices.get(indices);
        if (known != null) {
            return known;
        }
        count(indices);
        long[] largest = {0};
        buffers.forEach(indices, element -> {
            long index = switch (GlbBuffers.componentBytes(indices.componentType())) {
                case 1 -> Byte.toUnsignedLong(element.get(0));
                case 2 -> Short.toUnsignedLong(element.getShort(0));
                default -> Integer.toUnsignedLong(element.getInt(0));
            };
            largest[0] = Math.max(largest[0], index);
        });
        largestIndices.put(indices, largest[0]);
        return largest[0];
    }

    private void count(Accessor accessor) throws InvalidCadFile {
        proven += accessor.bytes();
        require(
                proven <= MOST_READS * buffers.bytes(),
                "accessors that share the buffers at most " + MOST_READS + " times over",
                "more");
    }

    /** Walks the scene's trees of nodes; a node that is met twice is in a cycle or has two parents, which glTF forbids. */
    private void place() throws InvalidCadFile, IOException {
        JsonNode nodes = array(json, "nodes");
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
                addMesh(node, transform);
            }
            for (JsonNode child : node.path("children")) {
                open.push(new Placed(child.asLong(-1), transform));
            }
        }
    }

    /** The nodes of the scene that is shown; without any scene, the meshes are a library, which has no size. */
    private JsonNode roots() throws InvalidCadFile {
        JsonNode scenes = array(json, "scenes");
        long scene = number(json, "scene", 0);
        require(scenes.isEmpty() || scene >= 0 && scene < scenes.size(), "scene " + scene, "none");
        return scenes.path((int) scene).path("nodes");
    }

    private void addMesh(JsonNode node, Transform transform) throws InvalidCadFile, IOException {
        long number = number(node, "mesh", -1);
        Long count = trianglesOfMesh.get(number);
        if (count == null) {
            throw invalid("mesh " + number, "none");
        }
        JsonNode mesh = meshes.get((int) number);
        triangles += count;
        isCountable &= triangles <= MOST_TRIANGLES && !isInstanced(node);
        triangles = isCountable ? triangles : 0;
        isMeasurable &= !isInstanced(node) && !node.has("skin") && !node.has("weights") && !mesh.has("weights");
        for (JsonNode primitive : mesh.path("primitives")) {
            Accessor places = buffers.accessor(number(primitive.path("attributes"), "POSITION", -1));
            corners += places == null ? 0 : Math.max(LEAST_CORNERS, places.count());
            if (places == null || places.componentType() != FLOAT || places.components() != 3) {
                isMeasurable = false;
            }
            isMeasurable &= corners <= MOST_CORNERS;
            if (!isMeasurable || places == null) {
                return;
            }
            buffers.forEach(
                    places,
                    element -> transform.add(bounds, element.getFloat(0), element.getFloat(4), element.getFloat(8)));
        }
    }

    /** Whether the node stands for more than one of its mesh. */
    private static boolean isInstanced(JsonNode node) {
        return node.path("extensions").has("EXT_mesh_gpu_instancing");
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
