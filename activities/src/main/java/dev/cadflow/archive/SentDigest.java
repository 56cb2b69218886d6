package dev.cadflow.archive;

import java.io.InputStream;
import java.security.DigestInputStream;
import java.security.MessageDigest;

/**
 * The SHA-256 of what a store was sent of a file, piece by piece. A piece is read again for every try of the SDK; what was
 * read last is what the store took.
 */
final class SentDigest {
    private MessageDigest taken = Disk.sha256();
    private MessageDigest withPiece = taken;

    /** The next piece, from its first byte. */
    InputStream reading(InputStream piece) {
        withPiece = copy(taken);
        return new DigestInputStream(piece, withPiece);
    }

    /** The store has taken the piece. */
    void taken() {
        taken = withPiece;
    }

    /** Of all pieces, in 64 lower-case hex digits. */
    String sha256() {
        return Disk.hex(copy(taken).digest());
    }

    private static MessageDigest copy(MessageDigest digest) {
        try {
            return (MessageDigest) digest.clone();
        } catch (CloneNotSupportedException impossible) {
            throw new IllegalStateException("This Java cannot copy a SHA-256 in progress", impossible);
        }
    }
}
