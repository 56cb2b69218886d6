package dev.cadflow.archive;

/** Told by a proof how far it is. */
@FunctionalInterface
interface ProofProgress {
    /** So many bytes of the file have been read. Told at every 64 KiB at least, also where they are read once more. */
    void read(long bytes);
}
