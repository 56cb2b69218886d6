package dev.cadflow.benchmarks;

import dev.cadflow.workflow.Cadflow;
import io.temporal.client.WorkflowClient;
import io.temporal.worker.Worker;
import io.temporal.worker.WorkerFactory;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Jobs from submit by way of the webhook's signal to the archive, beside workflows of two empty activities on the same
 * server: what cadflow costs beyond Temporal.
 */
public final class ThroughputBenchmark {
    private ThroughputBenchmark() {}

    /** Takes the workflows in a round and the rounds; 200 and 4 where there are none. */
    public static void main(String[] args) throws IOException {
        int count = args.length > 0 ? Integer.parseInt(args[0]) : 200;
        int rounds = args.length > 1 ? Integer.parseInt(args[1]) : 4;
        System.out.print(run(count, rounds));
    }

    /** The figures in words, one line for each comparison. */
    static String run(int count, int rounds) throws IOException {
        List<Double> floor = new ArrayList<>();
        List<Double> jobs = new ArrayList<>();
        try (DevServer server = DevServer.inMemory()) {
            WorkflowClient client = server.client();
            // A round that is not counted: both sides begin warm.
            round(client, "warm-up", Math.max(1, count / 4), true);
            round(client, "warm-up-floor", Math.max(1, count / 4), false);
            for (int round = 0; round < rounds; round++) {
                floor.add(round(client, "floor-" + round, count, false));
                jobs.add(round(client, "job-" + round, count, true));
            }
        }
        return "floor of two empty activities: " + Spread.of(floor) + " workflows a second\n" + "jobs: "
                + Spread.ofRatios(jobs, floor) + " of the floor\n";
    }

    private static double round(WorkflowClient client, String name, int count, boolean jobs) {
        WorkerFactory factory = WorkerFactory.newInstance(client);
        Worker worker = factory.newWorker(name);
        worker.registerWorkflowImplementationTypes(FloorWorkflow.Impl.class);
        worker.registerActivitiesImplementations((FloorWorkflow.Nothing) () -> {});
        Cadflow.register(
                worker,
                new EmptyActivities(
                        EmptyActivities.BY_WEBHOOK,
                        submitted -> client.newUntypedWorkflowStub(submitted.workflowId())
                                .signal(
                                        "jobFinished",
                                        EmptyActivities.finished(EmptyActivities.jobId(submitted.workflowId())))));
        factory.start();
        try {
            double seconds = Workflows.seconds(() -> Workflows.forEach(count, number -> {
                String workflowId = name + "-" + number;
                if (jobs) {
                    Workflows.start(client, name, Cadflow.WORKFLOW_TYPE, workflowId, Workflows.REQUEST)
                            .getResult(Object.class);
                } else {
                    Workflows.start(client, name, "FloorWorkflow", workflowId).getResult(Void.class);
                }
            }));
            return count / seconds;
        } finally {
            factory.shutdownNow();
        }
    }
}
