package dev.cadflow.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cadflow.sandbox.SandboxOptions;
import dev.cadflow.sandbox.SandboxServer;
import dev.cadflow.worker.EmbeddedCadflow;
import dev.cadflow.workflow.CadBatchRequest;
import dev.cadflow.workflow.CadBatchResult;
import dev.cadflow.workflow.CadRequest;
import dev.cadflow.workflow.CadResult;
import dev.cadflow.workflow.Cadflow;
import dev.cadflow.workflow.DeliveredBy;
import dev.cadflow.workflow.testing.RealTemporal;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowOptions;
import io.temporal.client.WorkflowStub;
import io.temporal.worker.WorkerFactory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Worker processes of somebody else's, as the documents set them up, on a real server. */
@ExtendWith(RealTemporal.class)
final class OwnWorkersTest {
    private final SandboxServer sandbox;
    private final WorkflowClient client;
    private final Map<String, String> environment;

    OwnWorkersTest(RealTemporal.Server server, @TempDir Path archive) throws IOException {
        client = server.client();
        sandbox = SandboxServer.start(SandboxOptions.builder().timeScale(0.01).build());
        String receiver = "127.0.0.1:" + RealTemporal.freePort();
        environment = Map.of(
                "MAKISTRY_API_KEY", sandbox.apiKey(),
                "MAKISTRY_SIGNING_SECRETS", sandbox.signingSecret(),
                "MAKISTRY_BASE_URL", sandbox.apiBaseUrl().toString(),
                "CADFLOW_WEBHOOK_LISTEN", receiver,
                "CADFLOW_CALLBACK_URL", "http://" + receiver + "/webhooks/makistry",
                "CADFLOW_ARCHIVE", archive.toString());
    }

    @AfterEach
    void stop() {
        sandbox.close();
    }

    @Test
    void aWorkerWithThePluginMakesPartsAndBatches() throws Exception {
        WorkerFactory factory = OwnWorkers.withPlugin(client, environment);
        try {
            assertMakesParts();
            CadBatchResult batch = start(
                            Cadflow.BATCH_WORKFLOW_TYPE,
                            CadBatchRequest.of(List.of(CadRequest.of("A bar"), CadRequest.of("A cube"))))
                    .getResult(CadBatchResult.class);
            assertThat(batch.counts().succeeded()).isEqualTo(2);
        } finally {
            factory.shutdownNow();
            factory.awaitTermination(10, TimeUnit.SECONDS);
        }
    }

    @Test
    void aWorkerWithoutThePluginDoesTheSame() throws Exception {
        WorkerFactory factory = WorkerFactory.newInstance(client);
        try (EmbeddedCadflow cadflow = OwnWorkers.withoutPlugin(factory, environment)) {
            assertThat(cadflow.webhookUrl()).isPresent();
            assertMakesParts();
        } finally {
            factory.shutdownNow();
            factory.awaitTermination(10, TimeUnit.SECONDS);
        }
    }

    private void assertMakesParts() {
        CadResult result =
                start(Cadflow.WORKFLOW_TYPE, CadRequest.of("A 40x20x10mm box")).getResult(CadResult.class);

        assertThat(result.deliveredBy()).isEqualTo(DeliveredBy.WEBHOOK);
        assertThat(Path.of(result.file().uri())).isRegularFile();
        assertThat(result.makistryRequests()).isEqualTo(1);
    }

    private WorkflowStub start(String type, Object request) {
        WorkflowStub workflow = client.newUntypedWorkflowStub(
                type,
                WorkflowOptions.newBuilder()
                        .setTaskQueue("machine-shop")
                        .setWorkflowId("part-" + UUID.randomUUID())
                        .build());
        workflow.start(request);
        return workflow;
    }
}
