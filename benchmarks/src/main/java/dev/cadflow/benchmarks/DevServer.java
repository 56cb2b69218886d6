package dev.cadflow.benchmarks;

import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowClientOptions;
import io.temporal.serviceclient.WorkflowServiceStubs;
import io.temporal.serviceclient.WorkflowServiceStubsOptions;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A Temporal dev server of a benchmark's own, on 127.0.0.1. The Temporal CLI is found by {@code TEMPORAL_CLI} or on the
 * {@code PATH}.
 */
final class DevServer implements AutoCloseable {
    private static final Duration START_TIME = Duration.ofSeconds(60);
    private static final Duration STOP_TIME = Duration.ofSeconds(10);

    private final int port;
    private final Process process;
    private final WorkflowServiceStubs stubs;

    private DevServer(int port, @Nullable Path database) throws IOException {
        this.port = port;
        String cli = Optional.<@Nullable String>ofNullable(System.getenv("TEMPORAL_CLI"))
                .orElse("temporal");
        List<String> command = new ArrayList<>(List.of(
                cli,
                "server",
                "start-dev",
                "--headless",
                "--ip",
                "127.0.0.1",
                "--port",
                "" + port,
                "--log-level",
                "error"));
        if (database != null) {
            command.addAll(List.of("--db-filename", database.toString()));
        }
        process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        // A server must not outlive a benchmark that is interrupted.
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
        stubs = WorkflowServiceStubs.newServiceStubs(
                WorkflowServiceStubsOptions.newBuilder().setTarget(target()).build());
        stubs.connect(START_TIME);
    }

    /** A server that forgets everything when it is closed. */
    static DevServer inMemory() throws IOException {
        return new DevServer(freePort(), null);
    }

    /** A server that keeps everything in that file, at a port that a later one may have again. */
    static DevServer onDisk(Path database, int port) throws IOException {
        return new DevServer(port, database);
    }

    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** Whether something listens at that port of the loopback address. */
    static boolean isListening(int port) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException refused) {
            return false;
        }
    }

    String target() {
        return "127.0.0.1:" + port;
    }

    WorkflowClient client() {
        return WorkflowClient.newInstance(stubs);
    }

    WorkflowClient client(WorkflowClientOptions options) {
        return WorkflowClient.newInstance(stubs, options);
    }

    @Override
    public void close() {
        stubs.shutdownNow();
        process.destroy();
        try {
            if (!process.waitFor(STOP_TIME.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
