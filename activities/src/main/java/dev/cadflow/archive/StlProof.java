package dev.cadflow.archive;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.cadflow.workflow.Measures;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Proves an STL file. It is binary where its length is that of its triangle count, whatever its header begins with;
 * else it must be ASCII by the whole grammar, one or more solids.
 *
 * <p>Found for sure in binary: every cut and every appended byte, every damaged count, numbers that are not finite, and
 * holes of zeros of 2 KiB and more. In ASCII: every cut within a solid, every bit of a keyword but for the case of its
 * letters, every number that is none. Not found: damaged digits, names, binary coordinates that stay finite, attribute
 * bytes; and a cut right behind a solid that others follow, for what is left is a whole file. The download's length and
 * digests find that one.
 *
 * <p>STL knows no unit; its numbers are taken as millimetres. Memory is constant, time is one pass.
 */
final class StlProof implements FormatProof {
    private static final int HEADER_BYTES = 80;
    private static final int FACET_BYTES = 50;
    /** Writers leave a degenerate facet now and then, but never that many in a row that are nothing but zeros. */
    private static final int MOST_EMPTY_FACETS = 30;

    private static final int LONGEST_WORD = 64;
    private static final int LONGEST_NAME = 1024;

    @Override
    public Measures prove(Path file, ProofProgress progress) throws InvalidCadFile, IOException {
        long size = Files.size(file);
        try (ProofInput in = new ProofInput(file, progress)) {
            byte[] head = new byte[HEADER_BYTES + Integer.BYTES];
            if (in.readFully(head)) {
                long facets = Integer.toUnsignedLong(little(head).getInt(HEADER_BYTES));
                if (size == head.length + facets * FACET_BYTES && facets > 0) {
                    return binary(in, facets);
                }
                if (!isText(head)) {
                    throw new InvalidCadFile("STL: expected a binary file of " + facets + " facets to have "
                            + (head.length + facets * FACET_BYTES) + " bytes, or at least one facet, found " + size
                            + " bytes");
                }
            }
        }
        try (ProofInput in = new ProofInput(file, progress)) {
            return new Ascii(in).prove();
        }
    }

    private static Measures binary(ProofInput in, long facets) throws InvalidCadFile, IOException {
        Bounds bounds = new Bounds();
        byte[] facet = new byte[FACET_BYTES];
        ByteBuffer numbers = little(facet);
        int empty = 0;
        for (long i = 0; i < facets; i++) {
            if (!in.readFully(facet)) {
                throw new InvalidCadFile("STL: expected " + facets + " facets, found " + i);
            }
            empty = isEmpty(facet) ? empty + 1 : 0;
            if (empty > MOST_EMPTY_FACETS) {
                throw new InvalidCadFile("STL: expected facets, found a hole of zeros before byte " + in.position());
            }
            for (int at = 0; at < 12; at++) {
                if (!Float.isFinite(numbers.getFloat(at * Float.BYTES))) {
                    throw new InvalidCadFile("STL: expected finite numbers, found " + numbers.getFloat(at * Float.BYTES)
                            + " in facet " + i);
                }
            }
            for (int vertex = 12; vertex < 48; vertex += 12) {
                bounds.add(numbers.getFloat(vertex), numbers.getFloat(vertex + 4), numbers.getFloat(vertex + 8));
            }
        }
        return measured(bounds, facets);
    }

    private static Measures measured(Bounds bounds, long facets) throws InvalidCadFile {
        if (bounds.isPoint()) {
            throw new InvalidCadFile("STL: expected facets that span a part, found all corners in one point");
        }
        return new Measures(bounds.size(1), facets, null, null);
    }

    private static boolean isEmpty(byte[] facet) {
        for (byte b : facet) {
            if (b != 0) {
                return false;
            }
        }
        return true;
    }

    private static boolean isText(byte[] head) {
        String start = new String(head, ISO_8859_1).stripLeading().toLowerCase(Locale.ROOT);
        return start.startsWith("solid");
    }

    private static ByteBuffer little(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** The grammar of the text form. */
    private static final class Ascii {
        private final ProofInput in;
        private final Bounds bounds = new Bounds();
        private final byte[] word = new byte[LONGEST_WORD];
        private long facets;

        Ascii(ProofInput in) {
            this.in = in;
        }

        Measures prove() throws InvalidCadFile, IOException {
            String solid = next();
            do {
                require(solid, "solid");
                skipName();
                facets();
                skipName();
                solid = next();
            } while (solid != null);
            if (facets == 0) {
                throw new InvalidCadFile("STL: expected at least one facet, found none");
            }
            return measured(bounds, facets);
        }

        private void facets() throws InvalidCadFile, IOException {
            for (String begin = next(); !"endsolid".equals(begin); begin = next()) {
                require(begin, "facet");
                require(next(), "normal");
                for (int i = 0; i < 3; i++) {
                    // Some writers give a degenerate facet a normal that is no number; the corners are what counts.
                    number(true);
                }
                require(next(), "outer");
                require(next(), "loop");
                for (int corner = 0; corner < 3; corner++) {
                    require(next(), "vertex");
                    bounds.add(number(false), number(false), number(false));
                }
                require(next(), "endloop");
                require(next(), "endfacet");
                facets++;
            }
        }

        private double number(boolean mayBeNaN) throws InvalidCadFile, IOException {
            String text = next();
            try {
                double number = text == null ? Double.NaN : Double.parseDouble(text);
                if (Double.isFinite(number) || mayBeNaN && text != null) {
                    return number;
                }
            } catch (NumberFormatException none) {
                if (mayBeNaN && text != null && text.replaceAll("[-+]", "").startsWith("nan")) {
                    return Double.NaN;
                }
            }
            throw invalid("a finite number", text);
        }

        private void require(@Nullable String found, String expected) throws InvalidCadFile {
            if (!expected.equals(found)) {
                throw invalid("\"" + expected + "\"", found);
            }
        }

        private InvalidCadFile invalid(String expected, @Nullable String found) {
            return new InvalidCadFile("STL: expected " + expected + ", found "
                    + (found == null ? "the end of the file" : "\"" + found + "\"") + " before byte "
                    + in.position());
        }

        /** The next word in lower case; null at the end of the file. */
        private @Nullable String next() throws InvalidCadFile, IOException {
            int c = in.read();
            while (isBlank(c)) {
                c = in.read();
            }
            int length = 0;
            while (c != ProofInput.END && !isBlank(c)) {
                if (length == LONGEST_WORD || c < ' ' || c > '~') {
                    throw invalid("a word of the STL grammar", "the byte " + c);
                }
                word[length++] = (byte) (c >= 'A' && c <= 'Z' ? c + 32 : c);
                c = isBlank(in.peek()) ? ' ' : in.read();
            }
            return length == 0 ? null : new String(word, 0, length, ISO_8859_1);
        }

        /** The rest of the line behind solid and endsolid is whatever the writer likes, zeros of a binary header too. */
        private void skipName() throws InvalidCadFile, IOException {
            int length = 0;
            for (int c = in.peek(); c != '\n' && c != '\r' && c != ProofInput.END; c = in.peek()) {
                if (++length > LONGEST_NAME) {
                    throw invalid("a name of at most " + LONGEST_NAME + " bytes", "a longer one");
                }
                in.read();
            }
        }

        private static boolean isBlank(int c) {
            return c == ' ' || c >= '\t' && c <= '\r';
        }
    }
}
