package dev.cadflow.sandbox.part;

import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * The bytes of a file or of an answer, readable from any position without being held in memory as a whole. A
 * content is immutable and safe for use by many threads: two reads of one position give the same bytes.
 */
public interface FileContent {

    /** The number of bytes, 0 or more. */
    long sizeBytes();

    /**
     * Copies bytes into an array.
     *
     * @param position of the first byte in this content; {@code position + length} is at most {@link #sizeBytes()}
     */
    void read(long position, byte[] target, int offset, int length);

    /** A content that is held in memory; the array is taken over, not copied. */
    static FileContent of(byte[] bytes) {
        return new BytesContent(bytes);
    }

    /** A text in UTF-8. */
    static FileContent of(String text) {
        return of(text.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * One unit again and again, cut off at a size.
     *
     * @throws IllegalArgumentException where the unit is empty or the size negative
     */
    static FileContent repeated(byte[] unit, long sizeBytes) {
        return new RepeatedContent(unit, sizeBytes);
    }

    /** Several contents, one after the other. */
    static FileContent joined(FileContent... contents) {
        return new JoinedContent(List.of(contents));
    }
}
