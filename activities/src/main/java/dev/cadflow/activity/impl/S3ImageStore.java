package dev.cadflow.activity.impl;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.NoSuchFileException;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
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
            return new S3Object(client.getObject(
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

    /** An object's bytes; what breaks while they are read is the store's, as what breaks before is. */
    private static final class S3Object extends FilterInputStream {
        private final ResponseInputStream<GetObjectResponse> object;

        S3Object(ResponseInputStream<GetObjectResponse> object) {
            super(object);
            this.object = object;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            try {
                return super.read(buffer, offset, length);
            } catch (SdkException damaged) {
                throw new IOException("the store's answer broke off or was damaged", damaged);
            }
        }

        /** Who has seen enough does not wait for the rest, which an ordinary close may do. */
        @Override
        public void close() {
            object.abort();
        }
    }
}
