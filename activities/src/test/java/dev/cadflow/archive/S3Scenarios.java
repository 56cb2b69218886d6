package dev.cadflow.archive;

import dev.cadflow.archive.testing.S3ProxyStore;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.OptionalInt;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.MultipartUpload;

/** A store that speaks S3, and what scenarios need to put into it. */
@ResourceLock(Resources.SYSTEM_PROPERTIES)
abstract class S3Scenarios {
    static final ArchiveKey KEY = ArchiveKey.of("orders/7/bracket.step");
    static final byte[] PART = Parts.step("bracket");
    static final byte[] OTHER = Parts.step("other");
    static final int PART_BYTES = (int) S3Options.LEAST_PART_BYTES;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path staging;

    /** A client of the store, made as the worker's are. */
    abstract S3Client client();

    /** A bucket that is there. */
    abstract String bucket();

    /** Below it there is nothing yet. */
    abstract String prefix();

    /** How often the object was written; empty where the store does not tell. */
    abstract OptionalInt timesWritten(String objectKey);

    /** Whether the bucket was made with object lock. */
    abstract boolean locks();

    /** A client of a store of the tests' own. */
    static S3Client client(URI endpoint, String secretKey) {
        S3Options options =
                S3Options.builder().endpoint(endpoint).pathStyle(true).build();
        return S3Clients.builder(options)
                .region(Region.US_EAST_1)
                .credentialsProvider(StaticCredentialsProvider.create(
                        AwsBasicCredentials.create(S3ProxyStore.ACCESS_KEY, secretKey)))
                .build();
    }

    S3Archive archive() {
        return archive(settings(null));
    }

    S3Archive archive(S3Settings settings) {
        return new S3Archive(client(), settings, new Staging(staging), Clock.systemUTC());
    }

    S3Settings settings(S3Options.@Nullable Retention retention) {
        return new S3Settings(
                bucket(),
                prefix(),
                S3Options.builder().partBytes(PART_BYTES).retention(retention).build());
    }

    /** The name of an object of the archive in its bucket. */
    String at(String path) {
        return prefix() + "/" + path;
    }

    static byte[] large(int bytes) {
        byte[] content = new byte[bytes];
        new Random(7).nextBytes(content);
        return content;
    }

    PublishedFile publish(String jobId, byte[] content) {
        StagedFile staged = Parts.staged(archive(), KEY, content);
        return archive().publish(KEY, staged, Parts.manifest(KEY, jobId, content), beat -> {});
    }

    byte[] object(String key) {
        return client().getObjectAsBytes(request -> request.bucket(bucket()).key(key))
                .asByteArray();
    }

    List<MultipartUpload> uploads() {
        return client().listMultipartUploads(request -> request.bucket(bucket()).prefix(prefix() + "/"))
                .uploads();
    }
}
