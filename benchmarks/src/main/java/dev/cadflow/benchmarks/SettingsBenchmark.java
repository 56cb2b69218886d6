package dev.cadflow.benchmarks;

import dev.cadflow.workflow.CadResult;
import dev.cadflow.workflow.Cadflow;
import io.temporal.client.WorkflowClient;
import io.temporal.worker.Worker;
import io.temporal.worker.WorkerFactory;
import io.temporal.worker.WorkerFactoryOptions;
import io.temporal.worker.WorkerOptions;
import io.temporal.worker.tuning.PollerBehaviorAutoscaling;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The load that cadflow's workers have, many workflows that wait and few that run, under different settings of the
 * worker: all are started, all wait, then all webhooks come.
 */
public final class SettingsBenchmark {
    private static final Duration PATIENCE = Duration.ofMinutes(10);

    private SettingsBenchmark() {}

    /** What is compared with the SDK's defaults. */
    enum Settings {
        /** As the SDK has them: 5 pollers, 200 slots, 600 workflows cached, eager activities. */
        DEFAULTS,
        /** Hardly any workflow is still in memory when its webhook comes. */
        CACHE_OF_50 {
            @Override
            int cached() {
                return 50;
            }
        },
        /** Every workflow is. */
        CACHE_OF_5000 {
            @Override
            int cached() {
                return 5000;
            }
        },
        /** As many pollers as there is work. */
        AUTOSCALING_POLLERS {
            @Override
            void change(WorkerOptions.Builder options) {
                options.setWorkflowTaskPollersBehavior(new PollerBehaviorAutoscaling())
                        .setActivityTaskPollersBehavior(new PollerBehaviorAutoscaling());
            }
        },
        /** Every activity goes through the server's task queue. */
        NO_EAGER_ACTIVITIES {
            @Override
            void change(WorkerOptions.Builder options) {
                options.setDisableEagerExecution(true);
            }
        },
        /** A quarter of the slots. */
        SLOTS_50 {
            @Override
            void change(WorkerOptions.Builder options) {
                options.setMaxConcurrentActivityExecutionSize(50).setMaxConcurrentWorkflowTaskExecutionSize(50);
            }
        };

        int cached() {
            return 600;
        }

        void change(WorkerOptions.Builder options) {
            // The defaults.
        }
    }

    /** Takes the workflows in a round and the rounds; 1000 and 4 where there are none. */
    public static void main(String[] args) throws IOException {
        int count = args.length > 0 ? Integer.parseInt(args[0]) : 1000;
        int rounds = args.length > 1 ? Integer.parseInt(args[1]) : 4;
        System.out.print(run(count, rounds));
    }

    /** The figures in words, one line for each settings. */
    static String run(int count, int rounds) throws IOException {
        Map<Settings, List<Double>> figures = new EnumMap<>(Settings.class);
        try (DevServer server = DevServer.inMemory()) {
            // A round that is not counted: all begin warm.
            round(server.client(), Settings.DEFAULTS, "warm-up", Math.max(1, count / 4));
            for (int round = 0; round < rounds; round++) {
                for (Settings settings : Settings.values()) {
                    figures.computeIfAbsent(settings, unused -> new ArrayList<>())
                            .add(round(server.client(), settings, settings + "-" + round, count));
                }
            }
        }
        List<Double> defaults = figures.getOrDefault(Settings.DEFAULTS, List.of());
        StringBuilder lines = new StringBuilder("DEFAULTS: " + Spread.of(defaults) + " workflows a second\n");
        figures.forEach((settings, ours) -> {
            if (settings != Settings.DEFAULTS) {
                lines.append(settings + ": " + Spread.ofRatios(ours, defaults) + " of the defaults\n");
            }
        });
        return lines.toString();
    }

    /** Workflows a second, from the first start to the last result. */
    private static double round(WorkflowClient client, Settings settings, String name, int count) {
        WorkerFactory factory = WorkerFactory.newInstance(
                client,
                WorkerFactoryOptions.newBuilder()
                        .setWorkflowCacheSize(settings.cached())
                        .setMaxWorkflowThreadCount(2 * settings.cached())
                        .build());
        WorkerOptions.Builder options = WorkerOptions.newBuilder();
        settings.change(options);
        Worker worker = factory.newWorker(name, options.build());
        AtomicInteger submitted = new AtomicInteger();
        Cadflow.register(
                worker, new EmptyActivities(EmptyActivities.BY_WEBHOOK, submit -> submitted.incrementAndGet()));
        factory.start();
        try {
            return count
                    / Workflows.seconds(() -> {
                        Workflows.forEach(
                                count,
                                number -> Workflows.start(
                                        client, name, Cadflow.WORKFLOW_TYPE, name + "-" + number, Workflows.REQUEST));
                        Workflows.await("all to be submitted", PATIENCE, () -> submitted.get() == count);
                        Workflows.forEach(
                                count,
                                number -> client.newUntypedWorkflowStub(name + "-" + number)
                                        .signal(
                                                "jobFinished",
                                                EmptyActivities.finished(EmptyActivities.jobId(name + "-" + number))));
                        Workflows.forEach(
                                count,
                                number -> client.newUntypedWorkflowStub(name + "-" + number)
                                        .getResult(CadResult.class));
                    });
        } finally {
            factory.shutdownNow();
        }
    }
}
