package dev.cadflow.archive;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.cadflow.workflow.Measures;
import java.io.CharConversionException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Proves a GLB file (binary glTF 2.0): header, chunks, the JSON and what it says of the binary chunk. Every buffer must
 * lie in the file, every view in its buffer, every accessor in its view; there must be a mesh; corners must be finite
 * and indices name corners that are there, where neither is compressed or sparse.
 *
 * <p>Found for sure: every cut and every appended byte; every bit of the header, and of the length and type of the JSON
 * chunk and of the binary chunk behind it; JSON that does not parse, and a mesh, accessor, view or buffer that it names
 * and that is not there; corners that are not finite, indices out of range. Not found: damaged digits and names,
 * coordinates that stay finite, a hole of zeros in the binary chunk.
 *
 * <p>The JSON is held in memory, {@value #LARGEST_JSON} bytes and {@value #MOST_TOKENS} tokens at most; the binary chunk
 * is read in pieces, and accessors that overlap are read as {@link GlbScene} bounds it.
 */
final class GlbProof implements FormatProof {
    private static final int LARGEST_JSON = 32 << 20;
    /** A large assembly has some hundreds for each of its parts; each may take some tens of bytes of memory. */
    private static final int MOST_TOKENS = 2_000_000;

    private static final int DEEPEST_JSON = 100;
    private static final int HEADER_BYTES = 12;
    private static final int CHUNK_HEADER_BYTES = 8;
    private static final int MAGIC = 0x46546c67;
    private static final int JSON = 0x4e4f534a;
    private static final int BIN = 0x004e4942;

    private static final ObjectMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(DEEPEST_JSON)
                            .maxStringLength(LARGEST_JSON)
                            .maxTokenCount(MOST_TOKENS)
                            .build())
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    /** Where the binary chunk's content lies; null offset where there is none. */
    record Chunks(JsonNode json, long binOffset, long binLength) {}

    @Override
    public Measures prove(Path file, ProofProgress progress) throws InvalidCadFile, IOException {
        try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
            Chunks chunks = chunks(in);
            progress.read(in.length() - chunks.binLength());
            Measures measures = new GlbScene(chunks.json(), new GlbBuffers(in, chunks, progress)).measure();
            progress.read(in.length());
            return measures;
        }
    }

    private static Chunks chunks(RandomAccessFile in) throws InvalidCadFile, IOException {
        long size = in.length();
        ByteBuffer header = read(in, 0, HEADER_BYTES, "a header");
        require(header.getInt(0) == MAGIC, "the first bytes glTF", "others");
        require(header.getInt(4) == 2, "version 2", Integer.toUnsignedString(header.getInt(4)));
        long claimed = Integer.toUnsignedLong(header.getInt(8));
        require(claimed == size, "a file of " + claimed + " bytes, as its header says", size + " bytes");

        JsonNode json = null;
        long binOffset = -1;
        long binLength = 0;
        int number = 0;
        for (long at = HEADER_BYTES; at < size; number++) {
            ByteBuffer chunk = read(in, at, CHUNK_HEADER_BYTES, "a chunk's header");
            long length = Integer.toUnsignedLong(chunk.getInt(0));
            int type = chunk.getInt(4);
            long content = at + CHUNK_HEADER_BYTES;
            require(length % 4 == 0, "a chunk length that is a multiple of 4", Long.toString(length));
            require(length <= size - content, "chunk " + number + " to end in the file", length + " bytes");
            if (number == 0) {
                require(type == JSON, "JSON as the first chunk", Integer.toHexString(type));
                json = json(in, content, length);
            } else if (number == 1 && type == BIN) {
                binOffset = content;
                binLength = length;
            }
            at = content + length;
        }
        if (json == null) {
            throw invalid("a JSON chunk", "none");
        }
        return new Chunks(json, binOffset, binLength);
    }

    private static JsonNode json(RandomAccessFile in, long offset, long length) throws InvalidCadFile, IOException {
        require(length <= LARGEST_JSON, "at most " + LARGEST_JSON + " bytes of JSON", length + " bytes");
        byte[] bytes = read(in, offset, (int) length, "JSON").array();
        try {
            JsonNode json = MAPPER.readTree(bytes);
            if (json == null || !json.isObject()) {
                throw invalid("a JSON object", "another value");
            }
            return json;
        } catch (JsonProcessingException broken) {
            throw invalid("JSON", broken.getOriginalMessage());
        } catch (CharConversionException broken) {
            throw invalid("JSON in UTF-8", broken.getMessage());
        }
    }

    private static ByteBuffer read(RandomAccessFile in, long offset, int length, String what)
            throws InvalidCadFile, IOException {
        require(offset + length <= in.length(), what, "the end of the file");
        byte[] bytes = new byte[length];
        in.seek(offset);
        in.readFully(bytes);
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    static void require(boolean holds, String expected, String found) throws InvalidCadFile {
        if (!holds) {
            throw invalid(expected, found);
        }
    }

    static InvalidCadFile invalid(String expected, @Nullable String found) {
        String shown = String.valueOf(found);
        return new InvalidCadFile(
                "GLB: expected " + expected + ", found " + (shown.length() > 200 ? shown.substring(0, 200) : shown));
    }
}
