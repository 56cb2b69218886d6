package dev.cadflow.archive;

import dev.cadflow.archive.testing.S3ProxyStore;
import dev.cadflow.workflow.testing.Eventually;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** versitygw, an S3 server in a process of its own, which can be killed and started again on what it left on the disk. */
final class Versitygw implements AutoCloseable {
    private final Path program;
    private final Path data;
    private final int port;
    private @Nullable Process server;

    private Versitygw(Path program, Path data, int port) {
        this.program = program;
        this.data = data;
        this.port = port;
    }

    /** The program that {@code VERSITYGW} names, or one on the {@code PATH}. */
    static Optional<Path> program() {
        Stream<Path> onPath = Arrays.stream(
                        Optional.ofNullable(System.getenv("PATH")).orElse("").split(File.pathSeparator, -1))
                .map(folder -> Path.of(folder, "versitygw"));
        return Stream.concat(Stream.ofNullable(System.getenv("VERSITYGW")).map(Path::of), onPath)
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** Starts one that keeps its objects below that folder. */
    static Versitygw start(Path program, Path data) throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Files.createDirectories(data.resolve("objects"));
            Files.createDirectories(data.resolve("versions"));
            Versitygw gateway = new Versitygw(program, data, socket.getLocalPort());
            socket.close();
            gateway.start();
            return gateway;
        }
    }

    /** Starts again on what is there, at the same address. */
    void start() throws IOException {
        ProcessBuilder command = new ProcessBuilder(
                program.toString(),
                "--port",
                "127.0.0.1:" + port,
                "posix",
                "--versioning-dir",
                data.resolve("versions").toString(),
                data.resolve("objects").toString());
        command.environment()
                .putAll(Map.of("ROOT_ACCESS_KEY", S3ProxyStore.ACCESS_KEY, "ROOT_SECRET_KEY", S3ProxyStore.SECRET_KEY));
        Process started = command.redirectErrorStream(true)
                .redirectOutput(data.resolve("server.log").toFile())
                .start();
        server = started;
        Eventually.until(() -> listens() || !started.isAlive());
        if (!started.isAlive()) {
            throw new IOException("versitygw does not start: " + Files.readString(data.resolve("server.log")));
        }
    }

    URI endpoint() {
        return URI.create("http://127.0.0.1:" + port);
    }

    /** SIGKILL: it gets no chance to put anything in order. */
    void kill() {
        Process running = server;
        if (running == null) {
            return;
        }
        try {
            running.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        kill();
    }

    private boolean listens() {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException notYet) {
            return false;
        }
    }
}
