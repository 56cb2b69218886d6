package dev.cadflow.archive;

/** A file is not what it claims to be. The message says what was expected, what was found, and where. */
final class InvalidCadFile extends Exception {
    private static final long serialVersionUID = 1L;

    InvalidCadFile(String message) {
        super(message, null, false, false);
    }
}
