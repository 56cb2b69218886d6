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

    /** Elements in a buffer: where the first begins, and how far it is to the next. */
    record Accessor(int buffer, long offset, long stride, long count, int componentType, int components) {
        int elementBytes() {
            return componentBytes(componentType) * components;
        }
    }

    /** Told of each element: its bytes, little-endian from position 0. */
    interface Elements {
        void element(ByteBuffer bytes) throws InvalidCadFile;
    }

    private record View(int buffer, long offset, long length, long stride) {}

    private final RandomAccessFile file;
    private final long binOffset;
    private final List<Long> lengths = new ArrayList<>();
    /** The content of buffers that lie in the JSON itself; null for the binary chunk. */
    private final List<byte @Nullable []> inline = new ArrayList<>();

    private final JsonNode json;

    GlbBuffers(RandomAccessFile file, GlbProof.Chunks chunks) throws InvalidCadFile {
        this.file = file;
        this.binOffset = chunks.binOffset();
        this.json = chunks.json();
        JsonNode buffers = json.path("buffers");
        for (int i = 0; i < buffers.size(); i++) {
            long length = number(buffers.get(i), "byteLength", -1);
            require(length > 0, "buffers[" + i + "].byteLength of at least 1", Long.toString(length));
            byte[] content = content(buffers.get(i), i);
            long there = content == null ? chunks.binLength() : content.length;
            require(length <= there, "buffer " + i + " of " + length + " bytes", there + " bytes");
            require(
                    content != null || there - length <= 3,
                    "a binary chunk that ends with buffer 0 of " + length + " bytes",
                    there + " bytes");
            lengths.add(length);
            inline.add(content);
        }
        JsonNode views = json.path("bufferViews");
        for (int i = 0; i < views.size(); i++) {
            view(i);
        }
    }

    private byte @Nullable [] content(JsonNode buffer, int index) throws InvalidCadFile {
        JsonNode uri = buffer.get("uri");
        if (uri == null) {
            require(index == 0 && binOffset >= 0, "the content of buffer " + index + " in the file", "none");
            return null;
        }
        String data = uri.asText();
        int comma = data.indexOf(',');
        require(
                data.startsWith("data:")
                        && comma > 0
                        && data.substring(0, comma).endsWith(";base64"),
                "buffer " + index + " within the file",
                "a reference to elsewhere");
        try {
            return Base64.getMimeDecoder().decode(data.substring(comma + 1));
        } catch (IllegalArgumentException broken) {
            throw invalid("base64 in buffer " + index, broken.getMessage());
        }
    }

    private View view(long index) throws InvalidCadFile {
        JsonNode view = json.path("bufferViews").get((int) index);
        long buffer = number(view, "buffer", -1);
        require(buffer >= 0 && buffer < lengths.size(), "bufferView " + index + " in a buffer", "buffer " + buffer);
        long offset = number(view, "byteOffset", 0);
        long length = number(view, "byteLength", -1);
        require(
                offset >= 0 && length > 0 && offset + length <= lengths.get((int) buffer),
                "bufferView " + index + " within buffer " + buffer + " of " + lengths.get((int) buffer) + " bytes",
                length + " bytes from " + offset);
        return new View((int) buffer, offset, length, number(view, "byteStride", 0));
    }

    /**
     * The accessor of that index.
     *
     * @return null where its elements are not plainly in a buffer: sparse, compressed, or all zeros
     */
    @Nullable Accessor accessor(long index) throws InvalidCadFile {
        require(index >= 0 && index < json.path("accessors").size(), "accessor " + index, "none");
        JsonNode accessor = json.path("accessors").get((int) index);
        long count = number(accessor, "count", -1);
        require(count > 0, "accessors[" + index + "].count of at least 1", Long.toString(count));
        if (!accessor.has("bufferView")) {
            return null;
        }
        int type = (int) number(accessor, "componentType", -1);
        int components = components(accessor.path("type").asText());
        require(componentBytes(type) > 0 && components > 0, "accessor " + index + " of a type of glTF", "another");
        long viewIndex = number(accessor, "bufferView", -1);
        require(viewIndex >= 0 && viewIndex < json.path("bufferViews").size(), "a bufferView", "" + viewIndex);
        View view = view(viewIndex);
        long elementBytes = (long) componentBytes(type) * components;
        long stride = view.stride() == 0 ? elementBytes : view.stride();
        long offset = number(accessor, "byteOffset", 0);
        require(
                offset >= 0
                        && stride >= elementBytes
                        && count <= LARGEST
                        && offset + stride * (count - 1) + elementBytes <= view.length(),
                "accessor " + index + " of " + count + " elements within its view of " + view.length() + " bytes",
                "more");
        boolean isPlain = !accessor.has("sparse")
                && !json.path("bufferViews").get((int) viewIndex).has("extensions");
        return isPlain ? new Accessor(view.buffer(), view.offset() + offset, stride, count, type, components) : null;
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
        byte[] content = inline.get(buffer);
        if (content == null) {
            file.seek(binOffset + offset);
            file.readFully(piece);
        } else {
            System.arraycopy(content, (int) offset, piece, 0, length);
        }
        return piece;
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
