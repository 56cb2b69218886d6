package dev.cadflow.starter;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class UsageTest {
    @TempDir
    private Path folder = Path.of("");

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "genrate box                  | unknown command genrate; did you mean generate?",
                "generate box --fromat STL    | unknown option --fromat; did you mean --format?",
                "generate box with hole       | expected one PROMPT, found \"with\" besides; put quotes around several words",
                "generate                     | expected a PROMPT, an --image or a --job-id, found none of them",
                "generate box --mode fast     | expected one of standard, pro, assembly, found 'fast'",
                "generate box --format png    | expected one of STEP, STL, GLB, 3MF, found 'png'",
                "generate box --deadline soon | such as 90s, 10m or PT1H30M, found 'soon'",
                "generate box --deadline 0s   | expected a duration longer than zero",
                "generate box --metadata key  | should be in KEY=VALUE format but was key",
                "attach                       | Missing required parameter: 'WORKFLOW_ID'",
                "sandbox --listen 8089        | expected HOST:PORT, such as 127.0.0.1:8089, found '8089'",
                "sandbox --listen h:70000     | expected HOST:PORT, such as 127.0.0.1:8089, found 'h:70000'",
                "sandbox --time-scale 0       | timeScale: expected above 0",
                "generate box --no-worker     | --no-worker: expected a Temporal server that lives on",
                "generate box --no-worker --archive a | --archive: expected it without --no-worker",
                "attach some-id               | attach: expected a Temporal server that lives on",
            })
    void wrongUsageIsSaidOnStandardErrorAndExitsWith2(String arguments, String said) {
        CommandRun run = CommandRun.of(CommandRun.bareEnvironment(folder), arguments.split(" "));

        assertThat(run.err()).contains(said);
        assertThat(run.out()).isEmpty();
        assertThat(run.exitCode()).isEqualTo(2);
    }

    @Test
    void aServerThatDoesNotAnswerIsNamed() {
        Map<String, String> environment = new HashMap<>(CommandRun.bareEnvironment(folder));
        environment.put("TEMPORAL_ADDRESS", "127.0.0.1:" + FreePorts.find(1).get(0));

        CommandRun run = CommandRun.of(environment, "attach", "some-id");

        assertThat(run.err()).contains(environment.get("TEMPORAL_ADDRESS"));
        assertThat(run.exitCode()).isEqualTo(2);
    }

    @Test
    void aTemporalCliThatCannotBeRunIsNamed() {
        Map<String, String> environment = new HashMap<>(CommandRun.bareEnvironment(folder));
        environment.put("TEMPORAL_CLI", folder.toString());

        CommandRun run = CommandRun.of(environment, "generate", "box");

        assertThat(run.err()).contains("TEMPORAL_CLI", folder.toString());
        assertThat(run.exitCode()).isEqualTo(2);
    }

    @Test
    void wrongConfigurationOfTheWorkerIsSaidBeforeAnythingIsPaidFor() {
        Map<String, String> environment = new HashMap<>(CommandRun.bareEnvironment(folder));
        environment.put("MAKISTRY_BASE_URL", "https://makistry.example/v1");

        CommandRun run = CommandRun.of(environment, "generate", "box");

        assertThat(run.err()).contains("MAKISTRY_API_KEY");
        assertThat(run.out()).isEmpty();
        assertThat(run.exitCode()).isEqualTo(2);
    }

    @Test
    void helpGoesToStandardOutputAndExitsWith0() {
        CommandRun run = CommandRun.of(Map.of(), "generate", "--help");

        assertThat(run.out()).contains("Usage: cadflow generate", "--job-id", "130");
        assertThat(run.err()).isEmpty();
        assertThat(run.exitCode()).isZero();
    }

    @Test
    void noCommandAtAllShowsWhatThereIs() {
        CommandRun run = CommandRun.of(Map.of());

        assertThat(run.err()).contains("generate", "attach", "worker", "sandbox");
        assertThat(run.exitCode()).isEqualTo(2);
    }
}
