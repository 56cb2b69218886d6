package dev.cadflow.starter;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class WorkerSettingsTest {
    @TempDir
    private Path folder = Path.of("");

    private Map<String, String> settings(Map<String, String> more) {
        Map<String, String> environment = new HashMap<>(CommandRun.bareEnvironment(folder));
        environment.putAll(more);
        return WorkerSettings.of(environment, null, List.of(), "my-queue");
    }

    @Test
    void aCommandsWorkerTakesFreePortsAndAQueueOfItsOwn() {
        assertThat(settings(Map.of()))
                .containsEntry("CADFLOW_TASK_QUEUE", "my-queue")
                .containsEntry("CADFLOW_OPERATIONS_LISTEN", "127.0.0.1:0")
                .containsEntry("CADFLOW_WEBHOOK_LISTEN", "127.0.0.1:0");
    }

    @Test
    void whatTheUserSetIsKept() {
        assertThat(settings(Map.of("CADFLOW_WEBHOOK_LISTEN", "127.0.0.1:9000", "CADFLOW_SHUTDOWN_GRACE", "1m")))
                .containsEntry("CADFLOW_WEBHOOK_LISTEN", "127.0.0.1:9000")
                .containsEntry("CADFLOW_SHUTDOWN_GRACE", "1m");
    }

    @Test
    void aCallbackUrlReachesTheUsualPortWhereThisIsTheOnlyWorker() {
        Map<String, String> callback = Map.of("CADFLOW_CALLBACK_URL", "https://hooks.example/makistry");

        assertThat(settings(callback)).doesNotContainKey("CADFLOW_WEBHOOK_LISTEN");
    }

    @Test
    void atAServerWithOtherWorkersTheUsualPortIsLeftToThem() {
        Map<String, String> callback = Map.of(
                "CADFLOW_CALLBACK_URL", "https://hooks.example/makistry", "TEMPORAL_ADDRESS", "temporal.example:7233");

        assertThat(settings(callback)).containsEntry("CADFLOW_WEBHOOK_LISTEN", "127.0.0.1:0");
    }

    @Test
    void imagesNamedInTheCommandMayBeReadBesidesThoseAllowedAnyway() {
        Map<String, String> environment = Map.of("CADFLOW_IMAGES", "s3://drawings/");

        List<String> images = List.of("file:///a.png", "https://images.example/b.png?signature=s3cr3t");
        assertThat(WorkerSettings.of(environment, null, images, "my-queue"))
                .containsEntry("CADFLOW_IMAGES", "s3://drawings/,file:///a.png,https://images.example/b.png");
    }

    @Test
    void anyWordOfMakistryMeansNoSandbox() {
        assertThat(WorkerSettings.nameMakistry(Map.of("MAKISTRY_API_KEY", " "))).isFalse();
        assertThat(WorkerSettings.nameMakistry(Map.of("MAKISTRY_API_KEY_FILE", "/run/key")))
                .isTrue();
        assertThat(WorkerSettings.nameMakistry(Map.of("MAKISTRY_BASE_URL", "http://127.0.0.1:1/v1")))
                .isTrue();
        assertThat(WorkerSettings.nameMakistry(Map.of("CADFLOW_CONFIG", "/etc/cadflow")))
                .isTrue();
    }

    @Test
    void aServerIsNamedByAddressOrProfile() throws Exception {
        Path file = folder.resolve("with-profile.toml");
        Files.writeString(file, "[profile.default]\naddress = \"temporal.example:7233\"\n");
        Map<String, String> bare = CommandRun.bareEnvironment(folder);

        assertThat(ConfiguredTemporal.isNamed(bare)).isFalse();
        assertThat(ConfiguredTemporal.isNamed(Map.of("TEMPORAL_ADDRESS", "temporal.example:7233")))
                .isTrue();
        assertThat(ConfiguredTemporal.isNamed(Map.of("TEMPORAL_CONFIG_FILE", file.toString())))
                .isTrue();
    }
}
