package dev.cadflow.archive;

import static dev.cadflow.archive.GlbProof.invalid;
import static dev.cadflow.archive.GlbProof.require;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A GLB's buffers, views and accessors, each checked to lie within the other. */
final class GlbBuffers {
    private static final int PIECE_BYTES = 1 << 16;
    private static final long LARGEST = 1L << 32;
    private static final long LARGEST_STRIDE = 252;
    /** Views under these have their content elsewhere; the buffer that they name may be empty. */
    private static final List<String> COMPRESSIONS = List.of("EXT_meshopt_compression", "KHR_meshopt_compression");

    /** Elements in a buffer: where the first begins, and how far it is to the next. */
    record Accessor(int buffer, long offset, long stride, long count, int componentType, int components) {
        int elementBytes() {
            return componentBytes(componentType) * components;
        }

        /** From the first byte of the first element to the last of the last. */
        long bytes() {
            return stride * (count - 1) + elementBytes();
        }
    }

    /** Told of each element: its bytes, little-endian from position 0. */
    interface Elements {
        void element(ByteBuffer bytes) throws InvalidCadFile;
    }

    /** The content is null for the binary chunk; what only stands for compressed views has none at all. */
    private record Buffer(long length, byte @Nullable [] inline, boolean isAbsent) {}

    /** A stretch of a buffer; plain where it holds what it is said to hold, without any extension. */
    record View(int buffer, long offset, long length, long stride, boolean isPlain) {}

    private final RandomAccessFile file;
    private final GlbProof.Chunks chunks;
    private final ProofProgress progress;
    private final JsonNode views;
    private final JsonNode accessors;
    private final List<Buffer> buffers = new ArrayList<>();
    /** Of the file, before the binary chunk. */
    private final long before;

    private long bytes;
    private long read;

    GlbBuffers(RandomAccessFile file, GlbProof.Chunks chunks, ProofProgress progress)
            throws InvalidCadFile, IOException {
        this.file = file;
        this.chunks = chunks;
        this.progress = progress;
        this.before = file.length() - chunks.binLength();
        this.views = array(chunks.json(), "bufferViews");
        this.accessors = array(chunks.json(), "accessors");
        JsonNode stated = array(chunks.json(), "buffers");
        for (int i = 0; i < stated.size(); i++) {
            Buffer buffer = buffer(stated.get(i), i);
            buffers.add(buffer);
            bytes += buffer.isAbsent() ? 0 : buffer.length();
        }
        for (int i = 0; i < views.size(); i++) {
            view(i);
        }
        for (int i = 0; i < accessors.size(); i++) {
            accessor(i);
        }
    }

    /** How long all buffers are together whose content is there. */
    long bytes() {
        return bytes;
    }

    private Buffer buffer(JsonNode buffer, int index) throws InvalidCadFile {
        long length = number(buffer, "byteLength", -1);
        require(length > 0, "buffers[" + index + "].byteLength of at least 1", Long.toString(length));
        boolean isInChunk = index == 0 && chunks.binOffset() >= 0;
        byte[] inline = null;
        if (buffer.has("uri")) {
            inline = content(buffer.path("uri").asText(), index);
            requireLength(index, length, inline.length);
        } else if (isInChunk) {
            requireLength(index, length, chunks.binLength());
            require(
                    chunks.binLength() - length <= 3,
                    "a binary chunk that ends with buffer 0 of " + length + " bytes",
                    chunks.binLength() + " bytes");
        } else {
            require(isFallback(buffer), "the content of buffer " + index + " in the file", "none");
        }
        return new Buffer(length, inline, inline == null && !isInChunk);
    }

    private static void requireLength(int buffer, long length, long there) throws InvalidCadFile {
        require(length <= there, "buffer " + buffer + " of " + length + " bytes", there + " bytes");
    }

    private static byte[] content(String uri, int buffer) throws InvalidCadFile {
        int comma = uri.indexOf(',');
        require(
                uri.startsWith("data:") && comma > 0 && uri.substring(0, comma).endsWith(";base64"),
                "buffer " + buffer + " within the file",
                "a reference to elsewhere");
        try {
            return Base64.getMimeDecoder().decode(uri.substring(comma + 1));
        } catch (IllegalArgumentException broken) {
            throw invalid("base64 in buffer " + buffer, broken.getMessage());
        }
    }

    private static boolean isFallback(JsonNode buffer) {
        return COMPRESSIONS.stream()
                .anyMatch(name ->
                        buffer.path("extensions").path(name).path("fallback").asBoolean());
    }

    /** The view of that index, with its content in the file. */
    View view(long index) throws InvalidCadFile {
        require(index >= 0 && index < views.size(), "bufferView " + index, "none");
        JsonNode view = views.get((int) index);
        long stride = number(view, "byteStride", 0);
        require(stride >= 0 && stride <= LARGEST_STRIDE, "a byteStride of at most " + LARGEST_STRIDE, "" + stride);
        View stated = range(view, index, stride, !view.has("extensions"));
        boolean isCompressed = false;
        for (String name : COMPRESSIONS) {
            if (view.path("extensions").has(name)) {
                isCompressed = true;
                requireContent(range(view.path("extensions").path(name), index, 0, false), index);
            }
        }
        if (!isCompressed) {
            requireContent(stated, index);
        }
        return stated;
    }

    private View range(JsonNode view, long index, long stride, boolean isPlain) throws InvalidCadFile {
        long buffer = number(view, "buffer", -1);
        require(buffer >= 0 && buffer < buffers.size(), "bufferView " + index + " in a buffer", "buffer " + buffer);
        long offset = number(view, "byteOffset", 0);
        long length = number(view, "byteLength", -1);
        long there = buffers.get((int) buffer).length();
        require(
                offset >= 0 && length > 0 && offset + length <= there,
                "bufferView " + index + " within buffer " + buffer + " of " + there + " bytes",
                length + " bytes from " + offset);
        return new View((int) buffer, offset, length, stride, isPlain);
    }

    private void requireContent(View view, long index) throws InvalidCadFile {
        require(
                !buffers.get(view.buffer()).isAbsent(),
                "the content of bufferView " + index + " in the file",
                "a fallback without content");
    }

    /**
     * The accessor of that index.
     *
     * @return null where its elements are not plainly in a buffer: sparse, compressed, or all zeros
     */
    @Nullable Accessor accessor(long index) throws InvalidCadFile {
        JsonNode accessor = stated(index);
        long count = count(index);
        JsonNode sparse = accessor.path("sparse");
        if (!sparse.isMissingNode()) {
            view(number(sparse.path("indices"), "bufferView", -1));
            view(number(sparse.path("values"), "bufferView", -1));
        }
        if (!accessor.has("bufferView")) {
            return null;
        }
        int type = (int) number(accessor, "componentType", -1);
        int components = components(accessor.path("type").asText());
        require(componentBytes(type) > 0 && components > 0, "accessor " + index + " of a type of glTF", "another");
        View view = view(number(accessor, "bufferView", -1));
        long elementBytes = (long) componentBytes(type) * components;
        long stride = view.stride() == 0 ? elementBytes : view.stride();
        long offset = number(accessor, "byteOffset", 0);
        require(
                offset >= 0 && stride >= elementBytes && offset + stride * (count - 1) + elementBytes <= view.length(),
                "accessor " + index + " of " + count + " elements within its view of " + view.length() + " bytes",
                "more");
        return view.isPlain() && sparse.isMissingNode()
                ? new Accessor(view.buffer(), view.offset() + offset, stride, count, type, components)
                : null;
    }

    /** How many elements an accessor has, wherever they are. */
    long count(long accessor) throws InvalidCadFile {
        long count = number(stated(accessor), "count", -1);
        require(count > 0, "accessors[" + accessor + "].count of at least 1", Long.toString(count));
        return count;
    }

    private JsonNode stated(long accessor) throws InvalidCadFile {
        require(accessor >= 0 && accessor < accessors.size(), "accessor " + accessor, "none");
        return accessors.get((int) accessor);
    }

    /** Reads all elements in their order, with constant memory. */
    void forEach(Accessor accessor, Elements elements) throws InvalidCadFile, IOException {
        long stride = accessor.stride();
        int size = accessor.elementBytes();
        long perPiece = Math.max(1, PIECE_BYTES / stride);
        ByteBuffer element = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
        for (long first = 0; first < accessor.count(); first += perPiece) {
            long count = Math.min(perPiece, accessor.count() - first);
            byte[] piece =
                    piece(accessor.buffer(), accessor.offset() + first * stride, (int) (stride * (count - 1) + size));
            for (long i = 0; i < count; i++) {
                System.arraycopy(piece, (int) (i * stride), element.array(), 0, size);
                elements.element(element);
            }
        }
    }

    private byte[] piece(int buffer, long offset, int length) throws IOException {
        byte[] piece = new byte[length];
        byte[] content = buffers.get(buffer).inline();
        if (content == null) {
            file.seek(chunks.binOffset() + offset);
            file.readFully(piece);
        } else {
            System.arraycopy(content, (int) offset, piece, 0, length);
        }
        read += length;
        progress.read(before + Math.min(chunks.binLength(), read));
        return piece;
    }

    /** A list of the JSON, empty where it is missing. */
    static JsonNode array(JsonNode node, String name) throws InvalidCadFile {
        JsonNode array = node.path(name);
        require(array.isArray() || array.isMissingNode(), "a list as " + name, "another value");
        return array;
    }

    /** A whole number of the JSON; the default where it is missing. */
    static long number(JsonNode node, String name, long absent) throws InvalidCadFile {
        JsonNode value = node.get(name);
        if (value == null) {
            return absent;
        }
        boolean isWhole =
                value.isIntegralNumber() || value.isNumber() && value.doubleValue() == Math.rint(value.doubleValue());
        require(isWhole && Math.abs(value.doubleValue()) <= LARGEST, "a whole number as " + name, value.toString());
        return value.longValue();
    }

    static int componentBytes(int type) {
        return switch (type) {
            case 5120, 5121 -> 1;
            case 5122, 5123 -> 2;
            case 5125, 5126 -> 4;
            default -> 0;
        };
    }

    private static int components(String type) {
        return switch (type) {
            case "SCALAR" -> 1;
            case "VEC2" -> 2;
            case "VEC3" -> 3;
            case "VEC4", "MAT2" -> 4;
            case "MAT3" -> 9;
            case "MAT4" -> 16;
            default -> 0;
        };
    }
}
