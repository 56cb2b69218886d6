package dev.cadflow.benchmarks;

import dev.cadflow.activity.impl.CadBatchActivitiesImpl;
import dev.cadflow.activity.impl.ImagePrefixes;
import dev.cadflow.activity.impl.ImageSources;
import dev.cadflow.archive.FileArchive;
import dev.cadflow.workflow.CadBatchRequest;
import dev.cadflow.workflow.CadBatchResult;
import dev.cadflow.workflow.Cadflow;
import io.temporal.client.WorkflowClient;
import io.temporal.worker.Worker;
import io.temporal.worker.WorkerFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import okhttp3.OkHttpClient;

/** A batch of many parts from a CSV file, whose jobs are done at once: what is measured is the batch. */
public final class BatchBenchmark {
    private static final String BATCH = "batch";

    private BatchBenchmark() {}

    /** Takes the number of parts; 10,000 where there is none. */
    public static void main(String[] args) throws IOException {
        System.out.println(run(args.length == 0 ? 10_000 : Integer.parseInt(args[0])));
    }

    /** The figures in words; an exception where a part did not succeed. */
    static String run(int count) throws IOException {
        Path archive = Files.createTempDirectory("cadflow-batch-");
        Path list = archive.resolve("parts.csv");
        Files.writeString(
                list,
                IntStream.rangeClosed(1, count)
                        .mapToObj(number -> "part-" + number + ",A 40x20x10mm box with a 5mm through-hole\n")
                        .collect(Collectors.joining("", "name,prompt\n", "")));
        try (DevServer server = DevServer.inMemory()) {
            WorkflowClient client = server.client();
            WorkerFactory factory = WorkerFactory.newInstance(client);
            Worker worker = factory.newWorker(Cadflow.TASK_QUEUE);
            Cadflow.register(
                    worker,
                    new EmptyActivities(
                            EmptyActivities.BY_WEBHOOK,
                            submitted -> client.newUntypedWorkflowStub(submitted.workflowId())
                                    .signal(
                                            "jobFinished",
                                            EmptyActivities.finished(EmptyActivities.jobId(submitted.workflowId())))),
                    new CadBatchActivitiesImpl(
                            new ImageSources(ImagePrefixes.of(List.of(archive.toUri())), new OkHttpClient(), null),
                            new FileArchive(archive).workingFiles()));
            factory.start();
            try {
                return measure(client, list, count);
            } finally {
                factory.shutdownNow();
            }
        }
    }

    private static String measure(WorkflowClient client, Path list, int count) {
        long start = System.nanoTime();
        CadBatchResult result = Workflows.start(
                        client,
                        Cadflow.TASK_QUEUE,
                        Cadflow.BATCH_WORKFLOW_TYPE,
                        BATCH,
                        CadBatchRequest.ofFile(list.toUri().toString()).withAtOnce(50))
                .getResult(CadBatchResult.class);
        double seconds = (System.nanoTime() - start) / 1e9;
        if (result.counts().succeeded() != count) {
            throw new IllegalStateException("expected " + count + " parts, found " + result.counts());
        }
        List<HistorySize> runs = HistorySize.ofAllRuns(client, BATCH);
        return "batch of %d parts: %.0f s, %.1f parts a second, in %d runs of at most %d events and %d KB"
                .formatted(
                        count,
                        seconds,
                        count / seconds,
                        runs.size(),
                        runs.stream().mapToInt(HistorySize::events).max().orElse(0),
                        runs.stream().mapToInt(HistorySize::bytes).max().orElse(0) / 1024);
    }
}
