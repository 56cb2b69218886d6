package dev.cadflow.sandbox.part;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Writes a part as binary STL: 80 bytes of header, a count, 50 bytes for each triangle, little-endian. */
final class StlWriter {

    private static final int HEADER_BYTES = 84;
    private static final int TRIANGLE_BYTES = 50;

    private StlWriter() {}

    /** A file of the part; a larger one than the ordinary has smaller triangles. */
    static FileContent write(BoxWithHole box, long atLeastBytes) {
        BoxMesh mesh =
                BoxMesh.ofAtLeast(box, Math.max(0, atLeastBytes - HEADER_BYTES + TRIANGLE_BYTES - 1) / TRIANGLE_BYTES);
        ByteBuffer header = ByteBuffer.allocate(HEADER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        // Never "solid": readers take that for the text form.
        header.put("binary STL of the cadflow sandbox, millimetres".getBytes(StandardCharsets.US_ASCII));
        header.putInt(HEADER_BYTES - 4, mesh.triangles());
        return FileContent.joined(FileContent.of(header.array()), new Triangles(mesh));
    }

    /** The triangles, computed when they are read. */
    private record Triangles(BoxMesh mesh) implements FileContent {

        @Override
        public long sizeBytes() {
            return (long) mesh.triangles() * TRIANGLE_BYTES;
        }

        @Override
        public void read(long position, byte[] target, int offset, int length) {
            byte[] record = new byte[TRIANGLE_BYTES];
            ByteBuffer out = ByteBuffer.wrap(record).order(ByteOrder.LITTLE_ENDIAN);
            double[] xyz = new double[9];
            double[] corner = new double[3];
            int done = 0;
            while (done < length) {
                int triangle = (int) ((position + done) / TRIANGLE_BYTES);
                int from = (int) ((position + done) % TRIANGLE_BYTES);
                int run = Math.min(length - done, TRIANGLE_BYTES - from);
                put(triangle, out.clear(), xyz, corner);
                System.arraycopy(record, from, target, offset + done, run);
                done += run;
            }
        }

        private void put(int triangle, ByteBuffer out, double[] xyz, double[] corner) {
            for (int c = 0; c < 3; c++) {
                mesh.position(mesh.vertexOf(triangle, c), corner);
                System.arraycopy(corner, 0, xyz, c * 3, 3);
            }
            putNormal(out, xyz);
            for (double value : xyz) {
                out.putFloat((float) value);
            }
            out.putShort((short) 0);
        }

        private static void putNormal(ByteBuffer out, double[] p) {
            double ax = p[3] - p[0];
            double ay = p[4] - p[1];
            double az = p[5] - p[2];
            double bx = p[6] - p[0];
            double by = p[7] - p[1];
            double bz = p[8] - p[2];
            double x = ay * bz - az * by;
            double y = az * bx - ax * bz;
            double z = ax * by - ay * bx;
            double length = Math.sqrt(x * x + y * y + z * z);
            // A triangle that vanishes in rounding has no direction: readers take zeros as "compute it".
            double scale = length > 0 ? 1 / length : 0;
            out.putFloat((float) (x * scale)).putFloat((float) (y * scale)).putFloat((float) (z * scale));
        }
    }
}
