package dev.cadflow.examples;

import dev.cadflow.sandbox.SandboxOptions;
import dev.cadflow.sandbox.SandboxServer;
import dev.cadflow.worker.WorkerConfig;
import dev.cadflow.worker.WorkerRuntime;
import dev.cadflow.worker.WorkerStartException;
import dev.cadflow.workflow.CadProgress;
import dev.cadflow.workflow.Cadflow;
import dev.cadflow.workflow.testing.Eventually;
import dev.cadflow.workflow.testing.RealTemporal;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** A whole worker on a real server, with the sandbox as its Makistry. */
final class House implements AutoCloseable {
    final SandboxServer sandbox;
    final WorkflowClient client;
    final WorkerRuntime worker;

    private House(SandboxServer sandbox, WorkflowClient client, WorkerRuntime worker) {
        this.sandbox = sandbox;
        this.client = client;
        this.worker = worker;
    }

    /** Starts it on cadflow's own task queue, with the settings given besides. */
    static House start(RealTemporal.Server server, Path archive, String... settings)
            throws IOException, WorkerStartException {
        return start(server.client(), archive, settings);
    }

    /** The same in the namespace of the client. */
    static House start(WorkflowClient client, Path archive, String... settings)
            throws IOException, WorkerStartException {
        SandboxServer sandbox = SandboxServer.start(
                SandboxOptions.builder().timeScale(0.01).noQuota().build());
        Map<String, String> environment = new HashMap<>(Map.of(
                "MAKISTRY_API_KEY", sandbox.apiKey(),
                "MAKISTRY_SIGNING_SECRETS", sandbox.signingSecret(),
                "MAKISTRY_BASE_URL", sandbox.apiBaseUrl().toString(),
                "CADFLOW_WEBHOOK_LISTEN", "127.0.0.1:0",
                "CADFLOW_OPERATIONS_LISTEN", "127.0.0.1:0",
                "CADFLOW_TASK_QUEUE", Cadflow.TASK_QUEUE,
                "CADFLOW_ARCHIVE", archive.toString()));
        for (int i = 0; i < settings.length; i += 2) {
            environment.put(settings[i], settings[i + 1]);
        }
        WorkerRuntime worker =
                WorkerRuntime.start(WorkerConfig.from(environment).withReceiverAsCallback(), client);
        return new House(sandbox, worker.client(), worker);
    }

    CadProgress progress(String workflowId) {
        return client.newUntypedWorkflowStub(workflowId).query("progress", CadProgress.class);
    }

    /** Also for a workflow that somebody else has yet to start. */
    void awaitStage(CadProgress.Stage stage, String workflowId) {
        Eventually.until(() -> {
            try {
                return progress(workflowId).stage() == stage;
            } catch (WorkflowException notYet) {
                return false;
            }
        });
    }

    @Override
    public void close() {
        worker.close();
        sandbox.close();
    }
}
