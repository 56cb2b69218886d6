package dev.cadflow.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.cadflow.workflow.FailureType;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.gaul.s3proxy.nio2blob.TransientNio2BlobStore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.s3.S3Client;

/** Against S3Proxy in this process, which checks signatures for real. */
@SuppressWarnings("NullAway.Init")
final class S3ProxyArchiveTest extends S3ArchiveScenarios {
    private S3Proxy server;
    private S3Client client;

    @TempDir
    private Path elsewhere;

    @BeforeEach
    void start() throws Exception {
        server = S3Proxy.builder()
                .blobStore(new TransientNio2BlobStore())
                .endpoint(URI.create("http://127.0.0.1:0"))
                .awsAuthentication(AuthenticationType.AWS_V4, ACCESS_KEY, SECRET_KEY)
                .ignoreUnknownHeaders(true)
                .stopTimeout(0)
                .build();
        server.start();
        client = client(endpoint(), SECRET_KEY);
        client.createBucket(request -> request.bucket(BUCKET));
    }

    @AfterEach
    void stop() throws Exception {
        client.close();
        server.stop();
    }

    @Override
    S3Client client() {
        return client;
    }

    @Test
    void saysWhatToDoWhereTheCredentialsAreWrong() {
        try (S3Client stranger = client(endpoint(), "wrong")) {
            ArchiveException failure = failureOf(stranger);

            assertThat(failure.type()).isEqualTo(FailureType.ARCHIVE_UNAVAILABLE);
            assertThat(failure.failure().details().nextStep()).isNotEmpty();
            assertThat(failure.failure().message()).doesNotContain(ACCESS_KEY).doesNotContain("wrong");
        }
    }

    @Test
    void saysWhatToDoWhereTheStoreIsDown() {
        try (S3Client nobody = client(URI.create("http://127.0.0.1:1"), SECRET_KEY)) {
            ArchiveException failure = failureOf(nobody);

            assertThat(failure.type()).isEqualTo(FailureType.ARCHIVE_UNAVAILABLE);
            assertThat(failure.failure().details().nextStep()).contains("store is up");
        }
    }

    private ArchiveException failureOf(S3Client other) {
        S3Archive archive = new S3Archive(other, settings(null), new Staging(elsewhere), Clock.systemUTC());
        return catchThrowableOfType(ArchiveException.class, () -> archive.find(ArchiveKey.of("a.step")));
    }

    private URI endpoint() {
        return URI.create("http://127.0.0.1:" + server.getPort());
    }
}
