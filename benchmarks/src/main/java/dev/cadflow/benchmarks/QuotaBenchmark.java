package dev.cadflow.benchmarks;

import dev.cadflow.sandbox.SandboxCounts;
import dev.cadflow.sandbox.SandboxJob;
import dev.cadflow.sandbox.SandboxOptions;
import dev.cadflow.sandbox.SandboxServer;
import dev.cadflow.worker.WorkerConfig;
import dev.cadflow.worker.WorkerRuntime;
import dev.cadflow.worker.WorkerStartException;
import dev.cadflow.workflow.CadResult;
import dev.cadflow.workflow.Cadflow;
import io.temporal.client.WorkflowClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What many jobs under one key cost, and how long they take: by webhook, by polling alone, and by the poll loop of
 * Makistry's example. Whole workflows on a Temporal dev server and a whole worker, against the sandbox with its quota on
 * and its time scaled; the worker's quota, back-off and waits run at the same scale.
 *
 * @param perMinute requests that the key has in a minute
 * @param perHour requests that the key has in an hour
 * @param jobTime how long a job takes, in Makistry's time
 */
public record QuotaBenchmark(int perMinute, int perHour, Duration jobTime) {
    private static final int DEFAULT_JOBS = 100;
    private static final int DEFAULT_WEBHOOK_SPEED = 2;
    private static final int DEFAULT_POLL_SPEED = 30;
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final Duration HOUR = Duration.ofHours(1);

    /** Makistry's documented quota, and jobs so short that it is the quota that is waited for. */
    static final QuotaBenchmark MAKISTRY = new QuotaBenchmark(20, 100, Duration.ofSeconds(10));

    /** How the end of a job is learnt. */
    enum Way {
        WEBHOOK("by webhook"),
        POLLS("by polls alone"),
        EXAMPLE("the example's loop");

        private final String words;

        Way(String words) {
            this.words = words;
        }
    }

    /**
     * What many jobs came to.
     *
     * @param jobs how many
     * @param archived those that ended with a file
     * @param paid those that were charged
     * @param requests to the API
     * @param refused of these, answered with 429
     * @param lastSubmit from the beginning to the last job that was taken, in Makistry's time
     * @param over from the beginning until all was over, in Makistry's time
     * @param allowed when the quota lets the last submit go at the earliest
     */
    record Figures(
            Way way,
            int jobs,
            int archived,
            long paid,
            long requests,
            long refused,
            Duration lastSubmit,
            Duration over,
            Duration allowed) {

        static final String HEADER = "%-20s %9s %5s %9s %5s %12s %10s %13s %6s"
                .formatted(
                        "way",
                        "archived",
                        "paid",
                        "requests",
                        "429",
                        "last submit",
                        "all over",
                        "quota allows",
                        "ratio");

        /** A line of the table, times in minutes. */
        @Override
        public String toString() {
            return String.format(
                    Locale.ROOT,
                    "%-20s %9s %5d %9d %5d %12.1f %10.1f %13.1f %6s",
                    way.words,
                    archived + "/" + jobs,
                    paid,
                    requests,
                    refused,
                    minutes(lastSubmit),
                    minutes(over),
                    minutes(allowed),
                    archived == jobs ? String.format(Locale.ROOT, "%.2f", minutes(over) / minutes(allowed)) : "-");
        }

        private static double minutes(Duration duration) {
            return duration.toMillis() / 60e3;
        }
    }

    /**
     * Measures and prints a table. Takes the number of jobs (100), and how many times as fast as Makistry's the time
     * passes by webhook (2) and in the other two (30), where an hour's quota must be waited for.
     */
    public static void main(String[] args) throws Exception {
        int jobs = argument(args, 0, DEFAULT_JOBS);
        int webhookSpeed = argument(args, 1, DEFAULT_WEBHOOK_SPEED);
        int pollSpeed = argument(args, 2, DEFAULT_POLL_SPEED);
        System.out.println(Figures.HEADER);
        for (Way way : Way.values()) {
            System.out.println(MAKISTRY.run(way, jobs, way == Way.WEBHOOK ? webhookSpeed : pollSpeed));
        }
    }

    private static int argument(String[] args, int index, int otherwise) {
        return args.length > index ? Integer.parseInt(args[index]) : otherwise;
    }

    /**
     * Makes the jobs.
     *
     * @param speed how many of Makistry's seconds pass in one
     */
    Figures run(Way way, int jobs, int speed) throws IOException, WorkerStartException, InterruptedException {
        double timeScale = 1.0 / speed;
        try (SandboxServer sandbox = SandboxServer.start(SandboxOptions.builder()
                .timeScale(timeScale)
                .processingTime(jobTime)
                .quota(perMinute, perHour)
                .build())) {
            Instant start = Instant.now();
            if (way == Way.EXAMPLE) {
                int archived = new PollLoop(sandbox, timeScale).run(jobs);
                return figures(way, jobs, archived, sandbox, start, speed);
            }
            Path archive = Files.createTempDirectory("cadflow-quota-");
            try (DevServer temporal = DevServer.inMemory();
                    WorkerRuntime worker =
                            WorkerRuntime.start(config(way, sandbox, archive, timeScale), temporal.client())) {
                start = Instant.now();
                int archived = archived(temporal.client(), worker.taskQueue(), jobs);
                return figures(way, jobs, archived, sandbox, start, speed);
            }
        }
    }

    private Figures figures(Way way, int jobs, int archived, SandboxServer sandbox, Instant start, int speed) {
        Duration over = Duration.between(start, Instant.now()).multipliedBy(speed);
        Instant lastSubmit = sandbox.jobs().stream()
                .map(SandboxJob::createdAt)
                .max(Instant::compareTo)
                .orElse(start);
        SandboxCounts counts = sandbox.counts();
        return new Figures(
                way,
                jobs,
                archived,
                counts.submitsCharged(),
                counts.apiRequests(),
                counts.refusedByQuota(),
                Duration.between(start, lastSubmit).multipliedBy(speed),
                over,
                allowed(way, jobs));
    }

    /**
     * When the quota lets the last submit go at the earliest, where all were asked for at once and each goes as soon as
     * both sliding windows have room: the job's own time is not in it. Where jobs must be asked for, a tenth of the
     * minute and a fifth of the hour are not for submits.
     */
    Duration allowed(Way way, int jobs) {
        int inAMinute = way == Way.POLLS ? perMinute - Math.max(1, perMinute / 10) : perMinute;
        int inAnHour = way == Way.POLLS ? perHour - Math.max(1, perHour / 5) : perHour;
        List<Duration> submits = new ArrayList<>();
        for (int i = 0; i < jobs; i++) {
            Duration minuteHasRoom =
                    i < inAMinute ? Duration.ZERO : submits.get(i - inAMinute).plus(MINUTE);
            Duration hourHasRoom =
                    i < inAnHour ? Duration.ZERO : submits.get(i - inAnHour).plus(HOUR);
            submits.add(Collections.max(List.of(minuteHasRoom, hourHasRoom)));
        }
        return submits.get(jobs - 1);
    }

    private static int archived(WorkflowClient client, String taskQueue, int jobs) {
        Workflows.forEach(
                jobs, i -> Workflows.start(client, taskQueue, Cadflow.WORKFLOW_TYPE, "quota-" + i, Workflows.REQUEST));
        int archived = 0;
        for (int i = 0; i < jobs; i++) {
            CadResult result = client.newUntypedWorkflowStub("quota-" + i).getResult(CadResult.class);
            archived += Files.exists(Path.of(result.file().uri())) ? 1 : 0;
        }
        return archived;
    }

    private WorkerConfig config(Way way, SandboxServer sandbox, Path archive, double timeScale) {
        WorkerConfig config = WorkerConfig.from(Map.of(
                        "MAKISTRY_API_KEY",
                        sandbox.apiKey(),
                        "MAKISTRY_SIGNING_SECRETS",
                        sandbox.signingSecret(),
                        "MAKISTRY_BASE_URL",
                        sandbox.apiBaseUrl().toString(),
                        "CADFLOW_WEBHOOK_LISTEN",
                        "127.0.0.1:0",
                        "CADFLOW_OPERATIONS_LISTEN",
                        "127.0.0.1:0",
                        "CADFLOW_ARCHIVE",
                        archive.toString(),
                        "CADFLOW_QUOTA_PER_MINUTE",
                        "" + perMinute,
                        "CADFLOW_QUOTA_PER_HOUR",
                        "" + perHour))
                .atTimeScale(timeScale);
        return way == Way.WEBHOOK ? config.withReceiverAsCallback() : config;
    }
}
