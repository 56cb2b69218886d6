package dev.cadflow.archive;

/** Told by a proof how far it is. */
@FunctionalInterface
interface ProofProgress {
    /** So many bytes of the file have been read. */
    void read(long bytes);
}
