package dev.cadflow.starter;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commands with CADFLOW_CODEC_KEYS, at a server that lives on. */
final class EncryptedWorkflowTest {
    private static final String PROMPT = "A 40x20x10mm box for the unannounced Zephyr pump";

    @TempDir
    private Path folder = Path.of("");

    @Test
    void theServerSeesNothingAndWhoHasTheKeysFollows() {
        try (DevServer temporal = DevServer.start(TemporalCli.find())) {
            Map<String, String> environment = environment(temporal);
            environment.put("CADFLOW_CODEC_KEYS", key("k1"));

            CommandRun made = CommandRun.of(environment, "generate", PROMPT, "--workflow-id", "zephyr");

            assertThat(made.exitCode()).as(made.err()).isZero();
            assertThat(temporal.client().fetchHistory("zephyr").toProtoText(true))
                    .contains("binary/encrypted")
                    .doesNotContain("Zephyr", "standard");

            CommandRun attached = CommandRun.of(environment, "attach", "zephyr", "--no-worker");

            assertThat(attached.exitCode()).as(attached.err()).isZero();
            assertThat(attached.out()).isEqualTo(made.out());
        }
    }

    @Test
    void whoHasNotTheKeyIsToldWhichOne() {
        try (DevServer temporal = DevServer.start(TemporalCli.find())) {
            Map<String, String> environment = environment(temporal);
            environment.put("CADFLOW_CODEC_KEYS", key("k1"));
            assertThat(CommandRun.of(environment, "generate", PROMPT, "--workflow-id", "zephyr")
                            .exitCode())
                    .isZero();

            environment.put("CADFLOW_CODEC_KEYS", key("k2"));
            CommandRun other = CommandRun.of(environment, "attach", "zephyr", "--no-worker");
            environment.remove("CADFLOW_CODEC_KEYS");
            CommandRun none = CommandRun.of(environment, "attach", "zephyr", "--no-worker");

            assertThat(other.err()).contains("expected one of [k2], found \"k1\"", "CADFLOW_CODEC_KEYS");
            assertThat(other.exitCode()).as(other.err()).isEqualTo(2);
            assertThat(none.err()).contains("encrypted", "set CADFLOW_CODEC_KEYS");
            assertThat(none.exitCode()).as(none.err()).isEqualTo(2);
        }
    }

    @Test
    void aMisspeltSettingSendsNothingInTheClear() {
        try (DevServer temporal = DevServer.start(TemporalCli.find())) {
            Map<String, String> environment = environment(temporal);
            environment.put("CADFLOW_CODEC_KEY", key("k1"));

            CommandRun run = CommandRun.of(environment, "generate", PROMPT, "--no-worker", "--workflow-id", "zephyr");

            assertThat(run.err()).contains("CADFLOW_CODEC_KEY", "the nearest is CADFLOW_CODEC_KEYS");
            assertThat(run.exitCode()).isEqualTo(2);
        }
    }

    private Map<String, String> environment(DevServer temporal) {
        Map<String, String> environment = new HashMap<>(CommandRun.bareEnvironment(folder));
        environment.put(
                "TEMPORAL_ADDRESS",
                temporal.client().getWorkflowServiceStubs().getOptions().getTarget());
        return environment;
    }

    private static String key(String id) {
        return id + ":" + Base64.getEncoder().encodeToString((id + "k".repeat(30)).getBytes(UTF_8));
    }
}
