package dev.cadflow.starter;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cadflow.sandbox.Fault;
import dev.cadflow.sandbox.FaultKind;
import dev.cadflow.sandbox.FaultTarget;
import dev.cadflow.sandbox.SandboxOptions;
import dev.cadflow.sandbox.SandboxServer;
import dev.cadflow.workflow.CadResult;
import dev.cadflow.workflow.DeliveredBy;
import dev.cadflow.workflow.OutputFormat;
import io.temporal.client.WorkflowExecutionDescription;
import io.temporal.common.converter.JacksonJsonPayloadConverter;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class GenerateTest {
    private static final String PROMPT = "A 40x20x10mm box with a 5mm through-hole";

    @TempDir
    private Path folder = Path.of("");

    @Test
    void aPromptBecomesAnArchivedFileWithNothingButThisProcess() throws Exception {
        CommandRun run = CommandRun.of(
                CommandRun.bareEnvironment(folder),
                "generate",
                PROMPT,
                "--json",
                "--metadata",
                "part=A-1",
                "-f",
                "stl");

        assertThat(run.exitCode()).as(run.err()).isZero();
        CadResult result = JacksonJsonPayloadConverter.newDefaultObjectMapper().readValue(run.out(), CadResult.class);
        Path file = Path.of(result.file().uri());
        assertThat(file)
                .startsWith(folder.resolve("archive"))
                .hasSize(result.file().sizeBytes());
        assertThat(sha256(file)).isEqualTo(result.file().sha256());
        assertThat(result.file().outputFormat()).isEqualTo(OutputFormat.STL);
        assertThat(result.metadata()).containsEntry("part", "A-1");
        assertThat(result.deliveredBy()).isEqualTo(DeliveredBy.WEBHOOK);
        assertThat(result.makistryRequests()).isEqualTo(1);
        assertThat(run.err())
                .contains("in-memory server", "sandbox of this command", "submitted as job " + result.jobId())
                .contains(
                        "waiting for the webhook",
                        "1 request, delivered by webhook",
                        result.file().sha256());
    }

    @Test
    void aLocalImageBecomesAPart() throws Exception {
        byte[] png = "\u0089PNG\r\n\u001a\nand the rest of it".getBytes(ISO_8859_1);
        Path image = Files.write(folder.resolve("a sketch, the first.png"), png);

        CommandRun run =
                CommandRun.of(CommandRun.bareEnvironment(folder), "generate", "--image", image.toString(), "--json");

        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.out()).contains("\"makistry_requests\":1");
    }

    @Test
    void aTerminalShowsHowMuchOfASlowDownloadHasCome() throws Exception {
        try (SandboxServer sandbox =
                SandboxServer.start(SandboxOptions.builder().timeScale(0.01).build())) {
            sandbox.faults()
                    .add(Fault.builder(FaultTarget.DOWNLOAD, FaultKind.SLOW)
                            .bytesPerSecond(2000)
                            .hold(Duration.ofSeconds(4))
                            .build());
            Map<String, String> environment = new HashMap<>(CommandRun.bareEnvironment(folder));
            environment.put("MAKISTRY_API_KEY", sandbox.apiKey());
            environment.put("MAKISTRY_SIGNING_SECRETS", sandbox.signingSecret());
            environment.put("MAKISTRY_BASE_URL", sandbox.apiBaseUrl().toString());

            CommandRun run = CommandRun.onTerminal(environment, "generate", PROMPT);

            assertThat(run.exitCode()).as(run.err()).isZero();
            assertThat(run.err()).containsPattern("downloading, [1-9]\\d* % of \\d\\.\\d kB");
        }
    }

    @Test
    void aRefusedRequestExitsWith1AndNamesEveryProblem() {
        CommandRun run = CommandRun.of(
                CommandRun.bareEnvironment(folder),
                "generate",
                "x".repeat(5001),
                "--metadata",
                "cadflow_workflow_id=mine",
                "--archive-key",
                "../outside");

        assertThat(run.err()).contains("Failed    invalid_input", "prompt", "metadata", "archive_key", "Next      ");
        assertThat(run.out()).isEmpty();
        assertThat(run.exitCode()).isEqualTo(1);
    }

    @Test
    void aTemporalCliGivesAWebUi() throws Exception {
        Map<String, String> environment = new HashMap<>(CommandRun.bareEnvironment(folder));
        environment.put("TEMPORAL_CLI", TemporalCli.find().toString());

        CommandRun run = CommandRun.of(environment, "generate", PROMPT, "--workflow-id", "a part");

        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.err())
                .containsPattern("Web UI    http://127\\.0\\.0\\.1:\\d+/namespaces/default/workflows/a%20part");
        assertThat(Path.of(run.out().strip())).isRegularFile();
        String address = run.err().replaceAll("(?s).*Web UI on (http://\\S+)\\n.*", "$1");
        assertThat(isListening(URI.create(address)))
                .as("the server outlives its command")
                .isFalse();
    }

    @Test
    void aWorkflowHasItsPromptAsSummaryAndModeAndFormatAsMemo() {
        try (DevServer temporal = DevServer.start(TemporalCli.find())) {
            Map<String, String> environment = new HashMap<>(CommandRun.bareEnvironment(folder));
            environment.put(
                    "TEMPORAL_ADDRESS",
                    temporal.client().getWorkflowServiceStubs().getOptions().getTarget());

            CommandRun run = CommandRun.of(
                    environment, "generate", PROMPT, "--workflow-id", "a-part", "--mode", "pro", "--format", "STL");

            assertThat(run.exitCode()).as(run.err()).isZero();
            WorkflowExecutionDescription shown =
                    temporal.client().newUntypedWorkflowStub("a-part").describe();
            assertThat(shown.getStaticSummary()).isEqualTo(PROMPT);
            assertThat(shown.getMemo("design_mode", String.class)).isEqualTo("pro");
            assertThat(shown.getMemo("output_format", String.class)).isEqualTo("STL");
        }
    }

    private static boolean isListening(URI address) {
        try (Socket socket = new Socket(address.getHost(), address.getPort())) {
            return socket.isConnected();
        } catch (IOException refused) {
            return false;
        }
    }

    private static String sha256(Path file) throws Exception {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        try (InputStream in = new DigestInputStream(Files.newInputStream(file), digest)) {
            in.transferTo(OutputStream.nullOutputStream());
        }
        return HexFormat.of().formatHex(digest.digest());
    }
}
