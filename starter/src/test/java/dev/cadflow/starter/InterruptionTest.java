package dev.cadflow.starter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cadflow.sandbox.SandboxOptions;
import dev.cadflow.sandbox.SandboxServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Ctrl-C while a job is made by a Makistry that lives on: a sandbox outside the command. */
final class InterruptionTest {
    private static final Duration UNTIL_TOLD = Duration.ofHours(1);

    private static final long SIGINT_BIT = 1 << 1;

    @TempDir
    private Path folder = Path.of("");

    @SuppressWarnings("NullAway.Init")
    private SandboxServer makistry;

    private Map<String, String> environment = Map.of();

    /** A shell starts what it runs in the background deaf to Ctrl-C, and so are all processes below it. */
    @BeforeAll
    static void needCtrlC() throws IOException {
        Path status = Path.of("/proc/self/status");
        boolean deaf = Files.exists(status)
                && Files.readAllLines(status).stream()
                        .filter(line -> line.startsWith("SigIgn:"))
                        .map(line -> Long.parseUnsignedLong(line.substring(7).strip(), 16))
                        .anyMatch(ignored -> (ignored & SIGINT_BIT) != 0);
        Assumptions.assumeFalse(deaf, "this build ignores SIGINT, as one does that runs in the background");
    }

    @BeforeEach
    void startMakistry() throws Exception {
        makistry = SandboxServer.start(
                SandboxOptions.builder().processingTime(UNTIL_TOLD).build());
        environment = CommandRun.bareEnvironment(folder);
        environment.put("MAKISTRY_BASE_URL", makistry.apiBaseUrl().toString());
        environment.put("MAKISTRY_API_KEY", makistry.apiKey());
        environment.put("CADFLOW_POLL_FAST_INTERVAL", "500ms");
    }

    @AfterEach
    void stopMakistry() {
        makistry.close();
    }

    @Test
    void withItsOwnServerItNamesTheJobThatCanBeTakenUpAgain() throws Exception {
        CommandRun interrupted = interruptedWhileWaiting("generate", "A 40x20x10mm box", "--format", "GLB");
        String jobId = makistry.jobs().get(0).jobId();

        assertThat(interrupted.exitCode()).as(interrupted.err()).isEqualTo(130);
        assertThat(interrupted.err()).contains("./cadflow generate --job-id " + jobId + " --format GLB");
        assertThat(interrupted.out()).isEmpty();

        makistry.finish(jobId);
        CommandRun adopted = CommandRun.of(environment, "generate", "--job-id", jobId, "--format", "GLB");

        assertThat(adopted.exitCode()).as(adopted.err()).isZero();
        assertThat(adopted.out().strip()).endsWith(".glb");
        assertThat(makistry.jobs()).hasSize(1);
    }

    @Test
    void withAServerThatLivesOnItSaysHowToAttachAgain() throws Exception {
        // The in-memory server does not pass on the work of a worker that is gone.
        try (DevServer temporal = DevServer.start(TemporalCli.find())) {
            environment.put(
                    "TEMPORAL_ADDRESS",
                    temporal.client().getWorkflowServiceStubs().getOptions().getTarget());
            CommandRun interrupted =
                    interruptedWhileWaiting("generate", "A 40x20x10mm box", "--workflow-id", "my-part");

            assertThat(interrupted.exitCode()).as(interrupted.err()).isEqualTo(130);
            assertThat(interrupted.err()).contains("./cadflow attach my-part");

            makistry.finish(makistry.jobs().get(0).jobId());
            CommandRun attached = CommandRun.of(environment, "attach", "my-part");

            assertThat(attached.exitCode()).as(attached.err()).isZero();
            assertThat(Path.of(attached.out().strip())).isRegularFile();
            assertThat(makistry.jobs()).hasSize(1);

            CommandRun again = CommandRun.of(environment, "generate", "A 40x20x10mm box", "--workflow-id", "my-part");

            assertThat(again.err()).contains("there already");
            assertThat(again.out()).isEqualTo(attached.out());
            assertThat(makistry.jobs()).hasSize(1);
        }
    }

    private CommandRun interruptedWhileWaiting(String... arguments) throws Exception {
        try (CadflowProcess process = CadflowProcess.start(environment, arguments)) {
            process.awaitSaying("waiting");
            process.interrupt();
            return process.end();
        }
    }
}
