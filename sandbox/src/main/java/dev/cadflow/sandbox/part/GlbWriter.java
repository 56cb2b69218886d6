package dev.cadflow.sandbox.part;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;

/**
 * Writes a part as binary glTF 2.0. glTF's unit is the metre and its up axis Y: the vertices are the part's own x, y, z
 * in metres, and the one node turns Z up into Y up. So the accessor's bounds of a box of 40 x 20 x 10 mm read 0.04, 0.02,
 * 0.01, and those of the scene 0.04, 0.01, 0.02.
 */
final class GlbWriter {

    private static final int MAGIC = 0x46546C67;
    private static final int JSON_CHUNK = 0x4E4F534A;
    private static final int BIN_CHUNK = 0x004E4942;
    private static final double METRES_IN_MILLIMETRE = 0.001;
    private static final byte[] PADDING = "unused ".getBytes(StandardCharsets.US_ASCII);

    private GlbWriter() {}

    /** A file of the part; a larger one than the ordinary carries bytes in its buffer that no view shows. */
    static FileContent write(BoxWithHole box, long atLeastBytes) {
        BoxMesh mesh = BoxMesh.of(box);
        byte[] binary = binary(mesh);
        // The JSON grows with the digits of the buffer's length alone: 64 bytes cover that and the chunk headers.
        long ordinary = 64L + json(box, mesh, binary.length).length + binary.length;
        long padding = atLeastBytes > ordinary ? (atLeastBytes - ordinary + 3) / 4 * 4 + 64 : 0;
        byte[] json = json(box, mesh, binary.length + padding);
        long total = 12L + 8 + json.length + 8 + binary.length + padding;
        ByteBuffer head = ByteBuffer.allocate(12 + 8 + json.length + 8).order(ByteOrder.LITTLE_ENDIAN);
        head.putInt(MAGIC).putInt(2).putInt((int) total);
        head.putInt(json.length).putInt(JSON_CHUNK).put(json);
        head.putInt((int) (binary.length + padding)).putInt(BIN_CHUNK);
        return FileContent.joined(
                FileContent.of(head.array()), FileContent.of(binary), FileContent.repeated(PADDING, padding));
    }

    private static byte[] binary(BoxMesh mesh) {
        ByteBuffer out = ByteBuffer.allocate(mesh.vertices() * 12 + mesh.triangles() * 12)
                .order(ByteOrder.LITTLE_ENDIAN);
        double[] xyz = new double[3];
        for (int vertex = 0; vertex < mesh.vertices(); vertex++) {
            mesh.position(vertex, xyz);
            for (double value : xyz) {
                out.putFloat(metres(value));
            }
        }
        for (int triangle = 0; triangle < mesh.triangles(); triangle++) {
            for (int corner = 0; corner < 3; corner++) {
                out.putInt(mesh.vertexOf(triangle, corner));
            }
        }
        return out.array();
    }

    private static byte[] json(BoxWithHole box, BoxMesh mesh, long bufferBytes) {
        String text = String.format(
                Locale.ROOT,
                """
                {"asset":{"version":"2.0","generator":"cadflow sandbox"},\
                "scene":0,"scenes":[{"nodes":[0]}],\
                "nodes":[{"mesh":0,"name":"part","rotation":[-0.70710678,0,0,0.70710678]}],\
                "meshes":[{"primitives":[{"attributes":{"POSITION":0},"indices":1,"mode":4}]}],\
                "accessors":[{"bufferView":0,"componentType":5126,"count":%d,"type":"VEC3",\
                "min":[%s,%s,0],"max":[%s,%s,%s]},\
                {"bufferView":1,"componentType":5125,"count":%d,"type":"SCALAR"}],\
                "bufferViews":[{"buffer":0,"byteOffset":0,"byteLength":%d,"target":34962},\
                {"buffer":0,"byteOffset":%d,"byteLength":%d,"target":34963}],\
                "buffers":[{"byteLength":%d}]}""",
                mesh.vertices(),
                metres(-box.lengthMillimetres() / 2),
                metres(-box.widthMillimetres() / 2),
                metres(box.lengthMillimetres() / 2),
                metres(box.widthMillimetres() / 2),
                metres(box.heightMillimetres()),
                mesh.triangles() * 3,
                mesh.vertices() * 12,
                mesh.vertices() * 12,
                mesh.triangles() * 12,
                bufferBytes);
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        byte[] aligned = Arrays.copyOf(bytes, (bytes.length + 3) / 4 * 4);
        Arrays.fill(aligned, bytes.length, aligned.length, (byte) ' ');
        return aligned;
    }

    private static float metres(double millimetres) {
        return (float) (millimetres * METRES_IN_MILLIMETRE);
    }
}
