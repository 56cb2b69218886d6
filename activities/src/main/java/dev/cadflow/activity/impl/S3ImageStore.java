package dev.cadflow.activity.impl;

import dev.cadflow.archive.WholeBody;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.NoSuchFileException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.NoSuchBucketException;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;

/** Images in buckets of S3, or of a store that speaks it. Safe for use by many threads. */
public final class S3ImageStore implements ImageStore, AutoCloseable {
    private final S3Client client;

    /** Images that this client can read; closing the store closes it. */
    public S3ImageStore(S3Client client) {
        this.client = client;
    }

    @Override
    public InputStream open(URI uri) throws IOException {
        String key = uri.getPath().replaceFirst("^/", "");
        try {
            return new WholeBody(client.getObject(
                    request -> request.bucket(uri.getAuthority()).key(key)));
        } catch (NoSuchKeyException | NoSuchBucketException missing) {
            throw new NoSuchFileException(key);
        } catch (SdkException unavailable) {
            throw new IOException("the store does not give it now", unavailable);
        }
    }

    @Override
    public void close() {
        client.close();
    }
}
