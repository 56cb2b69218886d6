package dev.cadflow.archive;

import dev.cadflow.archive.S3Options.Checksums;
import java.net.URI;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.BucketVersioningStatus;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * Against whatever store {@code CADFLOW_TEST_S3_ENDPOINT} names, in bucket {@code CADFLOW_TEST_S3_BUCKET}. Region and
 * credentials are found by the AWS SDK. Writes below {@code cadflow-test/} alone and deletes it again, but for what is
 * locked for a minute.
 */
@EnabledIfEnvironmentVariable(
        named = "CADFLOW_TEST_S3_ENDPOINT",
        matches = ".+",
        disabledReason = "no CADFLOW_TEST_S3_ENDPOINT: CONTRIBUTING.md has the command")
@SuppressWarnings("NullAway.Init")
final class GivenStoreArchiveTest extends S3ArchiveScenarios {
    private final String prefix = "cadflow-test/" + UUID.randomUUID();
    private S3Client client;

    @BeforeEach
    void connect() {
        client = S3Clients.open(S3Options.builder()
                .endpoint(URI.create(set("CADFLOW_TEST_S3_ENDPOINT", "")))
                .pathStyle(Boolean.parseBoolean(set("CADFLOW_TEST_S3_PATH_STYLE", "true")))
                .checksums(Checksums.valueOf(
                        set("CADFLOW_TEST_S3_CHECKSUMS", "sha256").toUpperCase(Locale.ROOT)))
                .build());
    }

    @AfterEach
    void tidy() {
        uploads()
                .forEach(upload -> client.abortMultipartUpload(
                        request -> request.bucket(bucket()).key(upload.key()).uploadId(upload.uploadId())));
        if (isVersioned()) {
            client.listObjectVersionsPaginator(
                            request -> request.bucket(bucket()).prefix(prefix + "/"))
                    .versions()
                    .forEach(version -> delete(version.key(), version.versionId()));
        } else {
            client.listObjectsV2Paginator(request -> request.bucket(bucket()).prefix(prefix + "/"))
                    .contents()
                    .forEach(object -> delete(object.key(), null));
        }
        client.close();
    }

    private void delete(String key, @Nullable String version) {
        try {
            client.deleteObject(request -> request.bucket(bucket()).key(key).versionId(version));
        } catch (S3Exception locked) {
            // Its minute is not over; who cleans the bucket may delete it then.
        }
    }

    private boolean isVersioned() {
        try {
            return client.getBucketVersioning(request -> request.bucket(bucket()))
                            .status()
                    == BucketVersioningStatus.ENABLED;
        } catch (S3Exception notKnown) {
            return false;
        }
    }

    @Override
    S3Client client() {
        return client;
    }

    @Override
    String bucket() {
        return set("CADFLOW_TEST_S3_BUCKET", "cadflow-test");
    }

    @Override
    String prefix() {
        return prefix;
    }

    @Override
    OptionalInt timesWritten(String objectKey) {
        if (!isVersioned()) {
            return OptionalInt.empty();
        }
        return OptionalInt.of((int)
                client.listObjectVersions(request -> request.bucket(bucket()).prefix(objectKey)).versions().stream()
                        .filter(version -> version.key().equals(objectKey))
                        .count());
    }

    @Override
    boolean locks() {
        try {
            return client.getObjectLockConfiguration(request -> request.bucket(bucket()))
                            .objectLockConfiguration()
                    != null;
        } catch (S3Exception none) {
            return false;
        }
    }

    private static String set(String name, String otherwise) {
        return Optional.ofNullable(System.getenv(name)).orElse(otherwise);
    }
}
