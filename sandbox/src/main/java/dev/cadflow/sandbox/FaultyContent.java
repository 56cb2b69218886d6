package dev.cadflow.sandbox;

import dev.cadflow.sandbox.part.FileContent;
import java.util.Arrays;

/** Contents that differ from the true one. */
final class FaultyContent {

    private static final long ZEROED_BYTES = 4096;
    private static final String HTML = "<!DOCTYPE html>\n<html><body><h1>Service unavailable</h1></body></html>\n";

    private FaultyContent() {}

    /** What a fault makes of a file. */
    static FileContent of(FileContent content, Fault fault) {
        long size = content.sizeBytes();
        long start = Math.min(fault.offsetBytes() == null ? size / 2 : fault.offsetBytes(), size - 1);
        return switch (fault.kind()) {
            case FILE_CORRUPTED -> new FlippedBit(content, start);
            case FILE_ZEROED ->
                new Zeroed(content, start, start + (fault.lengthBytes() == null ? ZEROED_BYTES : fault.lengthBytes()));
            case FILE_WRONG -> FileContent.of(fault.body() == null ? HTML : fault.body());
            default -> content;
        };
    }

    private record FlippedBit(FileContent content, long at) implements FileContent {

        @Override
        public long sizeBytes() {
            return content.sizeBytes();
        }

        @Override
        public void read(long position, byte[] target, int offset, int length) {
            content.read(position, target, offset, length);
            if (at >= position && at < position + length) {
                target[offset + (int) (at - position)] ^= 1;
            }
        }
    }

    private record Zeroed(FileContent content, long from, long until) implements FileContent {

        @Override
        public long sizeBytes() {
            return content.sizeBytes();
        }

        @Override
        public void read(long position, byte[] target, int offset, int length) {
            content.read(position, target, offset, length);
            long start = Math.max(from, position);
            long end = Math.min(until, position + length);
            if (start < end) {
                Arrays.fill(target, offset + (int) (start - position), offset + (int) (end - position), (byte) 0);
            }
        }
    }
}
