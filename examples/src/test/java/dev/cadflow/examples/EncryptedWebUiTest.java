package dev.cadflow.examples;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cadflow.workflow.CadRequest;
import dev.cadflow.workflow.CadResult;
import dev.cadflow.workflow.Cadflow;
import dev.cadflow.workflow.testing.RealTemporal;
import io.temporal.client.WorkflowOptions;
import io.temporal.client.WorkflowStub;
import java.net.URI;
import java.nio.file.Path;
import java.util.Base64;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What a person sees of an encrypted workflow in Temporal's Web UI, by the steps of docs/operating.md. */
@ExtendWith(RealTemporal.class)
final class EncryptedWebUiTest {
    private static final int WIDTH = 1500;
    private static final int HEIGHT = 1100;
    private static final String PROMPT = "A 40x20x10mm box for the unannounced Zephyr pump";
    private static final String TOKEN = "a-token-that-is-long-enough";

    private final RealTemporal.Server server;
    private final Browser browser;
    private final House house;

    EncryptedWebUiTest(RealTemporal.Server server, @TempDir Path archive, @TempDir Path profile) throws Exception {
        this.server = server;
        this.browser = Browser.open(profile);
        this.house = House.start(
                server,
                archive,
                "CADFLOW_CODEC_KEYS",
                "k1:" + Base64.getEncoder().encodeToString("k".repeat(32).getBytes(UTF_8)),
                "CADFLOW_CODEC_LISTEN",
                "127.0.0.1:0",
                "CADFLOW_CODEC_TOKEN",
                TOKEN,
                "CADFLOW_CODEC_ORIGINS",
                server.webUi().toString());
    }

    @AfterEach
    void stop() {
        house.close();
        browser.close();
    }

    @Test
    void onlyABrowserThatSignedInToTheCodecEndpointReadsThePrompt() {
        WorkflowStub workflow = house.client.newUntypedWorkflowStub(
                Cadflow.WORKFLOW_TYPE,
                WorkflowOptions.newBuilder()
                        .setTaskQueue(Cadflow.TASK_QUEUE)
                        .setWorkflowId("zephyr")
                        .setStaticSummary("For the Zephyr pump")
                        .build());
        workflow.start(CadRequest.of(PROMPT));
        CadResult result = workflow.getResult(CadResult.class);
        URI page = URI.create(server.webUi() + "/namespaces/" + server.namespace() + "/workflows/zephyr/"
                + workflow.getExecution().getRunId() + "/history");

        browser.show(page, WIDTH, HEIGHT)
                .awaitText("Input", "Result", "Workflow Execution Completed")
                .screenshot("encrypted");
        assertThat(browser.text()).doesNotContain("Zephyr pump", result.file().sha256());

        URI endpoint = house.worker.codecUrl().orElseThrow();
        browser.show(URI.create("http://ada:" + TOKEN + "@" + endpoint.getAuthority() + "/"), WIDTH, HEIGHT)
                .awaitText("Signed in.");
        browser.show(page, WIDTH, HEIGHT)
                .clickAt("[data-testid=data-encoder-status]")
                .click("Use my browser setting and ignore Cluster-level setting.")
                .type("#data-encoder-endpoint-input", endpoint.toString())
                .click("Include cross-origin credentials")
                .screenshot("codec-endpoint");
        browser.click("Apply");

        browser.show(page, WIDTH, HEIGHT)
                .awaitText("Completed", PROMPT, result.file().sha256())
                .screenshot("decrypted");
    }
}
