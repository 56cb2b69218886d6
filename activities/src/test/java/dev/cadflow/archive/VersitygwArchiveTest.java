package dev.cadflow.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** Against versitygw, a real server of its own process, for what S3Proxy cannot do. */
@SuppressWarnings("NullAway.Init")
final class VersitygwArchiveTest extends S3ArchiveScenarios {
    private static final ArchiveKey LOCKED = ArchiveKey.of("locked.step");

    private Process server;
    private S3Client client;

    @TempDir
    private Path data;

    @BeforeEach
    void start() throws IOException, InterruptedException {
        Optional<Path> program = program();
        if (program.isEmpty()) {
            abort("no versitygw: go install github.com/versity/versitygw/cmd/versitygw@latest, then set VERSITYGW");
        }
        int port = freePort();
        Files.createDirectories(data.resolve("objects"));
        Files.createDirectories(data.resolve("versions"));
        ProcessBuilder command = new ProcessBuilder(
                program.orElseThrow().toString(),
                "--port",
                "127.0.0.1:" + port,
                "posix",
                "--versioning-dir",
                data.resolve("versions").toString(),
                data.resolve("objects").toString());
        command.environment().putAll(Map.of("ROOT_ACCESS_KEY", ACCESS_KEY, "ROOT_SECRET_KEY", SECRET_KEY));
        server = command.redirectErrorStream(true)
                .redirectOutput(data.resolve("server.log").toFile())
                .start();
        awaitPort(port);
        client = client(URI.create("http://127.0.0.1:" + port), SECRET_KEY);
        client.createBucket(request -> request.bucket(BUCKET).objectLockEnabledForBucket(true));
    }

    @AfterEach
    void stop() throws InterruptedException {
        if (server != null) {
            client.close();
            server.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
        }
    }

    @Override
    S3Client client() {
        return client;
    }

    @Test
    void locksTheFileForItsRetention() {
        byte[] part = Parts.step("locked");
        S3Archive archive = new S3Archive(
                client, settings(Duration.ofDays(1)), new Staging(data.resolve("staging")), Clock.systemUTC());
        archive.publish(LOCKED, Parts.staged(archive, LOCKED, part), Parts.manifest(LOCKED, "job-1", part), beat -> {});

        assertThat(client.getObjectRetention(request -> request.bucket(BUCKET).key("cad/" + LOCKED))
                        .retention()
                        .retainUntilDate())
                .isAfter(Instant.now());
        String version = client.headObject(request -> request.bucket(BUCKET).key("cad/" + LOCKED))
                .versionId();
        assertThatExceptionOfType(S3Exception.class)
                .isThrownBy(() -> client.deleteObject(
                        request -> request.bucket(BUCKET).key("cad/" + LOCKED).versionId(version)));
    }

    @Test
    void isTriedAgainWhereTheServerDiedMeanwhile() throws InterruptedException {
        server.destroyForcibly().waitFor();

        assertThatExceptionOfType(ArchiveException.class)
                .isThrownBy(() -> publish("job-1", Parts.step("a")))
                .satisfies(failure -> assertThat(failure.type().isRetryable()).isTrue())
                .withCauseInstanceOf(Exception.class)
                .satisfies(failure -> assertThat(failure.getCause()).isNotInstanceOf(SdkException.class));
    }

    private static Optional<Path> program() {
        String set = System.getenv("VERSITYGW");
        Stream<Path> onPath = Arrays.stream(
                        Optional.ofNullable(System.getenv("PATH")).orElse("").split(File.pathSeparator, -1))
                .map(folder -> Path.of(folder, "versitygw"));
        return Stream.concat(Stream.ofNullable(set).map(Path::of), onPath)
                .filter(Files::isExecutable)
                .findFirst();
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private void awaitPort(int port) throws InterruptedException, IOException {
        for (int tries = 0; server.isAlive() && tries < 600; tries++) {
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                assertThat(socket.isConnected()).isTrue();
                return;
            } catch (IOException notYet) {
                TimeUnit.MILLISECONDS.sleep(20);
            }
        }
        throw new IllegalStateException("versitygw does not listen: " + Files.readString(data.resolve("server.log")));
    }
}
