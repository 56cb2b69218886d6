package dev.cadflow.archive;

import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import software.amazon.awssdk.services.s3.S3Client;

/** Opens the archive that a URI names. */
public final class Archives {
    private Archives() {}

    /**
     * An archive with what it holds open. Safe for use by many threads.
     *
     * @param archive to be used until this is closed
     * @param connection closes what the archive holds open
     */
    public record Opened(Archive archive, Runnable connection) implements AutoCloseable {
        @Override
        public void close() {
            connection.run();
        }
    }

    /**
     * An archive.
     *
     * @param location {@code file:} with an absolute path, or {@code s3://bucket/prefix}
     * @param staging a folder on a local disk, where bytes gather for an archive that is not on a disk itself
     * @param options for {@code s3:} alone
     * @param clock for the end of a retention
     * @throws IllegalArgumentException where it is neither, or names a query, a fragment or a user, and where the AWS SDK
     *     finds no region
     */
    public static Opened open(URI location, Path staging, S3Options options, Clock clock) {
        if (isPlain(location) && "file".equals(location.getScheme()) && location.getPath() != null) {
            return new Opened(new FileArchive(Path.of(location)), () -> {});
        }
        if (isPlain(location) && "s3".equals(location.getScheme())) {
            S3Settings settings = S3Settings.of(location, options);
            S3Client client = S3Clients.open(options);
            return new Opened(new S3Archive(client, settings, new Staging(staging), clock), client::close);
        }
        throw new IllegalArgumentException(
                "archive: expected file:/path or s3://bucket/prefix, found \"" + location.getScheme() + ":…\"");
    }

    private static boolean isPlain(URI location) {
        return location.getQuery() == null && location.getFragment() == null && location.getUserInfo() == null;
    }
}
