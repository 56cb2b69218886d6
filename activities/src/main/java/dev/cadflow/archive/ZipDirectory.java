package dev.cadflow.archive;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;

/**
 * Checks how large a ZIP's central directory claims to be before a reader takes it into memory, and that the file begins
 * and ends as a ZIP does.
 */
final class ZipDirectory {
    private static final int END_BYTES = 22;
    private static final int LONGEST_COMMENT = 0xffff;
    private static final int END_SIGNATURE = 0x06054b50;
    private static final int ZIP64_LOCATOR_SIGNATURE = 0x07064b50;
    private static final int LOCAL_SIGNATURE = 0x04034b50;
    private static final int ZIP64_LOCATOR_BYTES = 20;
    private static final int LARGEST = 4 << 20;
    private static final long IN_ZIP64 = 0xffffffffL;

    private ZipDirectory() {}

    static void check(Path file) throws InvalidCadFile, IOException {
        try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
            int tailBytes = (int) Math.min(in.length(), END_BYTES + LONGEST_COMMENT + ZIP64_LOCATOR_BYTES);
            require(in.length() > END_BYTES + Integer.BYTES, "a ZIP archive", in.length() + " bytes");
            require(read(in, 0, Integer.BYTES).getInt(0) == LOCAL_SIGNATURE, "the first bytes of a ZIP", "others");
            ByteBuffer tail = read(in, in.length() - tailBytes, tailBytes);
            int end = endRecord(tail);
            long size = Integer.toUnsignedLong(tail.getInt(end + 12));
            if (size == IN_ZIP64) {
                size = zip64Size(in, tail, end);
            }
            require(size >= 0 && size <= LARGEST, "a directory of at most " + LARGEST + " bytes", size + " bytes");
        }
    }

    /** Where the end record begins, whose comment reaches exactly to the end of the file. */
    private static int endRecord(ByteBuffer tail) throws InvalidCadFile {
        for (int at = tail.capacity() - END_BYTES; at >= 0; at--) {
            if (tail.getInt(at) == END_SIGNATURE
                    && Short.toUnsignedInt(tail.getShort(at + 20)) == tail.capacity() - END_BYTES - at) {
                return at;
            }
        }
        throw new InvalidCadFile("3MF: expected the end of a ZIP archive, found none: the file is cut or no ZIP");
    }

    private static long zip64Size(RandomAccessFile in, ByteBuffer tail, int end) throws InvalidCadFile, IOException {
        int locator = end - ZIP64_LOCATOR_BYTES;
        require(
                locator >= 0 && tail.getInt(locator) == ZIP64_LOCATOR_SIGNATURE,
                "a ZIP64 locator before the end record",
                "none");
        long record = tail.getLong(locator + 8);
        require(record >= 0 && record <= in.length() - 56, "a ZIP64 end record in the file", "none");
        return read(in, record, 56).getLong(40);
    }

    private static ByteBuffer read(RandomAccessFile in, long offset, int length) throws IOException {
        byte[] bytes = new byte[length];
        in.seek(offset);
        in.readFully(bytes);
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static void require(boolean holds, String expected, String found) throws InvalidCadFile {
        if (!holds) {
            throw new InvalidCadFile("3MF: expected " + expected + ", found " + found);
        }
    }
}
