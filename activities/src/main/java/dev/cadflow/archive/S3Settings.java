package dev.cadflow.archive;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How an {@link S3Archive} writes. Endpoint, region, path style and credentials are not here: they come from the SDK's
 * own chain, or from the client that the archive is given.
 *
 * @param bucket must exist
 * @param prefix of all keys, without a slash at either end; empty for none
 * @param partBytes files larger than this go up in parts of this size; S3 takes 5 MiB to 5 GiB, and 10,000 parts
 * @param encryption server-side: {@code AES256} or {@code aws:kms}; null for the bucket's own default
 * @param kmsKeyId the key for {@code aws:kms}; null for the account's own
 * @param retainFor object lock in compliance mode for that long after the upload; null for the bucket's own default
 */
public record S3Settings(
        String bucket,
        String prefix,
        long partBytes,
        @Nullable String encryption,
        @Nullable String kmsKeyId,
        @Nullable Duration retainFor) {
    /** The size of a part where none is set: 16 MiB, so that a file may have 156 GiB. */
    public static final long DEFAULT_PART_BYTES = 16L << 20;

    private static final long LEAST_PART_BYTES = 5L << 20;

    /**
     * Checks the settings.
     *
     * @throws IllegalArgumentException naming what is wrong
     */
    public S3Settings {
        require(!bucket.isBlank(), "bucket", "a name", bucket);
        require(!prefix.startsWith("/") && !prefix.endsWith("/"), "prefix", "no slash at either end", prefix);
        require(partBytes >= LEAST_PART_BYTES, "part bytes", "at least " + LEAST_PART_BYTES, Long.toString(partBytes));
        require(
                retainFor == null || !(retainFor.isNegative() || retainFor.isZero()),
                "retention",
                "a positive duration",
                String.valueOf(retainFor));
    }

    /** The settings of {@code s3://bucket/prefix} with every other default. */
    public static S3Settings of(String bucket, String prefix) {
        return new S3Settings(bucket, prefix, DEFAULT_PART_BYTES, null, null, null);
    }

    private static void require(boolean holds, String name, String expected, String found) {
        if (!holds) {
            throw new IllegalArgumentException(name + ": expected " + expected + ", found \"" + found + "\"");
        }
    }
}
