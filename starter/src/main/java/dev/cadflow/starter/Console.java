package dev.cadflow.starter;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;

/**
 * Where a command writes: results to standard output, everything said to a person to standard error. On a terminal one
 * status line stands below what was said and is drawn anew; elsewhere it is left out. Safe for use by several threads.
 */
final class Console {
    private static final String ERASE_LINE = "\r\033[K";
    private static final int STATUS_WIDTH = 78;
    private static final String ELLIPSIS = "...";

    private final PrintStream out;
    private final PrintStream err;
    private final boolean terminal;
    private String status = "";
    private boolean silenced;

    /**
     * Writes to the given streams.
     *
     * @param terminal whether standard error is a terminal that can erase a line
     */
    Console(PrintStream out, PrintStream err, boolean terminal) {
        this.out = out;
        this.err = err;
        this.terminal = terminal;
    }

    /**
     * The console of this process, in UTF-8. Java cannot ask whether standard error is a terminal, so the script that
     * starts it says so by the system property {@code cadflow.terminal}.
     */
    static Console ofProcess() {
        return new Console(
                new PrintStream(new FileOutputStream(FileDescriptor.out), false, UTF_8),
                new PrintStream(new FileOutputStream(FileDescriptor.err), true, UTF_8),
                Boolean.getBoolean("cadflow.terminal"));
    }

    PrintStream out() {
        return out;
    }

    PrintStream err() {
        return err;
    }

    /** Says something to the person, on lines of its own. */
    synchronized void say(String text) {
        if (silenced) {
            return;
        }
        err.print(erased() + text + System.lineSeparator() + status);
        err.flush();
    }

    /** Shows what goes on now, in place of what was shown before; nothing where there is no terminal. */
    synchronized void status(String text) {
        if (terminal && !silenced) {
            String before = erased();
            status = shortened(text);
            err.print(before + status);
            err.flush();
        }
    }

    /**
     * Writes the result.
     *
     * @return whether it could be written: the reader may be gone, or a disk full
     */
    synchronized boolean result(String text) {
        status("");
        out.print(text + System.lineSeparator());
        return !out.checkError();
    }

    /** Drops everything said from now on: the last word is spoken. */
    synchronized void silence() {
        status("");
        silenced = true;
    }

    private String erased() {
        return status.isEmpty() ? "" : ERASE_LINE;
    }

    private static String shortened(String text) {
        String line = text.replaceAll("\\p{Cntrl}+", " ");
        return line.length() <= STATUS_WIDTH ? line : line.substring(0, STATUS_WIDTH - ELLIPSIS.length()) + ELLIPSIS;
    }
}
