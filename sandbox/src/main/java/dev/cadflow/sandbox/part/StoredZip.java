package dev.cadflow.sandbox.part;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32;

/**
 * A zip archive whose entries are stored without compression, so that any of its bytes can be computed alone. Below
 * 4 GiB; every entry carries the same date, so that the same entries give the same bytes.
 */
final class StoredZip {

    private static final int LOCAL_HEADER = 0x04034B50;
    private static final int CENTRAL_HEADER = 0x02014B50;
    private static final int END_OF_CENTRAL_DIRECTORY = 0x06054B50;
    private static final short VERSION_2_0 = 20;
    private static final short MIDNIGHT = 0;
    private static final short FIRST_OF_JANUARY_1980 = (1 << 5) | 1;

    private final List<FileContent> pieces = new ArrayList<>();
    private final List<byte[]> directory = new ArrayList<>();
    private long position;

    StoredZip add(String name, FileContent content) {
        byte[] nameBytes = name.getBytes(StandardCharsets.US_ASCII);
        int crc = crc32(content);
        int size = (int) content.sizeBytes();
        ByteBuffer central = ByteBuffer.allocate(46 + nameBytes.length).order(ByteOrder.LITTLE_ENDIAN);
        central.putInt(CENTRAL_HEADER).putShort(VERSION_2_0).put(common(crc, size, nameBytes.length));
        // comment length, disk, internal and external attributes, offset of the local header
        central.putShort((short) 0)
                .putShort((short) 0)
                .putShort((short) 0)
                .putInt(0)
                .putInt((int) position);
        central.put(nameBytes);
        directory.add(central.array());
        ByteBuffer local = ByteBuffer.allocate(30 + nameBytes.length).order(ByteOrder.LITTLE_ENDIAN);
        local.putInt(LOCAL_HEADER).put(common(crc, size, nameBytes.length)).put(nameBytes);
        append(FileContent.of(local.array()));
        append(content);
        return this;
    }

    FileContent finish() {
        long start = position;
        directory.forEach(entry -> append(FileContent.of(entry)));
        ByteBuffer end = ByteBuffer.allocate(22).order(ByteOrder.LITTLE_ENDIAN);
        end.putInt(END_OF_CENTRAL_DIRECTORY).putInt(0); // this disk and the directory's disk
        end.putShort((short) directory.size()).putShort((short) directory.size());
        end.putInt((int) (position - start)).putInt((int) start).putShort((short) 0);
        append(FileContent.of(end.array()));
        return new JoinedContent(pieces);
    }

    /** The fields that local and central header share, from "version needed" to the length of the extra field. */
    private static byte[] common(int crc, int size, int nameLength) {
        ByteBuffer fields = ByteBuffer.allocate(26).order(ByteOrder.LITTLE_ENDIAN);
        fields.putShort(VERSION_2_0);
        fields.putShort((short) 0).putShort((short) 0); // no flags, stored
        fields.putShort(MIDNIGHT).putShort(FIRST_OF_JANUARY_1980);
        fields.putInt(crc).putInt(size).putInt(size);
        fields.putShort((short) nameLength).putShort((short) 0);
        return fields.array();
    }

    private void append(FileContent piece) {
        pieces.add(piece);
        position += piece.sizeBytes();
    }

    private static int crc32(FileContent content) {
        CRC32 crc = new CRC32();
        byte[] buffer = new byte[64 * 1024];
        long done = 0;
        while (done < content.sizeBytes()) {
            int run = (int) Math.min(buffer.length, content.sizeBytes() - done);
            content.read(done, buffer, 0, run);
            crc.update(buffer, 0, run);
            done += run;
        }
        return (int) crc.getValue();
    }
}
