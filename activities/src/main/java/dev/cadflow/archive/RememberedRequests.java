package dev.cadflow.archive;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Optional;

/** Where an archive notes which request a file was made for: small texts beside the files, each holding a key. */
final class RememberedRequests {
    /** Begins with a dot, so that no caller's key can name it. */
    static final String FOLDER = ".requests";

    /** Enough for any key. */
    static final int LONGEST_NOTE = 4096;

    private RememberedRequests() {}

    /** The path of a note in the archive; spread over 256 folders, as there may be many. */
    static String path(RequestFingerprint fingerprint) {
        return FOLDER + "/" + fingerprint.value().substring(0, 2) + "/" + fingerprint.value();
    }

    static byte[] write(ArchiveKey key) {
        return key.value().getBytes(UTF_8);
    }

    /** The key in a note; empty where somebody has put something else there. */
    static Optional<ArchiveKey> read(byte[] note) {
        try {
            return note.length > LONGEST_NOTE ? Optional.empty() : Optional.of(ArchiveKey.of(new String(note, UTF_8)));
        } catch (ArchiveException noKey) {
            return Optional.empty();
        }
    }
}
