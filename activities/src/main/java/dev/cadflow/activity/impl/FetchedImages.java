package dev.cadflow.activity.impl;

import dev.cadflow.makistry.ImageFile;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Images in temporary files, which closing deletes. */
record FetchedImages(List<ImageFile> files) implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(FetchedImages.class);

    @Override
    public void close() {
        for (ImageFile image : files) {
            try {
                Files.deleteIfExists(image.file());
            } catch (IOException stays) {
                LOG.warn("A temporary copy of an image stays behind: {}", image.file(), stays);
            }
        }
    }
}
