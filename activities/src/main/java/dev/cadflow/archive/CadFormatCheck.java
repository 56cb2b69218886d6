package dev.cadflow.archive;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.cadflow.workflow.Measures;
import dev.cadflow.workflow.OutputFormat;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;

/** Proves by its content that a file is whole and of the format that was ordered. */
final class CadFormatCheck {
    private static final int TAIL_BYTES = 64;

    /** Whether the file is that format, by its first bytes and, for STEP, its last. */
    Measures prove(Path file, OutputFormat format, ProofProgress progress) throws InvalidCadFile, IOException {
        try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
            byte[] head = new byte[(int) Math.min(TAIL_BYTES, in.length())];
            in.readFully(head);
            in.seek(in.length() - head.length);
            byte[] tail = new byte[head.length];
            in.readFully(tail);
            progress.read(in.length());
            String start = new String(head, US_ASCII);
            boolean whole = switch (format) {
                case STEP ->
                    start.startsWith("ISO-10303-21;")
                            && new String(tail, US_ASCII).strip().endsWith("END-ISO-10303-21;");
                case STL -> in.length() > 84;
                case GLB -> start.startsWith("glTF");
                case THREE_MF -> start.startsWith("PK");
            };
            if (!whole) {
                throw new InvalidCadFile(format.wireName() + ": expected its first and last bytes, found others");
            }
            return Measures.NONE;
        }
    }
}
