package dev.cadflow.worker.codec;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cadflow.sandbox.SandboxOptions;
import dev.cadflow.sandbox.SandboxServer;
import dev.cadflow.worker.WorkerConfig;
import dev.cadflow.worker.WorkerRuntime;
import dev.cadflow.worker.testing.RealTemporal;
import dev.cadflow.workflow.CadRequest;
import dev.cadflow.workflow.CadResult;
import dev.cadflow.workflow.Cadflow;
import dev.cadflow.workflow.DeliveredBy;
import dev.cadflow.workflow.GenerateCadWorkflow;
import io.temporal.api.enums.v1.EventType;
import io.temporal.api.history.v1.HistoryEvent;
import io.temporal.client.WorkflowOptions;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A whole encrypted job on a real server, read with the Temporal CLI. */
final class EncryptedHistoryTest {
    private static final String PROMPT = "A 40x20x10mm box with a 5mm through-hole, for the unannounced Zephyr pump";
    private static final String TOKEN = "a-token-that-is-long-enough";

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    Path folder;

    private WorkerConfig config(SandboxServer sandbox) {
        Map<String, String> environment = new HashMap<>(Map.of(
                "MAKISTRY_API_KEY",
                sandbox.apiKey(),
                "MAKISTRY_SIGNING_SECRETS",
                sandbox.signingSecret(),
                "MAKISTRY_BASE_URL",
                sandbox.apiBaseUrl().toString(),
                "CADFLOW_WEBHOOK_LISTEN",
                "127.0.0.1:0",
                "CADFLOW_OPERATIONS_LISTEN",
                "127.0.0.1:0",
                "CADFLOW_ARCHIVE",
                folder.toString(),
                "CADFLOW_CODEC_KEYS",
                "k1:" + Base64.getEncoder().encodeToString("k".repeat(32).getBytes(UTF_8)),
                "CADFLOW_CODEC_LISTEN",
                "127.0.0.1:0",
                "CADFLOW_CODEC_TOKEN",
                TOKEN));
        return WorkerConfig.from(environment).withReceiverAsCallback();
    }

    @Test
    void theHistoryOfAnEncryptedJobShowsNothingButToTheCliWithTheEndpoint() throws Exception {
        try (RealTemporal temporal = RealTemporal.start();
                SandboxServer sandbox = SandboxServer.start(
                        SandboxOptions.builder().timeScale(0.01).build());
                WorkerRuntime worker = WorkerRuntime.start(config(sandbox), temporal.client())) {
            CadResult result = worker.client()
                    .newWorkflowStub(
                            GenerateCadWorkflow.class,
                            WorkflowOptions.newBuilder()
                                    .setWorkflowId("cadflow-zephyr")
                                    .setTaskQueue(Cadflow.TASK_QUEUE)
                                    .build())
                    .generate(CadRequest.of(PROMPT));
            assertThat(result.deliveredBy()).isEqualTo(DeliveredBy.WEBHOOK);

            List<HistoryEvent> history =
                    temporal.client().fetchHistory("cadflow-zephyr").getEvents();
            assertThat(history.toString())
                    .doesNotContain("Zephyr", result.jobId(), result.file().sha256())
                    .contains("binary/encrypted");
            assertThat(history).hasSizeLessThanOrEqualTo(26);
            assertThat(history)
                    .last()
                    .extracting(HistoryEvent::getEventType)
                    .isEqualTo(EventType.EVENT_TYPE_WORKFLOW_EXECUTION_COMPLETED);

            assertThat(show(temporal))
                    // The id of the key in base64, as the CLI shows metadata.
                    .contains("WorkflowExecutionStarted", "encryption-key-id: azE=")
                    .doesNotContain("Zephyr");
            URI endpoint = worker.codecUrl().orElseThrow();
            assertThat(show(temporal, "--codec-endpoint", endpoint.toString(), "--codec-auth", "Bearer " + TOKEN))
                    .contains("Zephyr", result.jobId());
        }
    }

    private static String show(RealTemporal temporal, String... more) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                temporal.cli().toString(),
                "workflow",
                "show",
                "--address",
                temporal.target(),
                "--workflow-id",
                "cadflow-zephyr",
                "--detailed"));
        command.addAll(List.of(more));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(output).isZero();
        return output;
    }
}
