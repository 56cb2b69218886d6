package dev.cadflow.archive;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** Reads a file byte by byte through a buffer, knows where it is, and tells the progress. */
final class ProofInput implements Closeable {
    static final int END = -1;

    private static final int BUFFER_BYTES = 1 << 16;

    private final InputStream in;
    private final ProofProgress progress;
    private final byte[] buffer = new byte[BUFFER_BYTES];
    private int next;
    private int filled;
    private long before;

    ProofInput(Path file, ProofProgress progress) throws IOException {
        this.in = Files.newInputStream(file);
        this.progress = progress;
    }

    /** The next byte, 0 to 255, or {@link #END}. */
    int read() throws IOException {
        return next < filled || fill() ? buffer[next++] & 0xff : END;
    }

    /** The next byte, which stays the next. */
    int peek() throws IOException {
        return next < filled || fill() ? buffer[next] & 0xff : END;
    }

    /** Fills the array; whether there were bytes enough. */
    boolean readFully(byte[] into) throws IOException {
        for (int i = 0; i < into.length; ) {
            if (next == filled && !fill()) {
                return false;
            }
            int count = Math.min(into.length - i, filled - next);
            System.arraycopy(buffer, next, into, i, count);
            next += count;
            i += count;
        }
        return true;
    }

    /** How many bytes have been read. */
    long position() {
        return before + next;
    }

    private boolean fill() throws IOException {
        before += filled;
        next = 0;
        filled = Math.max(0, in.read(buffer));
        progress.read(before + filled);
        return filled > 0;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
