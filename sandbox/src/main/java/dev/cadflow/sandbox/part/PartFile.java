package dev.cadflow.sandbox.part;

/**
 * A part, written in a format.
 *
 * @param format of the file
 * @param content the file's bytes, the same for the same part, format and size
 */
public record PartFile(OutputFormat format, FileContent content) {

    /** The largest file that can be asked for: beyond it GLB and 3MF would need wider fields. */
    public static final long LARGEST_BYTES = 3L << 30;

    /** Writes a part in its ordinary size, some kilobytes. */
    public static PartFile write(BoxWithHole box, OutputFormat format) {
        return write(box, format, 0);
    }

    /**
     * Writes a part of at least so many bytes, still valid and the same part: STEP is padded with comments, STL gets
     * smaller triangles, GLB unused bytes in its buffer, 3MF one more entry. Nothing of the padding is held in memory.
     *
     * @throws IllegalArgumentException where more than {@link #LARGEST_BYTES} are asked for
     */
    public static PartFile write(BoxWithHole box, OutputFormat format, long atLeastBytes) {
        if (atLeastBytes < 0 || atLeastBytes > LARGEST_BYTES) {
            throw new IllegalArgumentException(
                    "atLeastBytes: expected 0 to " + LARGEST_BYTES + ", found " + atLeastBytes);
        }
        return new PartFile(
                format,
                switch (format) {
                    case STEP -> StepWriter.write(box, atLeastBytes);
                    case STL -> StlWriter.write(box, atLeastBytes);
                    case GLB -> GlbWriter.write(box, atLeastBytes);
                    case THREE_MF -> ThreeMfWriter.write(box, atLeastBytes);
                });
    }
}
