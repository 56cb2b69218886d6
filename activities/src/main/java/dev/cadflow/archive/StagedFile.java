package dev.cadflow.archive;

import java.nio.file.Path;

/**
 * A file that has come whole and lies, flushed to disk, in the {@link Staging} of an archive.
 *
 * @param path where; the name means nothing
 * @param sha256 64 lower-case hex digits
 * @param sizeBytes its length
 * @param sourceHost the host that sent it, without path and query
 */
public record StagedFile(Path path, String sha256, long sizeBytes, String sourceHost) {}
