package dev.cadflow.archive;

import java.io.FilterInputStream;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;

/**
 * An object's bytes, all of them or an {@link IOException}: the SDK's stream ends like any other where the connection
 * breaks, and throws an exception of another kind where a checksum of the store's does not match. Not safe for use by
 * several threads.
 */
public final class WholeBody extends FilterInputStream {
    private final ResponseInputStream<GetObjectResponse> answer;
    private final @Nullable Long length;
    private long come;

    /** The bytes of that answer. */
    public WholeBody(ResponseInputStream<GetObjectResponse> answer) {
        super(answer);
        this.answer = answer;
        this.length = answer.response().contentLength();
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int count) throws IOException {
        int read;
        try {
            read = super.read(bytes, offset, count);
        } catch (SdkException damaged) {
            throw new IOException("bytes that do not match the store's checksum", damaged);
        } catch (IOException broken) {
            // What newer Java says of itself.
            throw length == null ? broken : brokenOff(broken);
        }
        come += Math.max(0, read);
        if (read < 0 && length != null && come < length) {
            throw brokenOff(null);
        }
        return read;
    }

    private IOException brokenOff(@Nullable IOException cause) {
        return new IOException("a connection that broke after " + come + " of " + length + " bytes", cause);
    }

    /** Skips by reading, so that what is skipped is counted. */
    @Override
    public long skip(long bytes) throws IOException {
        byte[] skipped = new byte[(int) Math.max(0, Math.min(bytes, 1 << 13))];
        return Math.max(0, read(skipped, 0, skipped.length));
    }

    /** Who has seen enough does not wait for the rest, which an ordinary close may do. */
    @Override
    public void close() throws IOException {
        if (length != null && come == length) {
            answer.close();
        } else {
            answer.abort();
        }
    }

    /** Cannot go back. */
    @Override
    public boolean markSupported() {
        return false;
    }
}
