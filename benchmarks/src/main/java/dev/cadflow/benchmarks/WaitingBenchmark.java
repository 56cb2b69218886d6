package dev.cadflow.benchmarks;

import dev.cadflow.sandbox.Route;
import dev.cadflow.sandbox.SandboxJob;
import dev.cadflow.sandbox.SandboxOptions;
import dev.cadflow.sandbox.SandboxServer;
import dev.cadflow.worker.WorkerMain;
import dev.cadflow.workflow.CadResult;
import dev.cadflow.workflow.Cadflow;
import io.temporal.client.WorkflowClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Many workflows wait for their webhooks on one worker with a heap of 512 MiB; the worker is killed, the server stopped,
 * and both are started again; then every job ends, and every workflow must end with its file in the archive. All of it is
 * real but for Makistry, which is the sandbox without its quota.
 */
public final class WaitingBenchmark {
    private static final String HEAP = "-Xmx512m";
    private static final String NO_LIMIT = "1000000";

    private final int count;
    private final SandboxServer sandbox;
    private final Path folder;
    private final int temporalPort;
    private final int webhookPort;

    private WaitingBenchmark(int count, SandboxServer sandbox) throws IOException {
        this.count = count;
        this.sandbox = sandbox;
        this.folder = Files.createTempDirectory("cadflow-waiting-");
        this.temporalPort = DevServer.freePort();
        this.webhookPort = DevServer.freePort();
    }

    /** Takes the number of workflows; 10,000 where there is none. */
    public static void main(String[] args) throws IOException, InterruptedException {
        int count = args.length == 0 ? 10_000 : Integer.parseInt(args[0]);
        System.out.println(run(count));
    }

    /** The figures in words; an exception where a workflow did not end as it should. */
    static String run(int count) throws IOException, InterruptedException {
        try (SandboxServer sandbox =
                SandboxServer.start(SandboxOptions.builder().noQuota().build())) {
            sandbox.pause();
            WaitingBenchmark benchmark = new WaitingBenchmark(count, sandbox);
            double waiting = benchmark.untilAllWait();
            double ended = benchmark.untilAllEnd();
            benchmark.check();
            return ("%d workflows waited on one worker of %s: all waiting after %.0f s; worker killed, server"
                            + " stopped, both started again; all archived %.0f s after the first webhook, %.1f a second;"
                            + " %d requests to Makistry")
                    .formatted(
                            count,
                            HEAP,
                            waiting,
                            ended,
                            count / ended,
                            sandbox.counts().apiRequests());
        }
    }

    private double untilAllWait() throws IOException, InterruptedException {
        try (DevServer server = server()) {
            Process worker = worker(server);
            try {
                return Workflows.seconds(() -> {
                    Workflows.forEach(
                            count,
                            number -> Workflows.start(
                                    server.client(),
                                    Cadflow.TASK_QUEUE,
                                    Cadflow.WORKFLOW_TYPE,
                                    id(number),
                                    Workflows.REQUEST));
                    Workflows.await("all to wait", patience(), () -> allWait(server.client()));
                });
            } finally {
                kill(worker);
            }
        }
    }

    private double untilAllEnd() throws IOException, InterruptedException {
        List<String> jobs = sandbox.jobs().stream().map(SandboxJob::jobId).toList();
        try (DevServer server = server()) {
            Process worker = worker(server);
            try {
                awaitReceiver();
                return Workflows.seconds(() -> {
                    Workflows.forEach(count, number -> sandbox.finish(jobs.get(number)));
                    Workflows.forEach(
                            count,
                            number -> server.client()
                                    .newUntypedWorkflowStub(id(number))
                                    .getResult(CadResult.class));
                });
            } finally {
                kill(worker);
            }
        }
    }

    /** Every job was paid for once, nothing was asked a second time, and every file is there. */
    private void check() throws IOException {
        expect("jobs charged", sandbox.counts().submitsCharged(), count);
        expect("downloads", sandbox.counts().of(Route.DOWNLOAD), count);
        try (Stream<Path> files = Files.walk(folder.resolve("archive"))) {
            expect(
                    "files",
                    files.filter(file -> file.toString().endsWith(".step")).count(),
                    count);
        }
    }

    private static void expect(String what, long found, long expected) {
        if (found != expected) {
            throw new IllegalStateException("expected " + expected + " " + what + ", found " + found);
        }
    }

    private boolean allWait(WorkflowClient client) {
        return sandbox.counts().submitsCharged() == count
                && IntStream.range(Math.max(0, count - 50), count)
                        .allMatch(number -> client.fetchHistory(id(number)).getEvents().stream()
                                .anyMatch(event -> event.hasTimerStartedEventAttributes()));
    }

    private Duration patience() {
        return Duration.ofSeconds(60).plus(Duration.ofMillis(500).multipliedBy(count));
    }

    private static String id(int number) {
        return "wait-" + number;
    }

    private DevServer server() throws IOException {
        return DevServer.onDisk(folder.resolve("temporal.db"), temporalPort);
    }

    private Process worker(DevServer server) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                HEAP,
                "-XX:+ExitOnOutOfMemoryError",
                "-cp",
                System.getProperty("java.class.path"),
                WorkerMain.class.getName()));
        builder.environment().keySet().removeIf(name -> name.startsWith("CADFLOW_") || name.startsWith("MAKISTRY_"));
        builder.environment()
                .putAll(Map.of(
                        "TEMPORAL_ADDRESS", server.target(),
                        "MAKISTRY_API_KEY", sandbox.apiKey(),
                        "MAKISTRY_SIGNING_SECRETS", sandbox.signingSecret(),
                        "MAKISTRY_BASE_URL", sandbox.apiBaseUrl().toString(),
                        "CADFLOW_WEBHOOK_LISTEN", "127.0.0.1:" + webhookPort,
                        "CADFLOW_CALLBACK_URL", "http://127.0.0.1:" + webhookPort + "/webhooks/makistry",
                        "CADFLOW_OPERATIONS_LISTEN", "127.0.0.1:0",
                        "CADFLOW_ARCHIVE", folder.resolve("archive").toString()));
        // Nothing but webhooks is to end a wait, and nothing but the worker is to bound its pace.
        builder.environment()
                .putAll(Map.of(
                        "CADFLOW_QUOTA_PER_MINUTE",
                        NO_LIMIT,
                        "CADFLOW_QUOTA_PER_HOUR",
                        NO_LIMIT,
                        "CADFLOW_POLL_FIRST_STANDARD",
                        "20h",
                        "CADFLOW_DEADLINE_STANDARD",
                        "23h"));
        Process process = builder.redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        folder.resolve("worker.log").toFile()))
                .start();
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
        return process;
    }

    private void awaitReceiver() {
        Workflows.await("the receiver", Duration.ofMinutes(1), () -> DevServer.isListening(webhookPort));
    }

    private static void kill(Process worker) throws InterruptedException {
        worker.destroyForcibly().waitFor();
    }
}
