package dev.cadflow.worker;

import static dev.cadflow.worker.Settings.API_KEY;
import static dev.cadflow.worker.Settings.SECRET;
import static dev.cadflow.worker.Settings.environment;
import static dev.cadflow.worker.Settings.problemsOf;
import static dev.cadflow.worker.Settings.problemsWith;
import static dev.cadflow.worker.Settings.with;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where settings come from: the environment, a file beneath it, and files of single secrets. */
final class SettingsSourceTest {
    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    Path folder;

    private String file(String name, String content) throws IOException {
        return Files.writeString(folder.resolve(name), content).toString();
    }

    @Test
    void anEmptyValueCountsAsNotSet() {
        assertThat(with("CADFLOW_CALLBACK_URL", "", "CADFLOW_TASK_QUEUE", "  ").taskQueue())
                .isEqualTo("cadflow");
    }

    @Test
    void secretsMayStandInFiles() throws IOException {
        Map<String, String> environment = environment(
                "MAKISTRY_API_KEY_FILE", file("key", API_KEY + "\n"),
                "MAKISTRY_SIGNING_SECRETS_FILE", file("secrets", "new\nold\n"));
        environment.remove("MAKISTRY_API_KEY");
        WorkerConfig config = WorkerConfig.from(environment);
        assertThat(config.apiKey().reveal()).isEqualTo(API_KEY);
        assertThat(config.signingSecrets()).extracting(Secret::reveal).containsExactly("new", "old");
    }

    @Test
    void aSecretMayNotStandInBothPlaces() throws IOException {
        assertThat(problemsWith("MAKISTRY_API_KEY_FILE", file("key", "mk_pub_other")))
                .containsExactly("MAKISTRY_API_KEY: expected it or MAKISTRY_API_KEY_FILE, found both");
    }

    @Test
    void aSecretsFileThatIsMissingEmptyOrAFolderIsNamed() throws IOException {
        Map<String, String> environment = environment();
        environment.remove("MAKISTRY_API_KEY");
        for (String path : List.of(folder.resolve("missing").toString(), file("empty", "\n"), folder.toString())) {
            environment.put("MAKISTRY_API_KEY_FILE", path);
            assertThat(problemsOf(environment))
                    .singleElement()
                    .asString()
                    .startsWith("MAKISTRY_API_KEY_FILE: expected a ")
                    .contains(path);
        }
    }

    @Test
    void aFileIsReadBeneathTheEnvironmentWhichWins() throws IOException {
        String config = file("cadflow.conf", """
                # where parts go
                CADFLOW_ARCHIVE = s3://parts/released
                CADFLOW_TASK_QUEUE=from-file

                MAKISTRY_SIGNING_SECRETS=base64==,other
                TEMPORAL_ADDRESS=temporal.example:7233
                """);
        WorkerConfig read = with("CADFLOW_CONFIG", config, "CADFLOW_TASK_QUEUE", "from-environment");
        assertThat(read.archive()).isEqualTo(URI.create("s3://parts/released"));
        assertThat(read.taskQueue()).isEqualTo("from-environment");
        assertThat(read.signingSecrets()).extracting(Secret::reveal).containsExactly("base64==", "other");
        assertThat(read.temporal().variables()).containsEntry("TEMPORAL_ADDRESS", "temporal.example:7233");
    }

    @Test
    void aLineOfTheFileThatIsWrongIsNamedByItsNumberAndNotShown() throws IOException {
        String config = file(
                "cadflow.conf",
                "CADFLOW_TASK_QUEUE=a\n" + SECRET + "\nCADFLOW_TASK_QUEUE=b\nTASK_QUEUE=c\nCADFLOW_TASK_QEUE=d\n");
        assertThat(problemsWith("CADFLOW_CONFIG", config))
                .containsExactlyInAnyOrder(
                        config + " line 2: expected NAME=VALUE or a comment that begins with #, found neither",
                        config + " line 3: CADFLOW_TASK_QUEUE: expected it once, found it again",
                        config + " line 4: TASK_QUEUE: expected a setting that cadflow knows; the nearest is"
                                + " CADFLOW_TASK_QUEUE",
                        "CADFLOW_TASK_QEUE: expected a setting that cadflow knows; the nearest is CADFLOW_TASK_QUEUE");
    }

    @Test
    void aFileThatIsNotThereIsNamed() {
        assertThat(problemsWith("CADFLOW_CONFIG", "/nowhere/cadflow.conf"))
                .containsExactly("CADFLOW_CONFIG: expected a readable file of NAME=VALUE lines, found"
                        + " \"/nowhere/cadflow.conf\": there is no such file");
    }
}
