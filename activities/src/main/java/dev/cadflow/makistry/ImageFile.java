package dev.cadflow.makistry;

import java.nio.file.Path;

/**
 * An image on this machine, checked and ready to be sent.
 *
 * @param file the bytes; they must not change until they are sent
 * @param mediaType such as {@code image/png}, judged by content
 * @param sizeBytes its length
 */
public record ImageFile(Path file, String mediaType, long sizeBytes) {}
