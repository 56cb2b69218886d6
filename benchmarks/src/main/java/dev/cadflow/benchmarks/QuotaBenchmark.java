package dev.cadflow.benchmarks;

import dev.cadflow.makistry.QuotaLimits;
import dev.cadflow.sandbox.SandboxCounts;
import dev.cadflow.sandbox.SandboxOptions;
import dev.cadflow.sandbox.SandboxServer;
import dev.cadflow.worker.WorkerConfig;
import dev.cadflow.worker.WorkerRuntime;
import dev.cadflow.workflow.CadRequest;
import dev.cadflow.workflow.CadResult;
import dev.cadflow.workflow.Cadflow;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowOptions;
import io.temporal.client.WorkflowStub;
import io.temporal.serviceclient.WorkflowServiceStubs;
import io.temporal.serviceclient.WorkflowServiceStubsOptions;
import io.temporal.testserver.TestServer;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What many jobs under one key cost, and how long they take, by webhook, by polling alone, and by the poll loop of
 * Makistry's examples: whole workflows and a whole worker against the sandbox with its quota on and its time scaled.
 * Arguments: how many jobs (100), and how many of Makistry's seconds pass in one by webhook (10) and without (60).
 */
public final class QuotaBenchmark {
    private static final Duration JOB_TIME = Duration.ofSeconds(10);
    private static final int PER_MINUTE = 20;
    private static final int PER_HOUR = 100;

    private final int jobs;

    private QuotaBenchmark(int jobs) {
        this.jobs = jobs;
    }

    /** Measures and prints a table. */
    public static void main(String[] args) throws Exception {
        int jobs = args.length > 0 ? Integer.parseInt(args[0]) : 100;
        int webhookSpeed = args.length > 1 ? Integer.parseInt(args[1]) : 10;
        int pollSpeed = args.length > 2 ? Integer.parseInt(args[2]) : 60;
        QuotaBenchmark benchmark = new QuotaBenchmark(jobs);
        PrintStream out = System.out;
        out.printf("%-22s %8s %9s %5s %14s %14s %6s%n", "way", "archived", "requests", "429", "minutes", "quota", "ratio");
        print(out, "webhook", jobs, benchmark.cadflow(true, 1.0 / webhookSpeed));
        print(out, "polling alone", jobs, benchmark.cadflow(false, 1.0 / pollSpeed));
        print(out, "the examples' loop", jobs, benchmark.loop(1.0 / pollSpeed));
    }

    private static void print(PrintStream out, String way, int jobs, Figures figures) {
        out.printf(
                Locale.ROOT,
                "%-22s %8s %9d %5d %14.1f %14.1f %6.2f%n",
                way,
                figures.archived() + "/" + jobs,
                figures.requests(),
                figures.refused(),
                figures.minutes(),
                figures.quotaMinutes(),
                figures.quotaMinutes() == 0 ? Double.NaN : figures.minutes() / figures.quotaMinutes());
    }

    /**
     * What one way of making the jobs came to.
     *
     * @param archived jobs that ended with a file
     * @param requests to the API
     * @param refused of these, answered with 429
     * @param minutes of Makistry's time until the last job was over
     * @param quotaMinutes of Makistry's time before which the quota allows no more of this way's submits to have begun
     */
    record Figures(int archived, long requests, long refused, double minutes, double quotaMinutes) {}

    /** Whole workflows, by webhook or by polling alone. */
    static Figures cadflow(int jobs, boolean webhook, double timeScale) throws Exception {
        return new QuotaBenchmark(jobs).cadflow(webhook, timeScale);
    }

    private Figures cadflow(boolean webhook, double timeScale) throws Exception {
        Path archive = Files.createTempDirectory("cadflow-quota-");
        String target = "127.0.0.1:" + freePort();
        try (SandboxServer sandbox = sandbox(timeScale);
                TestServer.PortBoundTestServer temporal =
                        TestServer.createPortBoundServer(Integer.parseInt(target.split(":", 2)[1]), true)) {
            WorkflowServiceStubs stubs = WorkflowServiceStubs.newServiceStubs(
                    WorkflowServiceStubsOptions.newBuilder().setTarget(target).build());
            WorkflowClient client = WorkflowClient.newInstance(stubs);
            try (WorkerRuntime worker = WorkerRuntime.start(config(sandbox, archive, webhook, timeScale), client)) {
                Instant start = Instant.now();
                List<WorkflowStub> workflows = start(client, worker.taskQueue());
                int archived = 0;
                for (WorkflowStub workflow : workflows) {
                    archived += Files.exists(Path.of(
                                    workflow.getResult(CadResult.class).file().uri()))
                            ? 1
                            : 0;
                }
                return figures(sandbox, archived, start, timeScale, webhook);
            } finally {
                stubs.shutdownNow();
            }
        }
    }

    private Figures loop(double timeScale) throws IOException, InterruptedException {
        try (SandboxServer sandbox = sandbox(timeScale)) {
            Instant start = Instant.now();
            int archived = new PollLoop(sandbox, timeScale).run(jobs);
            return figures(sandbox, archived, start, timeScale, true);
        }
    }

    private Figures figures(SandboxServer sandbox, int archived, Instant start, double timeScale, boolean webhook) {
        double minutes = Duration.between(start, Instant.now()).toNanos() / timeScale / 60e9;
        SandboxCounts counts = sandbox.counts();
        return new Figures(
                archived, counts.apiRequests(), counts.refusedByQuota(), minutes, quotaMinutes(webhook));
    }

    /**
     * When the last submit may begin: full minutes first, then the next hour. Where jobs are polled, a tenth of the
     * minute and a fifth of the hour are kept for that.
     */
    private double quotaMinutes(boolean webhook) {
        int perMinute = webhook ? PER_MINUTE : PER_MINUTE - PER_MINUTE / 10;
        int perHour = webhook ? PER_HOUR : PER_HOUR - PER_HOUR / 5;
        int last = jobs - 1;
        return last / perHour * 60.0 + last % perHour / perMinute;
    }

    private List<WorkflowStub> start(WorkflowClient client, String taskQueue) {
        List<WorkflowStub> workflows = new ArrayList<>();
        for (int i = 0; i < jobs; i++) {
            WorkflowStub workflow = client.newUntypedWorkflowStub(
                    Cadflow.WORKFLOW_TYPE,
                    WorkflowOptions.newBuilder()
                            .setTaskQueue(taskQueue)
                            .setWorkflowId("cadflow-quota-" + i)
                            .build());
            workflow.start(CadRequest.of("A 40x20x10mm box with a 5mm through-hole"));
            workflows.add(workflow);
        }
        return workflows;
    }

    private static SandboxServer sandbox(double timeScale) throws IOException {
        return SandboxServer.start(SandboxOptions.builder()
                .timeScale(timeScale)
                .processingTime(JOB_TIME)
                .quota(PER_MINUTE, PER_HOUR)
                .build());
    }

    /** The worker's own times, scaled as the sandbox's are. */
    private static WorkerConfig config(SandboxServer sandbox, Path archive, boolean webhook, double timeScale) {
        WorkerConfig config = WorkerConfig.from(Map.ofEntries(
                Map.entry("MAKISTRY_API_KEY", sandbox.apiKey()),
                Map.entry("MAKISTRY_SIGNING_SECRETS", sandbox.signingSecret()),
                Map.entry("MAKISTRY_BASE_URL", sandbox.apiBaseUrl().toString()),
                Map.entry("CADFLOW_WEBHOOK_LISTEN", "127.0.0.1:0"),
                Map.entry("CADFLOW_OPERATIONS_LISTEN", "127.0.0.1:0"),
                Map.entry("CADFLOW_ARCHIVE", archive.toString()),
                Map.entry("CADFLOW_POLL_FIRST_STANDARD", millis(Duration.ofMinutes(2), timeScale)),
                Map.entry("CADFLOW_POLL_INTERVAL", millis(Duration.ofMinutes(1), timeScale)),
                Map.entry("CADFLOW_POLL_FAST_INTERVAL", millis(Duration.ofSeconds(5), timeScale)),
                Map.entry("CADFLOW_POLL_FAST_FOR", millis(Duration.ofSeconds(30), timeScale)),
                Map.entry("CADFLOW_POLL_SLOW_INTERVAL", millis(Duration.ofSeconds(15), timeScale)),
                Map.entry("CADFLOW_DEADLINE_STANDARD", millis(Duration.ofHours(2), timeScale))));
        QuotaLimits quota = new QuotaLimits(
                PER_MINUTE, PER_HOUR, scaled(Duration.ofMinutes(1), timeScale), scaled(Duration.ofHours(1), timeScale));
        return (webhook ? config.withReceiverAsCallback() : config).withQuota(quota);
    }

    private static String millis(Duration duration, double timeScale) {
        return scaled(duration, timeScale).toMillis() + "ms";
    }

    private static Duration scaled(Duration duration, double timeScale) {
        return Duration.ofNanos((long) (duration.toNanos() * timeScale));
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
