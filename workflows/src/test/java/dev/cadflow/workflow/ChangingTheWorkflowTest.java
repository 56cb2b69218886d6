package dev.cadflow.workflow;

import static dev.cadflow.workflow.ScriptedActivities.JOB;
import static dev.cadflow.workflow.ScriptedActivities.succeeded;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cadflow.workflow.internal.GenerateCadWorkflowImpl;
import dev.cadflow.workflow.testing.RealTemporal;
import io.temporal.activity.ActivityInterface;
import io.temporal.activity.ActivityOptions;
import io.temporal.api.enums.v1.EventType;
import io.temporal.client.WorkflowStub;
import io.temporal.testing.WorkflowReplayer;
import io.temporal.worker.WorkerOptions;
import io.temporal.workflow.Workflow;
import io.temporal.workflow.WorkflowInit;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The change that docs/changing-the-workflow.md makes, against a history that was recorded before it. */
@ExtendWith(RealTemporal.class)
final class ChangingTheWorkflowTest {
    @Test
    void aHistoryOfBeforeTheChangeDoesNotReplayWhereTheChangeIsBare() throws Exception {
        String history = recorded();

        assertThatThrownBy(() -> WorkflowReplayer.replayWorkflowExecution(history, AnnouncesUnguarded.class))
                .hasStackTraceContaining("NonDeterministic");
    }

    @Test
    void aHistoryOfBeforeTheChangeReplaysWhereTheChangeAsksForItsVersion() throws Exception {
        String history = recorded();

        assertThatCode(() -> WorkflowReplayer.replayWorkflowExecution(history, Announces.class))
                .doesNotThrowAnyException();
    }

    @Test
    void aWorkflowThatStartsAfterTheChangeHasItAndReplays(RealTemporal.Server server) throws Exception {
        List<String> announced = new CopyOnWriteArrayList<>();
        try (RealBed bed = new RealBed(server)) {
            bed.startWorker(WorkerOptions.getDefaultInstance(), worker -> {
                worker.registerWorkflowImplementationTypes(Announces.class);
                worker.registerActivitiesImplementations(
                        bed.activities, (FileAnnouncements) file -> announced.add(file.jobId()));
            });
            WorkflowStub workflow = bed.startWaiting();
            workflow.signal("jobFinished", succeeded(JOB));
            workflow.getResult(CadResult.class);

            assertThat(announced).containsExactly(JOB);
            assertThat(bed.has(workflow, EventType.EVENT_TYPE_MARKER_RECORDED)).isTrue();
            WorkflowReplayer.replayWorkflowExecution(
                    bed.client.fetchHistory(workflow.getExecution().getWorkflowId()), Announces.class);
        }
    }

    private static String recorded() throws Exception {
        return Files.readString(Path.of(
                Objects.requireNonNull(ChangingTheWorkflowTest.class.getResource("/histories/0.1.0/webhook.json"))
                        .toURI()));
    }

    /** Tells the shop that a file has come. */
    @ActivityInterface
    public interface FileAnnouncements {
        void announce(CadResult file);
    }

    /** The change as it must not be made. */
    public static final class AnnouncesUnguarded extends GenerateCadWorkflowImpl {
        @WorkflowInit
        public AnnouncesUnguarded(@Nullable JsonNode request) {
            super(request);
        }

        // snippet: bare
        @Override
        public CadResult generate(@Nullable JsonNode json) {
            CadResult result = super.generate(json);
            announcements().announce(result);
            return result;
        }
        // end snippet
    }

    /** The change as it is safe. */
    public static final class Announces extends GenerateCadWorkflowImpl {
        @WorkflowInit
        public Announces(@Nullable JsonNode request) {
            super(request);
        }

        // snippet: guarded
        @Override
        public CadResult generate(@Nullable JsonNode json) {
            CadResult result = super.generate(json);
            if (Workflow.getVersion("announce-file", Workflow.DEFAULT_VERSION, 1) >= 1) {
                announcements().announce(result);
            }
            return result;
        }
        // end snippet
    }

    private static FileAnnouncements announcements() {
        return Workflow.newActivityStub(
                FileAnnouncements.class,
                ActivityOptions.newBuilder()
                        .setStartToCloseTimeout(Duration.ofMinutes(1))
                        .build());
    }
}
