package dev.cadflow.worker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cadflow.worker.testing.InMemoryTemporal;
import dev.cadflow.worker.testing.WorkerProcess;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The worker as a process of its own, started and stopped as an operator does. */
final class WorkerMainTest {
    private static final String API_KEY = "mk_pub_00112233445566778899aabbccddeeff";

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    Path folder;

    private final InMemoryTemporal temporal = new InMemoryTemporal();

    @AfterEach
    void stop() {
        temporal.close();
    }

    private Map<String, String> environment() {
        return new HashMap<>(Map.of(
                "MAKISTRY_API_KEY",
                API_KEY,
                "MAKISTRY_SIGNING_SECRETS",
                "whsec_hidden",
                "MAKISTRY_BASE_URL",
                "http://127.0.0.1:1/v1",
                "CADFLOW_WEBHOOK_LISTEN",
                "127.0.0.1:0",
                "CADFLOW_OPERATIONS_LISTEN",
                "127.0.0.1:0",
                "CADFLOW_ARCHIVE",
                folder.toString(),
                "TEMPORAL_ADDRESS",
                temporal.target(),
                "TEMPORAL_CONFIG_FILE",
                folder.resolve("none.toml").toString()));
    }

    @Test
    void aWorkerSaysInOneLineThatItPollsAndEndsWith0OnSigterm() throws Exception {
        try (WorkerProcess worker = WorkerProcess.spawn(folder, environment())) {
            assertThat(worker.firstWord())
                    .startsWith("worker: polls task queue \"cadflow\" of namespace \"default\" at " + temporal.target())
                    .contains("webhooks at http://127.0.0.1:", "operations at http://127.0.0.1:")
                    .doesNotContain(API_KEY, "whsec_hidden");
            worker.terminate();
            assertThat(worker.exitCode()).isZero();
            assertThat(worker.restOfOutput())
                    .noneMatch(text -> text.contains(API_KEY) || text.contains("whsec_hidden"));
        }
    }

    @Test
    void aWorkerWithWrongSettingsNamesThemAllAndEndsWith2() throws Exception {
        Map<String, String> wrong = Map.of("CADFLOW_QUOTA_PER_HOUR", "many", "CADFLOW_ARCIVE", "x");
        try (WorkerProcess worker = WorkerProcess.spawn(folder, wrong)) {
            assertThat(worker.restOfOutput())
                    .containsExactly(
                            "worker: The configuration has 3 problems:",
                            "  CADFLOW_ARCIVE: expected a setting that cadflow knows; the nearest is CADFLOW_ARCHIVE",
                            "  MAKISTRY_API_KEY: expected the API key, mk_pub_ and 32 hex digits, or its file in"
                                    + " MAKISTRY_API_KEY_FILE, found neither",
                            "  CADFLOW_QUOTA_PER_HOUR: expected a whole number from 1 to 1000000, found \"many\"");
            assertThat(worker.exitCode()).isEqualTo(2);
        }
    }

    @Test
    void anAddressThatIsTakenIsNamedAndEndsWith1() throws Exception {
        int taken = Integer.parseInt(temporal.target().substring("127.0.0.1:".length()));
        Map<String, String> environment = environment();
        environment.put("CADFLOW_OPERATIONS_LISTEN", "127.0.0.1:" + taken);
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        assertThat(WorkerMain.run(environment, new PrintStream(err, true, UTF_8)))
                .isEqualTo(1);
        assertThat(err.toString(UTF_8)).startsWith("worker: operations: cannot listen at 127.0.0.1:" + taken);
    }

    @Test
    void aConfigurationFileWithoutProfilesIsNamedAndEndsWith1() throws Exception {
        Path empty = Files.writeString(folder.resolve("temporal.toml"), "");
        Map<String, String> environment = environment();
        environment.put("TEMPORAL_CONFIG_FILE", empty.toString());
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        assertThat(WorkerMain.run(environment, new PrintStream(err, true, UTF_8)))
                .isEqualTo(1);
        assertThat(err.toString(UTF_8).strip())
                .isEqualTo("worker: TEMPORAL_CONFIG_FILE " + empty
                        + ": expected a profile, such as [profile.default], found none");
    }
}
