package dev.cadflow.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.abort;

import dev.cadflow.archive.testing.S3ProxyStore;
import dev.cadflow.workflow.FailureType;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.s3.S3Client;

/** Against versitygw, a real server in a process of its own, for what S3Proxy cannot do. */
@SuppressWarnings("NullAway.Init")
final class VersitygwArchiveTest extends S3ArchiveScenarios {
    private static final String BUCKET = "parts";

    private Versitygw server;
    private S3Client client;

    @TempDir
    private Path data;

    @BeforeEach
    void start() throws IOException {
        Optional<Path> program = Versitygw.program();
        if (program.isEmpty()) {
            abort("no versitygw: go install github.com/versity/versitygw/cmd/versitygw@latest, then set VERSITYGW");
        }
        server = Versitygw.start(program.orElseThrow(), data);
        client = client(server.endpoint(), S3ProxyStore.SECRET_KEY);
        client.createBucket(request -> request.bucket(BUCKET).objectLockEnabledForBucket(true));
    }

    @AfterEach
    void stop() {
        if (server != null) {
            client.close();
            server.close();
        }
    }

    @Override
    S3Client client() {
        return client;
    }

    @Override
    String bucket() {
        return BUCKET;
    }

    @Override
    String prefix() {
        return "cad";
    }

    @Override
    OptionalInt timesWritten(String objectKey) {
        return OptionalInt.of((int)
                client.listObjectVersions(request -> request.bucket(BUCKET).prefix(objectKey)).versions().stream()
                        .filter(version -> version.key().equals(objectKey))
                        .count());
    }

    @Override
    boolean locks() {
        return true;
    }

    /** After the third part only the completion is missing. */
    @ParameterizedTest(name = "killed after part {0}")
    @ValueSource(ints = {1, 2, 3})
    void archivesTheFileOnceThoughTheServerIsKilledInMidUpload(int part) throws IOException {
        byte[] large = large(2 * (int) S3Options.LEAST_PART_BYTES + 4711);
        StagedFile staged = Parts.staged(archive(), KEY, large);
        Manifest manifest = Parts.manifest(KEY, "job-1", large);
        AtomicInteger heartbeats = new AtomicInteger();

        ArchiveException failure = catchThrowableOfType(
                ArchiveException.class,
                () -> archive().publish(KEY, staged, manifest, beat -> {
                    if (heartbeats.incrementAndGet() == part) {
                        server.kill();
                    }
                }));
        assertThat(failure.type()).isEqualTo(FailureType.ARCHIVE_UNAVAILABLE);
        assertThat(failure.failure().details().nextStep()).contains("store is up", "tried again by itself");
        server.start();
        assertThat(archive().find(KEY)).isEmpty();

        PublishedFile published = archive().publish(KEY, staged, manifest, beat -> {});

        assertThat(archive().find(KEY)).contains(published);
        assertThat(object(at(KEY.value()))).isEqualTo(large);
        assertThat(timesWritten(at(KEY.value()))).hasValue(1);
        assertThat(timesWritten(at(KEY.manifest()))).hasValue(1);
        assertThat(archive().sweep(Duration.ofDays(7), Instant.now().plus(Duration.ofDays(8))))
                .isEqualTo(1);
        assertThat(uploads()).isEmpty();
    }

    @Test
    void saysThatNobodyListensWhereTheServerIsGone() {
        server.kill();

        ArchiveException failure = catchThrowableOfType(ArchiveException.class, () -> publish("job-1", large(100)));

        assertThat(failure.type().isRetryable()).isTrue();
        assertThat(failure).hasMessageContaining("nobody who listens there");
    }
}
