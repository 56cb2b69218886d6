package dev.cadflow.sandbox;

import dev.cadflow.sandbox.part.FileContent;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A part of a file, as a {@code Range} header asks for it.
 *
 * @param first the first byte
 * @param last the last byte, included
 */
record ByteRange(long first, long last) {

    private static final Pattern SINGLE = Pattern.compile("bytes=(\\d{0,18})-(\\d{0,18})");

    /** A range that lies behind the end of the file. */
    static final ByteRange UNSATISFIABLE = new ByteRange(-1, -1);

    /** The one range that a header asks for; null where it asks for several or is not one: then all is sent. */
    static @Nullable ByteRange of(@Nullable String header, long sizeBytes) {
        Matcher matcher = SINGLE.matcher(header == null ? "" : header.strip());
        if (!matcher.matches()
                || (matcher.group(1).isEmpty() && matcher.group(2).isEmpty())) {
            return null;
        }
        if (matcher.group(1).isEmpty()) {
            long suffix = Math.min(Long.parseLong(matcher.group(2)), sizeBytes);
            return suffix == 0 ? UNSATISFIABLE : new ByteRange(sizeBytes - suffix, sizeBytes - 1);
        }
        long first = Long.parseLong(matcher.group(1));
        long last = matcher.group(2).isEmpty() ? sizeBytes - 1 : Long.parseLong(matcher.group(2));
        if (last < first && !matcher.group(2).isEmpty()) {
            return null;
        }
        return first >= sizeBytes ? UNSATISFIABLE : new ByteRange(first, Math.min(last, sizeBytes - 1));
    }

    FileContent of(FileContent content) {
        return new Slice(content, first, last - first + 1);
    }

    private record Slice(FileContent content, long start, long sizeBytes) implements FileContent {

        @Override
        public void read(long position, byte[] target, int offset, int length) {
            content.read(start + position, target, offset, length);
        }
    }
}
