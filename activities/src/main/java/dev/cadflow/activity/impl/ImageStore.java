package dev.cadflow.activity.impl;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;

/** Reads images from an object store. */
@FunctionalInterface
public interface ImageStore {
    /**
     * The bytes of an object; the caller closes the stream.
     *
     * @param uri such as {@code s3://bucket/key}, within an allowed prefix
     * @throws java.nio.file.NoSuchFileException where there is no such object
     * @throws IOException where the store cannot be read now
     */
    InputStream open(URI uri) throws IOException;
}
