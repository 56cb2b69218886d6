package dev.cadflow.activity.impl;

import dev.cadflow.makistry.ImageFile;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Images in temporary files, which closing deletes. */
record FetchedImages(List<ImageFile> files) implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(FetchedImages.class);

    /** The SHA-256 of each, in 64 lower-case hex digits. */
    List<String> sha256s() throws IOException {
        List<String> hashes = new ArrayList<>();
        for (ImageFile image : files) {
            hashes.add(sha256(image));
        }
        return hashes;
    }

    private static String sha256(ImageFile image) throws IOException {
        try (DigestInputStream in =
                new DigestInputStream(Files.newInputStream(image.file()), MessageDigest.getInstance("SHA-256"))) {
            in.transferTo(OutputStream.nullOutputStream());
            return HexFormat.of().formatHex(in.getMessageDigest().digest());
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException("This Java has no SHA-256", missing);
        }
    }

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
