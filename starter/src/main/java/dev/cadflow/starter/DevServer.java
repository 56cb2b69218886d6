package dev.cadflow.starter;

import io.temporal.client.WorkflowClient;
import io.temporal.serviceclient.WorkflowServiceStubs;
import io.temporal.serviceclient.WorkflowServiceStubsOptions;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** The Temporal CLI's development server with its Web UI, in memory, as a process of this command. */
final class DevServer implements Temporal {
    private static final String LOOPBACK = "127.0.0.1";
    private static final Duration START_TIMEOUT = Duration.ofSeconds(60);
    private static final Duration TRY_TIMEOUT = Duration.ofSeconds(2);
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(10);

    /**
     * Runs the server until it ends by itself or our end of the pipe closes, so that it never outlives this process,
     * however that ends. Nothing of it is kept, so it is ended the quick way. Ctrl-C in a terminal reaches the whole group of processes: here it is left to our process.
     */
    private static final String GUARD = """
            trap '' INT
            exec 3<&0
            "$@" </dev/null & server=$!
            { read -r closed <&3; kill -KILL "$server"; } 2>/dev/null & guard=$!
            trap 'kill "$server"' TERM
            wait "$server"; code=$?
            kill "$guard" 2>/dev/null
            exit "$code"
            """;

    private final Process process;
    private final WorkflowServiceStubs stubs;
    private final WorkflowClient client;
    private final int webUiPort;

    private DevServer(Process process, WorkflowServiceStubs stubs, int webUiPort) {
        this.process = process;
        this.stubs = stubs;
        this.client = WorkflowClient.newInstance(stubs);
        this.webUiPort = webUiPort;
    }

    /**
     * The Temporal CLI that {@code TEMPORAL_CLI} names, else the one on the PATH.
     *
     * @throws UsageException where {@code TEMPORAL_CLI} is set to what cannot be run
     */
    static Optional<Path> findCli(Map<String, String> environment) {
        String named = environment.getOrDefault("TEMPORAL_CLI", "");
        if (!named.isBlank()) {
            if (!new File(named).canExecute() || new File(named).isDirectory()) {
                throw new UsageException("TEMPORAL_CLI: expected the path of the Temporal CLI, found \"" + named
                        + "\", which cannot be run");
            }
            return Optional.of(Path.of(named));
        }
        return Arrays.stream(environment.getOrDefault("PATH", "").split(File.pathSeparator, -1))
                .filter(folder -> !folder.isEmpty())
                .map(folder -> new File(folder, "temporal"))
                .filter(file -> file.isFile() && file.canExecute())
                .map(File::toPath)
                .findFirst();
    }

    /**
     * Starts it on free ports of the loopback address and waits until it serves.
     *
     * @param cli the Temporal CLI
     * @throws UsageException where it does not start; the message names the command that shows why
     */
    static DevServer start(Path cli) {
        List<Integer> ports = FreePorts.find(2);
        List<String> command = List.of(
                cli.toString(),
                "server",
                "start-dev",
                "--ip",
                LOOPBACK,
                "--port",
                ports.get(0).toString(),
                "--ui-ip",
                LOOPBACK,
                "--ui-port",
                ports.get(1).toString(),
                "--log-level",
                "never");
        DevServer server = new DevServer(launch(command), stubs(ports.get(0)), ports.get(1));
        try {
            server.awaitServing(command);
        } catch (RuntimeException notServing) {
            server.close();
            throw notServing;
        }
        return server;
    }

    private static Process launch(List<String> command) {
        ProcessBuilder builder = new ProcessBuilder("sh", "-c", GUARD, "sh");
        builder.command().addAll(command);
        builder.redirectOutput(ProcessBuilder.Redirect.DISCARD).redirectError(ProcessBuilder.Redirect.DISCARD);
        try {
            return builder.start();
        } catch (IOException notStarted) {
            throw new UncheckedIOException("cannot run sh", notStarted);
        }
    }

    private static WorkflowServiceStubs stubs(int port) {
        return WorkflowServiceStubs.newServiceStubs(WorkflowServiceStubsOptions.newBuilder()
                .setTarget(LOOPBACK + ":" + port)
                .build());
    }

    private void awaitServing(List<String> command) {
        long giveUpAt = System.nanoTime() + START_TIMEOUT.toNanos();
        while (true) {
            try {
                stubs.connect(TRY_TIMEOUT);
                return;
            } catch (RuntimeException notYet) {
                if (!process.isAlive() || System.nanoTime() > giveUpAt) {
                    throw new UsageException(
                            "the Temporal development server did not start; see why by running\n  "
                                    + String.join(" ", command.subList(0, command.size() - 2))
                                    + "\nor do without it: set TEMPORAL_CLI and PATH so that no temporal is found",
                            notYet);
                }
            }
        }
    }

    @Override
    public WorkflowClient client() {
        return client;
    }

    @Override
    public String description() {
        return "development server of this command, which ends with it; Web UI on http://" + LOOPBACK + ":" + webUiPort;
    }

    @Override
    public boolean outlivesProcess() {
        return false;
    }

    @Override
    public URI webUi(String workflowId) {
        String id = URLEncoder.encode(workflowId, StandardCharsets.UTF_8).replace("+", "%20");
        return URI.create("http://" + LOOPBACK + ":" + webUiPort + "/namespaces/default/workflows/" + id);
    }

    @Override
    public void close() {
        stubs.shutdownNow();
        try {
            process.getOutputStream().close();
        } catch (IOException gone) {
            // Then it has ended by itself.
        }
        try {
            if (!process.waitFor(STOP_TIMEOUT.toSeconds(), TimeUnit.SECONDS)) {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly();
            }
        } catch (InterruptedException interrupted) {
            process.destroy();
            Thread.currentThread().interrupt();
        }
    }
}
