package dev.cadflow.archive;

import dev.cadflow.workflow.Measures;
import dev.cadflow.workflow.OutputFormat;
import java.io.IOException;
import java.nio.file.Path;

/**
 * Proves by its content that a file is whole and of the format that was ordered, whatever name or media type it came
 * under. Each format's class says which damage it finds for sure. Memory is bounded whatever the file holds.
 */
final class CadFormatCheck {
    /**
     * Proves the file and measures it on the way.
     *
     * @throws InvalidCadFile where it is not whole or not of the format
     * @throws IOException where it cannot be read
     */
    Measures prove(Path file, OutputFormat format, ProofProgress progress) throws InvalidCadFile, IOException {
        FormatProof proof = switch (format) {
            case STEP -> new StepProof();
            case STL -> new StlProof();
            case GLB -> new GlbProof();
            case THREE_MF -> new ThreeMfProof();
        };
        return proof.prove(file, progress);
    }
}
