package dev.cadflow.archive;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cadflow.workflow.BoundingBox;
import dev.cadflow.workflow.Measures;
import dev.cadflow.workflow.OutputFormat;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** GLB files that are made here: damaged, made to hurt who reads them, or with what no reader here measures. */
final class GlbProofTest {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    /** One triangle: three corners of three floats, then three indices of two bytes. */
    private static final String TRIANGLE = """
            {"asset": {"version": "2.0"}, "scene": 0, "scenes": [{"nodes": [0]}], "nodes": [{"mesh": 0}],
             "meshes": [{"primitives": [{"attributes": {"POSITION": 0}, "indices": 1}]}],
             "buffers": [{"byteLength": 42}],
             "bufferViews": [{"buffer": 0, "byteLength": 36}, {"buffer": 0, "byteOffset": 36, "byteLength": 6}],
             "accessors": [{"bufferView": 0, "componentType": 5126, "count": 3, "type": "VEC3"},
                           {"bufferView": 1, "componentType": 5123, "count": 3, "type": "SCALAR"}]}""";

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path scratch;

    @Test
    void aGlbIsWhatItsHeaderSays() throws IOException {
        byte[] longer = Arrays.copyOf(Corpus.bytes("trimesh.glb"), 20_000);
        assertThat(refusal(longer)).contains("as its header says");
        assertThat(refusal("{}")).contains("at least one mesh");
        assertThat(refusal("{\"meshes\":[{\"primitives\":[{\"attributes\":{}}]}]}"))
                .contains("positions");
        assertThat(refusal("[".repeat(5000))).contains("JSON");
        assertThat(refusal("{} {}")).contains("JSON");
        assertThat(refusal(glb(new byte[] {0, 0, -1, -2}, new byte[0]))).contains("JSON");
        assertThat(refusal("{\"buffers\":[{\"byteLength\":10,\"uri\":\"part.bin\"}]}"))
                .contains("elsewhere");
        assertThat(refusal("{\"buffers\":[{\"byteLength\":4000000000}]}")).contains("in the file");
    }

    @Test
    void aGlbNamesNothingThatIsNotThere() throws IOException {
        assertThat(refusal(triangle())).isEqualTo("accepted");
        assertThat(damaged("/nodes/0/mesh", "5")).contains("mesh 5");
        assertThat(damaged("/scenes/0/nodes/0", "5")).contains("node 5");
        assertThat(damaged("/scene", "5")).contains("scene 5");
        assertThat(damaged("/meshes/0/primitives/0/attributes/POSITION", "77")).contains("accessor 77");
        assertThat(damaged("/meshes/0/primitives/0/indices", "77")).contains("accessor 77");
        assertThat(damaged("/accessors/0/bufferView", "77")).contains("bufferView 77");
        assertThat(damaged("/bufferViews/0/buffer", "77")).contains("buffer 77");
        assertThat(damaged("/bufferViews/1/byteLength", "7")).contains("bufferView 1 within buffer 0");
        assertThat(damaged("/accessors/0/count", "4")).contains("accessor 0 of 4 elements within its view");
        assertThat(damaged("/accessors/2", "{'bufferView':0,'componentType':5126,'count':99,'type':'VEC2'}"))
                .contains("accessor 2 of 99 elements within its view");
        assertThat(damaged("/accessors/0/sparse", "{'count':1,'indices':{'bufferView':9},'values':{'bufferView':1}}"))
                .contains("bufferView 9");
        assertThat(damaged(
                        "/meshes/0/primitives/0/extensions",
                        "{'KHR_draco_mesh_compression':{'bufferView':9,'attributes':{'POSITION':0}}}"))
                .contains("bufferView 9");
    }

    @Test
    void aGlbHasFiniteCornersAndIndicesOfThem() throws IOException {
        byte[] equalToTheCount = bin();
        ByteBuffer.wrap(equalToTheCount).order(ByteOrder.LITTLE_ENDIAN).putShort(40, (short) 3);
        assertThat(refusal(glb(TRIANGLE.getBytes(UTF_8), equalToTheCount))).contains("indices below 3", "found 3");

        byte[] notANumber = bin();
        ByteBuffer.wrap(notANumber).order(ByteOrder.LITTLE_ENDIAN).putFloat(32, Float.NaN);
        assertThat(refusal(glb(TRIANGLE.getBytes(UTF_8), notANumber))).contains("finite positions", "found NaN");
    }

    @ParameterizedTest
    @ValueSource(strings = {"chunk", "data URI"})
    void aStrideOrACountDoesNotWrapRound(String content) throws IOException {
        ObjectNode json = triangle();
        if ("data URI".equals(content)) {
            put(json, "/buffers/0/uri", "'data:;base64," + Base64.getEncoder().encodeToString(bin()) + "'");
        }
        put(json, "/bufferViews/0/byteStride", "4294967296");
        put(json, "/accessors/0/count", "4294967296");
        assertThat(refusal(json)).contains("byteStride");

        put(json, "/bufferViews/0/byteStride", "252");
        assertThat(refusal(json)).contains("accessor 0 of 4294967296 elements within its view");
    }

    @Test
    void noValueOfAnotherKindIsAnythingButInvalid() throws IOException {
        List<JsonPointer> places = new ArrayList<>();
        collect(triangle(), JsonPointer.empty(), places);
        for (JsonPointer place : places) {
            for (String value : List.of("{}", "{'a':1}", "[]", "[[]]", "'x'", "null", "true", "-1", "1.5", "1e999")) {
                // Whatever but InvalidCadFile would be thrown.
                assertThat(damaged(place.toString(), value))
                        .as("%s at %s", value, place)
                        .matches("accepted|GLB: .*");
            }
        }
    }

    @Test
    void whatManyPrimitivesShareIsReadOnce() throws Exception {
        long once = piecesRead(1);

        assertThat(once).isGreaterThan(12 * 16);
        assertThat(piecesRead(100)).isEqualTo(once);
    }

    /** How often the proof tells its progress on so many primitives that share 12 MiB. */
    private long piecesRead(int primitives) throws Exception {
        int corners = 1 << 20;
        ObjectNode json = triangle();
        put(json, "/nodes/0", "{}");
        put(json, "/buffers/0/byteLength", Integer.toString(12 * corners));
        put(json, "/bufferViews/0/byteLength", Integer.toString(12 * corners));
        put(json, "/accessors/0/count", Integer.toString(corners));
        for (int i = 0; i < primitives; i++) {
            put(json, "/meshes/0/primitives/" + i, "{'attributes':{'POSITION':0},'indices':1}");
        }
        Path file =
                Files.write(scratch.resolve("large.glb"), glb(json.toString().getBytes(UTF_8), new byte[12 * corners]));
        List<Long> told = new ArrayList<>();
        new CadFormatCheck().prove(file, OutputFormat.GLB, told::add);
        assertThat(told).isSorted().endsWith(Files.size(file));
        return told.size();
    }

    @Test
    void accessorsDoNotShareTheirBytesForEver() throws IOException {
        int corners = 1000;
        ObjectNode json = triangle();
        put(json, "/buffers/0/byteLength", Integer.toString(12 * corners));
        put(json, "/bufferViews/0/byteLength", Integer.toString(12 * corners));
        for (int i = 2; i < 20; i++) {
            put(
                    json,
                    "/accessors/" + i,
                    "{'bufferView':0,'componentType':5126,'count':" + (corners - i) + ",'type':'VEC3'}");
            put(json, "/meshes/0/primitives/" + (i - 1), "{'attributes':{'POSITION':" + i + "}}");
        }

        assertThat(refusal(glb(json.toString().getBytes(UTF_8), new byte[12 * corners])))
                .contains("at most 16 times over");
    }

    @Test
    void measuresWhatIsPlain() throws Exception {
        Measures measures = measures(triangle());

        assertThat(measures.boundingBoxMm()).isEqualTo(new BoundingBox(1000, 2000, 0));
        assertThat(measures.triangles()).isEqualTo(1);
    }

    @Test
    void givesNoBoxOfSparseOrDracoCorners() throws Exception {
        ObjectNode sparse = triangle();
        put(
                sparse,
                "/accessors/0/sparse",
                "{'count':1,'indices':{'bufferView':1,'componentType':5123},'values':{'bufferView':0}}");
        assertThat(measures(sparse)).isEqualTo(new Measures(null, 1L, null, "metre"));

        ObjectNode draco = triangle();
        put(draco, "/accessors/0", "{'componentType':5126,'count':3,'type':'VEC3'}");
        put(draco, "/accessors/1", "{'componentType':5123,'count':3,'type':'SCALAR'}");
        put(
                draco,
                "/meshes/0/primitives/0/extensions",
                "{'KHR_draco_mesh_compression':{'bufferView':0,'attributes':{'POSITION':0}}}");
        assertThat(measures(draco)).isEqualTo(new Measures(null, 1L, null, "metre"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"EXT_meshopt_compression", "KHR_meshopt_compression"})
    void givesNoBoxOfMeshoptCornersWhoseBufferIsEmpty(String extension) throws Exception {
        ObjectNode json = triangle();
        put(json, "/buffers/1", "{'byteLength':36,'extensions':{'" + extension + "':{'fallback':true}}}");
        put(json, "/bufferViews/0", "{'buffer':1,'byteLength':36,'byteStride':12}");
        assertThat(refusal(json)).contains("a fallback without content");

        put(
                json,
                "/bufferViews/0/extensions",
                "{'" + extension + "':{'buffer':0,'byteLength':30,'byteStride':12,'count':3,'mode':'ATTRIBUTES'}}");
        assertThat(measures(json)).isEqualTo(new Measures(null, 1L, null, "metre"));

        put(json, "/bufferViews/0/extensions/" + extension + "/byteLength", "43");
        assertThat(refusal(json)).contains("bufferView 0 within buffer 0");
        put(json, "/bufferViews/0/extensions/" + extension, "{'buffer':1,'byteLength':30}");
        assertThat(refusal(json)).contains("a fallback without content");
    }

    @Test
    void givesNoBoxOfWhatIsInstancedSkinnedOrMorphed() throws Exception {
        ObjectNode instanced = triangle();
        put(instanced, "/nodes/0/extensions", "{'EXT_mesh_gpu_instancing':{'attributes':{'TRANSLATION':0}}}");
        assertThat(measures(instanced)).isEqualTo(new Measures(null, null, null, "metre"));

        for (String place : List.of("/nodes/0/skin", "/nodes/0/weights", "/meshes/0/weights")) {
            ObjectNode moved = triangle();
            put(moved, place, "[0.5]");
            assertThat(measures(moved)).as(place).isEqualTo(new Measures(null, 1L, null, "metre"));
        }
    }

    @Test
    void givesNoCountThatNoReaderHolds() throws Exception {
        ObjectNode json = triangle();
        put(json, "/accessors/0", "{'componentType':5126,'count':4294967296,'type':'VEC3'}");
        put(json, "/accessors/1", "{'componentType':5123,'count':4294967296,'type':'SCALAR'}");
        for (int i = 0; i < 3000; i++) {
            put(json, "/meshes/0/primitives/" + i, "{'attributes':{'POSITION':0},'indices':1}");
            put(json, "/nodes/" + i, "{'mesh':0}");
            put(json, "/scenes/0/nodes/" + i, Integer.toString(i));
        }

        assertThat(measures(json).triangles()).isNull();
    }

    private static byte[] bin() {
        ByteBuffer bin = ByteBuffer.allocate(44).order(ByteOrder.LITTLE_ENDIAN);
        for (float number : new float[] {0, 0, 0, 1, 0, 0, 0, 2, 0}) {
            bin.putFloat(number);
        }
        return bin.putShort((short) 0).putShort((short) 1).putShort((short) 2).array();
    }

    private static ObjectNode triangle() throws IOException {
        return (ObjectNode) MAPPER.readTree(TRIANGLE);
    }

    /** Sets a value, which is JSON in single quotes. */
    private static void put(ObjectNode json, String place, String value) throws IOException {
        JsonPointer pointer = JsonPointer.compile(place);
        JsonNode parent = json.at(pointer.head());
        JsonNode node = MAPPER.readTree(value.replace('\'', '"'));
        if (parent instanceof ArrayNode array) {
            int index = pointer.last().getMatchingIndex();
            if (index < array.size()) {
                array.set(index, node);
            } else {
                array.add(node);
            }
        } else {
            ((ObjectNode) parent).set(pointer.last().getMatchingProperty(), node);
        }
    }

    private static void collect(JsonNode node, JsonPointer at, List<JsonPointer> places) {
        for (int i = 0; node.isArray() && i < node.size(); i++) {
            places.add(at.appendIndex(i));
            collect(node.get(i), at.appendIndex(i), places);
        }
        node.fieldNames().forEachRemaining(name -> {
            places.add(at.appendProperty(name));
            collect(node.path(name), at.appendProperty(name), places);
        });
    }

    private String damaged(String place, String value) throws IOException {
        ObjectNode json = triangle();
        put(json, place, value);
        return refusal(json);
    }

    private Measures measures(ObjectNode json) throws Exception {
        return Corpus.prove(scratch, glb(json.toString().getBytes(UTF_8), bin()), OutputFormat.GLB);
    }

    private String refusal(ObjectNode json) throws IOException {
        return refusal(glb(json.toString().getBytes(UTF_8), bin()));
    }

    private String refusal(String json) throws IOException {
        return refusal(glb(json.getBytes(UTF_8), new byte[0]));
    }

    private String refusal(byte[] glb) throws IOException {
        String refusal = Corpus.refusal(scratch, glb, OutputFormat.GLB);
        return refusal == null ? "accepted" : refusal;
    }

    /** The chunks under their header; an empty binary chunk is left out. */
    private static byte[] glb(byte[] json, byte[] bin) {
        int padding = (4 - json.length % 4) % 4;
        int binChunk = bin.length == 0 ? 0 : 8 + bin.length;
        ByteBuffer file =
                ByteBuffer.allocate(20 + json.length + padding + binChunk).order(ByteOrder.LITTLE_ENDIAN);
        file.put("glTF".getBytes(UTF_8)).putInt(2).putInt(file.capacity());
        file.putInt(json.length + padding).put("JSON".getBytes(UTF_8));
        file.put(json).put(" ".repeat(padding).getBytes(UTF_8));
        if (bin.length > 0) {
            file.putInt(bin.length).put("BIN\0".getBytes(UTF_8)).put(bin);
        }
        return file.array();
    }
}
