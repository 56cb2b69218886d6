package dev.cadflow.examples;

import dev.cadflow.worker.CadflowPlugin;
import dev.cadflow.worker.EmbeddedCadflow;
import dev.cadflow.worker.WorkerConfig;
import dev.cadflow.worker.WorkerStartException;
import io.temporal.client.WorkflowClient;
import io.temporal.worker.Worker;
import io.temporal.worker.WorkerFactory;
import io.temporal.worker.WorkerFactoryOptions;
import java.util.Map;

/** How a user's own worker comes to run cadflow, for docs/own-worker.md. */
final class OwnWorkers {
    private OwnWorkers() {}

    // snippet: plugin
    static WorkerFactory withPlugin(WorkflowClient client, Map<String, String> environment)
            throws WorkerStartException {
        WorkerConfig config = WorkerConfig.from(environment);
        WorkerFactory factory = WorkerFactory.newInstance(
                client,
                WorkerFactoryOptions.newBuilder()
                        .setPlugins(CadflowPlugin.open(config, client))
                        .build());
        Worker worker = factory.newWorker("machine-shop");
        worker.registerWorkflowImplementationTypes(ManufacturingWorkflowImpl.class);
        factory.start();
        return factory;
    }
    // end snippet

    // snippet: register
    static EmbeddedCadflow withoutPlugin(WorkerFactory factory, Map<String, String> environment)
            throws WorkerStartException {
        EmbeddedCadflow cadflow = EmbeddedCadflow.open(WorkerConfig.from(environment), factory.getWorkflowClient());
        Worker worker = factory.newWorker("machine-shop");
        cadflow.register(factory, worker);
        factory.start();
        return cadflow; // to be closed after the factory
    }
    // end snippet
}
