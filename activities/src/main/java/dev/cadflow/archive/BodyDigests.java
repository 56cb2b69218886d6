package dev.cadflow.archive;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.Optional;
import java.util.zip.CRC32C;

/** The digests of a body as it streams by: SHA-256 always, the storage host's own where it sent them. */
final class BodyDigests {
    /** A body that is not what its host says it is. */
    record Mismatch(String digest, String expected, String found) {}

    private final BodyIdentity identity;
    private final MessageDigest sha256 = Disk.sha256();
    private final MessageDigest md5 = Disk.digest("MD5");
    private final CRC32C crc32c = new CRC32C();
    private final boolean wantsMd5;

    BodyDigests(BodyIdentity identity) {
        this.identity = identity;
        this.wantsMd5 = identity.md5() != null || identity.etagMd5() != null;
    }

    void update(byte[] buffer, int length) {
        sha256.update(buffer, 0, length);
        if (wantsMd5) {
            md5.update(buffer, 0, length);
        }
        if (identity.crc32c() != null) {
            crc32c.update(buffer, 0, length);
        }
    }

    /** The SHA-256 in hex and what the host's digests say; to be called once, at the end. */
    Outcome finish() {
        String hex = Disk.hex(sha256.digest());
        byte[] md5Bytes = wantsMd5 ? md5.digest() : new byte[0];
        return new Outcome(hex, hostMismatch(md5Bytes), etagMismatch(md5Bytes));
    }

    /**
     * The end of a body.
     *
     * @param sha256 64 lower-case hex digits
     * @param hostDigest set where a digest that is surely one differs
     * @param etag set where the ETag has the shape of an MD5 and is not that of the body. Some stores send such ETags
     *     that are no MD5 (S3 under a KMS key does), so this alone is a reason to look twice and no proof
     */
    record Outcome(String sha256, Optional<Mismatch> hostDigest, Optional<Mismatch> etag) {}

    private Optional<Mismatch> hostMismatch(byte[] md5Bytes) {
        String expectedCrc = identity.crc32c();
        if (expectedCrc != null) {
            byte[] found = ByteBuffer.allocate(Integer.BYTES)
                    .putInt((int) crc32c.getValue())
                    .array();
            String foundCrc = Base64.getEncoder().encodeToString(found);
            if (!foundCrc.equals(expectedCrc)) {
                return Optional.of(new Mismatch("x-goog-hash crc32c", expectedCrc, foundCrc));
            }
        }
        String expectedMd5 = identity.md5();
        if (expectedMd5 != null) {
            String foundMd5 = Base64.getEncoder().encodeToString(md5Bytes);
            if (!foundMd5.equals(expectedMd5)) {
                return Optional.of(new Mismatch("x-goog-hash md5", expectedMd5, foundMd5));
            }
        }
        return Optional.empty();
    }

    private Optional<Mismatch> etagMismatch(byte[] md5Bytes) {
        String expected = identity.etagMd5();
        if (expected == null) {
            return Optional.empty();
        }
        String found = Disk.hex(md5Bytes);
        return found.equalsIgnoreCase(expected) ? Optional.empty() : Optional.of(new Mismatch("ETag", expected, found));
    }
}
