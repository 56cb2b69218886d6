package dev.cadflow.worker;

import dev.cadflow.sandbox.SandboxServer;
import dev.cadflow.workflow.CadProgress;
import dev.cadflow.workflow.CadRequest;
import dev.cadflow.workflow.CadResult;
import dev.cadflow.workflow.Cadflow;
import dev.cadflow.workflow.GenerateCadWorkflow;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowOptions;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** Workers and workflows for a test, over its sandbox and its Temporal server. */
record Bench(SandboxServer sandbox, WorkflowClient client, Path folder) {

    /** A worker's settings: ports of its own, an archive in the folder, and what is named besides. */
    WorkerConfig config(String... namesAndValues) {
        Map<String, String> environment = new HashMap<>(Map.of(
                "MAKISTRY_API_KEY", sandbox.apiKey(),
                "MAKISTRY_SIGNING_SECRETS", sandbox.signingSecret(),
                "MAKISTRY_BASE_URL", sandbox.apiBaseUrl().toString(),
                "CADFLOW_WEBHOOK_LISTEN", "127.0.0.1:0",
                "CADFLOW_OPERATIONS_LISTEN", "127.0.0.1:0",
                "CADFLOW_ARCHIVE", folder.resolve("archive").toString()));
        for (int i = 0; i < namesAndValues.length; i += 2) {
            environment.put(namesAndValues[i], namesAndValues[i + 1]);
        }
        return WorkerConfig.from(environment);
    }

    void start(String workflowId, CadRequest request) {
        GenerateCadWorkflow workflow = client.newWorkflowStub(
                GenerateCadWorkflow.class,
                WorkflowOptions.newBuilder()
                        .setWorkflowId(workflowId)
                        .setTaskQueue(Cadflow.TASK_QUEUE)
                        .build());
        WorkflowClient.start(workflow::generate, request);
    }

    CadResult result(String workflowId) {
        return client.newUntypedWorkflowStub(workflowId).getResult(CadResult.class);
    }

    CadProgress progress(String workflowId) {
        return client.newUntypedWorkflowStub(workflowId).query("progress", CadProgress.class);
    }

    CadResult run(String workflowId, CadRequest request) {
        start(workflowId, request);
        return result(workflowId);
    }
}
