package dev.cadflow.activity.impl;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/**
 * Cuts a file into records by its line breaks. In CSV a line break between double quotes belongs to its record. A
 * record that is too long is cut off at the next line break after the limit, so that one forgotten quote does not
 * swallow the rest of the file. One use, one thread.
 */
final class PartRecords {
    /** A prompt of 5000 characters and 16 KB of metadata fit several times. */
    static final int LONGEST_BYTES = 256 * 1024;

    /**
     * The bytes of a record without its line break.
     *
     * @param line where it begins, from 1
     * @param bytes the content, or its beginning
     * @param tooLong whether there was more
     */
    record Line(int line, byte[] bytes, boolean tooLong) {
        boolean isBlank() {
            for (byte b : bytes) {
                if (b != ' ' && b != '\t' && b != '\r') {
                    return false;
                }
            }
            return true;
        }
    }

    private final InputStream in;
    private boolean quotedLineBreaks;
    private int line = 1;

    PartRecords(InputStream in) throws IOException {
        this.in = new BufferedInputStream(in, 1 << 16);
        skipByteOrderMark();
    }

    /** Whether the first byte that is no blank begins a JSON object; reads nothing. */
    boolean beginsWithJson() throws IOException {
        in.mark(1 << 16);
        int next = in.read();
        for (int i = 1; i < (1 << 16) && (next == ' ' || next == '\t' || next == '\r' || next == '\n'); i++) {
            next = in.read();
        }
        in.reset();
        return next == '{' || next == '[';
    }

    /** From now on, line breaks between double quotes belong to their record. */
    void keepQuotedLineBreaks() {
        quotedLineBreaks = true;
    }

    /** The next record that is not blank; empty at the end of the file. */
    Optional<Line> next() throws IOException {
        while (true) {
            int start = line;
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            boolean quoted = false;
            boolean tooLong = false;
            int next = in.read();
            if (next < 0) {
                return Optional.empty();
            }
            for (; next >= 0; next = in.read()) {
                if (next == '\n') {
                    line++;
                    if (!quoted || tooLong) {
                        break;
                    }
                }
                quoted ^= quotedLineBreaks && next == '"';
                tooLong |= bytes.size() >= LONGEST_BYTES;
                if (!tooLong) {
                    bytes.write(next);
                }
            }
            Line record = new Line(start, bytes.toByteArray(), tooLong);
            if (!record.isBlank()) {
                return Optional.of(record);
            }
        }
    }

    private void skipByteOrderMark() throws IOException {
        in.mark(3);
        if (in.read() != 0xEF || in.read() != 0xBB || in.read() != 0xBF) {
            in.reset();
        }
    }
}
