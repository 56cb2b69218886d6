package dev.cadflow.archive;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;

/** Where archived files are read from to be verified. Names are relative to it, with {@code /} between their parts. */
interface VerifiedPlace {
    /** What to call it. */
    String shown(String name);

    /** The names of all files, in order. */
    List<String> names() throws IOException;

    /** Whether there is such a file. */
    boolean has(String name) throws IOException;

    /**
     * The file's bytes; the caller closes the stream.
     *
     * @throws java.nio.file.NoSuchFileException where there is none
     */
    InputStream open(String name) throws IOException;
}
