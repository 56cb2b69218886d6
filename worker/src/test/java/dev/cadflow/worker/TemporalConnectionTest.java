package dev.cadflow.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.uber.m3.tally.NoopScope;
import dev.cadflow.worker.testing.InMemoryTemporal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TemporalConnectionTest {
    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    Path folder;

    private static TemporalConnection open(Map<String, String> variables) throws WorkerStartException {
        return TemporalConnection.open(new TemporalSettings(variables), new NoopScope(), UnaryOperator.identity());
    }

    private String toml(String content) throws Exception {
        return Files.writeString(folder.resolve("temporal.toml"), content).toString();
    }

    @Test
    void aProfileOfTheFileSaysWhereAndTheEnvironmentWins() throws Exception {
        try (InMemoryTemporal temporal = new InMemoryTemporal()) {
            String file = toml("[profile.plant]\naddress = \"" + temporal.target() + "\"\nnamespace = \"from-file\"\n");
            Map<String, String> variables = Map.of(
                    "TEMPORAL_CONFIG_FILE",
                    file,
                    "TEMPORAL_PROFILE",
                    "plant",
                    "TEMPORAL_NAMESPACE",
                    "from-environment");
            try (TemporalConnection connection = open(variables)) {
                assertThat(connection.client().getOptions().getNamespace()).isEqualTo("from-environment");
                assertThat(connection
                                .client()
                                .getWorkflowServiceStubs()
                                .getOptions()
                                .getTarget())
                        .isEqualTo(temporal.target());
            }
        }
    }

    @Test
    void anApiKeyWithoutTlsIsSentWithoutTlsWhereThatIsAskedFor() throws Exception {
        try (InMemoryTemporal temporal = new InMemoryTemporal()) {
            Map<String, String> variables = Map.of(
                    "TEMPORAL_CONFIG_FILE",
                    folder.resolve("none").toString(),
                    "TEMPORAL_ADDRESS",
                    temporal.target(),
                    "TEMPORAL_API_KEY",
                    "local",
                    "TEMPORAL_TLS",
                    "false");
            try (TemporalConnection connection = open(variables)) {
                assertThat(connection.client().getOptions().getNamespace()).isEqualTo("default");
            }
        }
    }

    @Test
    void aProfileThatIsNotThereIsNamed() throws Exception {
        String file = toml("[profile.default]\nnamespace = \"default\"\n");
        assertThatExceptionOfType(WorkerStartException.class)
                .isThrownBy(() -> open(Map.of("TEMPORAL_CONFIG_FILE", file, "TEMPORAL_PROFILE", "plant")))
                .withMessageContaining(file)
                .withMessageContaining("plant");
    }

    @Test
    void aFileThatIsNoTomlIsNamedAndNotShown() throws Exception {
        String file = toml("[profile.default\napi_key = \"do-not-show\"");
        assertThatExceptionOfType(WorkerStartException.class)
                .isThrownBy(() -> open(Map.of("TEMPORAL_CONFIG_FILE", file)))
                .withMessage("TEMPORAL_CONFIG_FILE " + file + ": expected a readable TOML file, found one that is not")
                .withNoCause();
    }

    @Test
    void aCertificateThatCannotBeReadIsNamed() {
        assertThatExceptionOfType(WorkerStartException.class)
                .isThrownBy(() -> open(Map.of(
                        "TEMPORAL_CONFIG_FILE",
                        folder.resolve("none").toString(),
                        "TEMPORAL_TLS_SERVER_CA_CERT_PATH",
                        "/nowhere/ca.pem")))
                .withMessageContaining("/nowhere/ca.pem");
    }
}
