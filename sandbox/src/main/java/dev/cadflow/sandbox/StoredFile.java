package dev.cadflow.sandbox;

import dev.cadflow.sandbox.part.FileContent;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.HexFormat;
import java.util.zip.CRC32C;

/**
 * A file with the digests that the storage host sends.
 *
 * @param md5 in hexadecimal digits; the ETag, as at the vendor's storage
 * @param googHashCrc32c the value of one {@code x-goog-hash} header
 * @param googHashMd5 the value of the other
 */
record StoredFile(FileContent content, String md5, String googHashCrc32c, String googHashMd5) {

    static StoredFile of(FileContent content) {
        CRC32C crc32c = new CRC32C();
        MessageDigest md5 = newMd5();
        byte[] buffer = new byte[64 * 1024];
        long done = 0;
        while (done < content.sizeBytes()) {
            int run = (int) Math.min(buffer.length, content.sizeBytes() - done);
            content.read(done, buffer, 0, run);
            crc32c.update(buffer, 0, run);
            md5.update(buffer, 0, run);
            done += run;
        }
        byte[] crcBytes = ByteBuffer.allocate(4).putInt((int) crc32c.getValue()).array();
        byte[] md5Bytes = md5.digest();
        Base64.Encoder base64 = Base64.getEncoder();
        return new StoredFile(
                content,
                HexFormat.of().formatHex(md5Bytes),
                "crc32c=" + base64.encodeToString(crcBytes),
                "md5=" + base64.encodeToString(md5Bytes));
    }

    private static MessageDigest newMd5() {
        try {
            return MessageDigest.getInstance("MD5");
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every Java platform has MD5, this one does not", e);
        }
    }
}
