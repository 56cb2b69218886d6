package dev.cadflow.archive;

import dev.cadflow.workflow.Measures;
import java.io.IOException;
import java.nio.file.Path;

/** Proves that a file is whole and of one format. */
interface FormatProof {
    /**
     * Reads the file, with bounded memory and in bounded time.
     *
     * @param file lies still
     * @param progress told of how much has been read
     * @return what was measured on the way
     * @throws InvalidCadFile where it is not whole or not of the format
     * @throws IOException where it cannot be read
     */
    Measures prove(Path file, ProofProgress progress) throws InvalidCadFile, IOException;
}
