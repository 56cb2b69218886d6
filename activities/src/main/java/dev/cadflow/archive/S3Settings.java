package dev.cadflow.archive;

import java.net.URI;

/**
 * Where an {@link S3Archive} writes, and how.
 *
 * @param bucket must exist
 * @param prefix of all keys, without a slash at either end; empty for none
 * @param options how it writes; those of the connection are the client's
 */
public record S3Settings(String bucket, String prefix, S3Options options) {
    /**
     * Checks the names.
     *
     * @throws IllegalArgumentException naming what is wrong
     */
    public S3Settings {
        require(bucket.matches("[A-Za-z0-9][A-Za-z0-9._-]*"), "bucket", "a bucket's name", bucket);
        require(!prefix.startsWith("/") && !prefix.endsWith("/"), "prefix", "no slash at either end", prefix);
    }

    /**
     * The bucket and prefix of {@code s3://bucket/prefix}.
     *
     * @throws IllegalArgumentException where the URI is not of that form
     */
    public static S3Settings of(URI location, S3Options options) {
        require("s3".equals(location.getScheme()), "archive", "s3://bucket/prefix", location.getScheme() + ":");
        String bucket = location.getAuthority() == null ? "" : location.getAuthority();
        String path = location.getPath() == null ? "" : location.getPath();
        return new S3Settings(bucket, path.replaceAll("^/+|/+$", ""), options);
    }

    private static void require(boolean holds, String name, String expected, String found) {
        if (!holds) {
            throw new IllegalArgumentException(name + ": expected " + expected + ", found \"" + found + "\"");
        }
    }
}
