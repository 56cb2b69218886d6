package dev.cadflow.workflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cadflow.workflow.internal.GenerateCadBatchWorkflowImpl;
import dev.cadflow.workflow.internal.GenerateCadWorkflowImpl;
import dev.cadflow.workflow.internal.PinnedGenerateCadBatchWorkflowImpl;
import dev.cadflow.workflow.internal.PinnedGenerateCadWorkflowImpl;
import io.temporal.testing.WorkflowReplayer;
import java.io.IOException;
import java.lang.module.ModuleDescriptor.Version;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class ReplayTest {
    @ParameterizedTest
    @MethodSource("histories")
    void aHistoryThatAReleaseRecordedReplays(Path history) throws Exception {
        WorkflowReplayer.replayWorkflowExecution(
                Files.readString(history), GenerateCadWorkflowImpl.class, GenerateCadBatchWorkflowImpl.class);
    }

    @ParameterizedTest
    @MethodSource("histories")
    void andOnAWorkerThatTakesPartInVersioning(Path history) throws Exception {
        WorkflowReplayer.replayWorkflowExecution(
                Files.readString(history),
                PinnedGenerateCadWorkflowImpl.class,
                PinnedGenerateCadBatchWorkflowImpl.class);
    }

    @Test
    void theNewestReleaseRecordedEveryStory() throws Exception {
        List<String> stories = Stream.concat(
                        Arrays.stream(Story.values()).map(Story::fileName),
                        Arrays.stream(BatchStory.values()).flatMap(story -> story.fileNames().stream()))
                .toList();

        assertThat(newestRelease().toFile().list()).containsAll(stories);
    }

    @Test
    void aHistoryOfAnotherOrderDoesNotReplay() throws Exception {
        Path webhook = histories()
                .filter(file -> file.endsWith(Story.WEBHOOK.fileName()))
                .findFirst()
                .orElseThrow();
        String anotherActivity = Files.readString(webhook).replace("SubmitCadJob", "PollCadJob");

        assertThatThrownBy(
                        () -> WorkflowReplayer.replayWorkflowExecution(anotherActivity, GenerateCadWorkflowImpl.class))
                .hasStackTraceContaining("TMPRL1100");
    }

    static Stream<Path> histories() throws IOException, URISyntaxException {
        try (Stream<Path> files = Files.walk(root())) {
            return files.filter(file -> file.toString().endsWith(".json")).toList().stream();
        }
    }

    private static Path newestRelease() throws IOException, URISyntaxException {
        try (Stream<Path> releases = Files.list(root())) {
            return releases.max(Comparator.comparing(
                            release -> Version.parse(release.getFileName().toString())))
                    .orElseThrow();
        }
    }

    private static Path root() throws URISyntaxException {
        return Path.of(Objects.requireNonNull(ReplayTest.class.getResource("/histories"))
                .toURI());
    }
}
