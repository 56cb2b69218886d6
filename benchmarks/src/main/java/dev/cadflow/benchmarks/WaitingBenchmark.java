package dev.cadflow.benchmarks;

import dev.cadflow.workflow.Cadflow;
import io.temporal.client.WorkflowClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Many workflows wait for their webhooks on one worker with a heap of 512 MiB; server and worker are killed and
 * started again; then every job is signalled, and every workflow must end.
 */
public final class WaitingBenchmark {
    private static final String HEAP = "-Xmx512m";
    private static final String OF_OURS = "WorkflowType = '" + Cadflow.WORKFLOW_TYPE + "'";

    private WaitingBenchmark() {}

    /** Takes the number of workflows; 10,000 where there is none. */
    public static void main(String[] args) throws IOException, InterruptedException {
        int count = args.length == 0 ? 10_000 : Integer.parseInt(args[0]);
        System.out.println(run(count));
    }

    /** The figures in words; an exception where a workflow did not end. */
    static String run(int count) throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory("cadflow-waiting-");
        Path database = folder.resolve("temporal.db");
        int port = DevServer.freePort();
        Duration patience = Duration.ofSeconds(60).plus(Duration.ofMillis(500).multipliedBy(count));
        double starting;
        DevServer first = DevServer.onDisk(database, port);
        Process worker = worker(first.target());
        try {
            WorkflowClient client = first.client();
            starting = Workflows.seconds(() -> {
                Workflows.forEach(
                        count,
                        number -> Workflows.start(
                                client,
                                Cadflow.TASK_QUEUE,
                                Cadflow.WORKFLOW_TYPE,
                                "wait-" + number,
                                Workflows.REQUEST));
                Workflows.await("all to wait", patience, () -> allWait(client, count));
            });
        } finally {
            kill(worker);
            first.close();
        }
        DevServer second = DevServer.onDisk(database, port);
        Process another = worker(second.target());
        try {
            WorkflowClient client = second.client();
            double ending = Workflows.seconds(() -> {
                Workflows.forEach(
                        count,
                        number -> client.newUntypedWorkflowStub("wait-" + number)
                                .signal(
                                        "jobFinished",
                                        EmptyActivities.finished(EmptyActivities.jobId("wait-" + number))));
                Workflows.await(
                        "all to be completed",
                        patience,
                        () -> Workflows.count(client, OF_OURS + " AND ExecutionStatus = 'Completed'") == count);
            });
            return "%d workflows waited on one worker of %s: all waiting after %.0f s; worker and server killed and started again; all completed %.0f s after the first signal, %.1f a second"
                    .formatted(count, HEAP, starting, ending, count / ending);
        } finally {
            kill(another);
            second.close();
        }
    }

    /** Every one is running, and the last that was started, the slowest by far, has its timer. */
    private static boolean allWait(WorkflowClient client, int count) {
        return Workflows.count(client, OF_OURS + " AND ExecutionStatus = 'Running'") == count
                && IntStream.range(Math.max(0, count - 50), count)
                        .allMatch(number -> client.fetchHistory("wait-" + number).getEvents().stream()
                                .anyMatch(event -> event.hasTimerStartedEventAttributes()));
    }

    private static Process worker(String target) throws IOException {
        Process process = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        HEAP,
                        "-XX:+ExitOnOutOfMemoryError",
                        "-cp",
                        System.getProperty("java.class.path"),
                        WaitingWorker.class.getName(),
                        target))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
        return process;
    }

    private static void kill(Process worker) throws InterruptedException {
        worker.destroyForcibly().waitFor();
    }
}
