package dev.cadflow.benchmarks;

import dev.cadflow.workflow.Cadflow;
import io.temporal.client.WorkflowClient;
import io.temporal.worker.Worker;
import io.temporal.worker.WorkerFactory;
import io.temporal.worker.WorkerOptions;
import io.temporal.worker.tuning.PollerBehaviorAutoscaling;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/**
 * Jobs from submit by way of the webhook's signal to the archive, beside workflows of two empty activities on the same
 * server: what cadflow costs beyond Temporal. And the same jobs under other settings of the worker.
 */
public final class ThroughputBenchmark {
    private ThroughputBenchmark() {}

    /** Settings of a worker that are compared. */
    enum Settings {
        /** As the SDK has them. */
        DEFAULTS(WorkerOptions.getDefaultInstance()),
        /** As many pollers as there is work. */
        AUTOSCALING_POLLERS(WorkerOptions.newBuilder()
                .setWorkflowTaskPollersBehavior(new PollerBehaviorAutoscaling())
                .setActivityTaskPollersBehavior(new PollerBehaviorAutoscaling())
                .build()),
        /** Every activity goes through the server's task queue. */
        NO_EAGER_ACTIVITIES(
                WorkerOptions.newBuilder().setDisableEagerExecution(true).build());

        private final WorkerOptions options;

        Settings(WorkerOptions options) {
            this.options = options;
        }
    }

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
        List<Double> autoscaling = new ArrayList<>();
        List<Double> notEager = new ArrayList<>();
        try (DevServer server = DevServer.inMemory()) {
            WorkflowClient client = server.client();
            // A round that is not counted: both sides begin warm.
            round(client, "warm-up", Settings.DEFAULTS, Math.max(1, count / 4), true);
            round(client, "warm-up-floor", Settings.DEFAULTS, Math.max(1, count / 4), false);
            for (int round = 0; round < rounds; round++) {
                floor.add(round(client, "floor-" + round, Settings.DEFAULTS, count, false));
                jobs.add(round(client, "job-" + round, Settings.DEFAULTS, count, true));
                autoscaling.add(round(client, "auto-" + round, Settings.AUTOSCALING_POLLERS, count, true));
                notEager.add(round(client, "not-eager-" + round, Settings.NO_EAGER_ACTIVITIES, count, true));
            }
        }
        return "floor of two empty activities: " + spread(floor) + " workflows a second\n"
                + "jobs: " + ratio(jobs, floor) + " of the floor\n"
                + "jobs, pollers autoscaling: " + ratio(autoscaling, jobs) + " of the jobs with defaults\n"
                + "jobs, no eager activities: " + ratio(notEager, jobs) + " of the jobs with defaults\n";
    }

    private static double round(WorkflowClient client, String name, Settings settings, int count, boolean jobs) {
        WorkerFactory factory = WorkerFactory.newInstance(client);
        Worker worker = factory.newWorker(name, settings.options);
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

    /** Each round's ratio, as median and range. */
    private static String ratio(List<Double> ours, List<Double> base) {
        List<Double> ratios = new ArrayList<>();
        for (int round = 0; round < ours.size(); round++) {
            ratios.add(ours.get(round) / base.get(round));
        }
        return spread(ratios);
    }

    private static String spread(List<Double> figures) {
        List<Double> sorted = new ArrayList<>(figures);
        Collections.sort(sorted);
        return String.format(
                Locale.ROOT,
                "%.2f (%.2f to %.2f in %d rounds)",
                sorted.get(sorted.size() / 2),
                sorted.get(0),
                sorted.get(sorted.size() - 1),
                sorted.size());
    }
}
