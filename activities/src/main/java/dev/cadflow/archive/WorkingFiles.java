package dev.cadflow.archive;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;

/**
 * Files that cadflow keeps in an archive for itself, beside the parts: lists and reports. Their names begin with a dot,
 * so that no caller's {@link ArchiveKey} meets them. Implementations are safe for use by many threads and by many
 * workers at once.
 */
public interface WorkingFiles {
    /**
     * Puts a file in place, whole or not at all, instead of one that may be there.
     *
     * @param name parts separated by {@code /}, such as {@code .batches/order-7/report.jsonl}
     * @param content its bytes; not closed
     * @return where it is
     * @throws ArchiveException {@code archive_unavailable} where the archive cannot take it now
     */
    URI write(String name, InputStream content);

    /**
     * A file's bytes; the caller closes the stream.
     *
     * @throws java.nio.file.NoSuchFileException where there is none of that name
     * @throws IOException where it cannot be read now
     */
    InputStream open(String name) throws IOException;
}
