package dev.cadflow.worker;

import io.temporal.client.WorkflowClient;
import io.temporal.common.SimplePlugin;
import io.temporal.worker.Worker;
import io.temporal.worker.WorkerFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Puts cadflow on the workers of a factory, given as one of its plugins. Opens what it needs when it is made and closes
 * it when the factory shuts down. The SDK's plugins are experimental; {@link EmbeddedCadflow} does the same without.
 */
public final class CadflowPlugin extends SimplePlugin {
    private final EmbeddedCadflow cadflow;
    private final Duration grace;
    private final Set<String> taskQueues;
    private final List<Worker> workers = new ArrayList<>();

    private CadflowPlugin(EmbeddedCadflow cadflow, Duration grace, Set<String> taskQueues) {
        super("dev.cadflow");
        this.cadflow = cadflow;
        this.grace = grace;
        this.taskQueues = taskQueues;
    }

    /**
     * A plugin for one factory.
     *
     * @param config as {@link EmbeddedCadflow#open} takes it
     * @param client the factory's
     * @param taskQueues on whose workers to put cadflow; none means on every worker of the factory
     * @throws WorkerStartException as {@link EmbeddedCadflow#open}
     */
    public static CadflowPlugin open(WorkerConfig config, WorkflowClient client, String... taskQueues)
            throws WorkerStartException {
        return new CadflowPlugin(
                EmbeddedCadflow.open(config, client),
                config.shutdownGrace(),
                Arrays.stream(taskQueues).collect(Collectors.toUnmodifiableSet()));
    }

    @Override
    public void initializeWorker(String taskQueue, Worker worker) {
        if (taskQueues.isEmpty() || taskQueues.contains(taskQueue)) {
            workers.add(worker);
        }
    }

    /** Registers by hand: the plugin's own way to register knows no options, and a workflow would hang on bad input. */
    @Override
    public void startWorkerFactory(WorkerFactory factory, Consumer<WorkerFactory> next) {
        List.copyOf(workers).forEach(worker -> cadflow.register(factory, worker));
        workers.clear();
        next.accept(factory);
    }

    /** Does not wait, as a factory's own shutdown does not: the parts close once the activities have ended. */
    @Override
    public void shutdownWorkerFactory(WorkerFactory factory, Consumer<WorkerFactory> next) {
        next.accept(factory);
        new Thread(() -> closeAfter(factory), "cadflow-plugin-close").start();
    }

    private void closeAfter(WorkerFactory factory) {
        factory.awaitTermination(grace.toMillis(), TimeUnit.MILLISECONDS);
        cadflow.close();
    }
}
