package dev.cadflow.archive;

import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import software.amazon.awssdk.services.s3.S3Client;

/** Opens the archive that a URI names. */
public final class Archives {
    private Archives() {}

    /**
     * An archive.
     *
     * @param location {@code file:} with an absolute path, or {@code s3://bucket/prefix}, whose region, endpoint and
     *     credentials the AWS SDK finds as it always does
     * @param work where bytes gather for an archive that is not on a disk
     * @throws IllegalArgumentException where it is neither, or names a query, a fragment or a user
     */
    public static Archive open(URI location, Path work, Clock clock) {
        boolean isPlain =
                location.getQuery() == null && location.getFragment() == null && location.getUserInfo() == null;
        if (isPlain && "file".equals(location.getScheme()) && location.getPath() != null) {
            return new FileArchive(Path.of(location));
        }
        if (isPlain && "s3".equals(location.getScheme()) && location.getHost() != null) {
            String prefix = location.getPath().replaceAll("^/+|/+$", "");
            return new S3Archive(
                    S3Client.builder()
                            .httpClient(software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient.create())
                            .build(),
                    S3Settings.of(location.getHost(), prefix),
                    new Staging(work),
                    clock);
        }
        throw new IllegalArgumentException(
                "archive: expected file:/path or s3://bucket/prefix, found \"" + location.getScheme() + ":…\"");
    }
}
