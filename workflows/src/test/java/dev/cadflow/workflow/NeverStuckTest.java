package dev.cadflow.workflow;

import static dev.cadflow.workflow.ScriptedActivities.JOB;
import static dev.cadflow.workflow.ScriptedActivities.succeeded;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.protobuf.ByteString;
import dev.cadflow.workflow.internal.GenerateCadWorkflowImpl;
import dev.cadflow.workflow.testing.Eventually;
import dev.cadflow.workflow.testing.RealTemporal;
import io.temporal.api.common.v1.Payload;
import io.temporal.api.enums.v1.EventType;
import io.temporal.api.enums.v1.WorkflowTaskFailedCause;
import io.temporal.api.history.v1.WorkflowTaskFailedEventAttributes;
import io.temporal.client.WorkflowFailedException;
import io.temporal.client.WorkflowStub;
import io.temporal.common.converter.RawValue;
import io.temporal.worker.WorkerFactory;
import io.temporal.worker.WorkerOptions;
import io.temporal.workflow.Workflow;
import io.temporal.workflow.WorkflowInit;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(RealTemporal.class)
final class NeverStuckTest {
    private final RealBed bed;

    NeverStuckTest(RealTemporal.Server server) {
        this.bed = new RealBed(server);
    }

    @AfterEach
    void stop() {
        bed.close();
    }

    @ParameterizedTest
    @CsvSource({"json/plain, 'no { JSON'", "binary/plain, 'A box'", "binary/encrypted, 'A box'", "'', 'A box'"})
    void inputThatIsNoJsonFailsTheWorkflowTypedAtItsFirstTask(String encoding, String data) {
        bed.startWorker();
        WorkflowStub workflow = bed.start(payload(encoding, data));

        WorkflowFailedException failed =
                catchThrowableOfType(WorkflowFailedException.class, () -> workflow.getResult(CadResult.class));

        assertThat(CadFailure.from(failed)).hasValueSatisfying(failure -> {
            assertThat(failure.type()).isEqualTo(FailureType.INVALID_INPUT);
            assertThat(failure.message()).isNotBlank();
            assertThat(failure.details().nextStep()).contains("JSON");
        });
        assertThat(bed.activities.submits).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {900, 2000, 20_000})
    void metadataOfAnyDepthFailsTheWorkflowTyped(int levels) {
        bed.startWorker();
        String metadata = "{\"a\":".repeat(levels) + "1" + "}".repeat(levels);
        WorkflowStub workflow =
                bed.start(payload("json/plain", "{\"prompt\": \"A box\", \"metadata\": " + metadata + "}"));

        WorkflowFailedException failed =
                catchThrowableOfType(WorkflowFailedException.class, () -> workflow.getResult(CadResult.class));

        assertThat(CadFailure.from(failed)).hasValueSatisfying(failure -> {
            assertThat(failure.type()).isEqualTo(FailureType.INVALID_INPUT);
            assertThat(failure.message()).isNotBlank().hasSizeLessThan(1000);
        });
        assertThat(bed.activities.submits).isEmpty();
    }

    @Test
    void aHistoryThatCannotBeReplayedWaitsWithItsReasonForTheBuildThatCan() {
        WorkerFactory right = bed.startWorker();
        WorkflowStub workflow = bed.startWaiting();
        right.shutdownNow();
        WorkerFactory wrong = startWorkerOfAnotherOrder();
        workflow.signal("jobFinished", succeeded(JOB));
        Eventually.until(() -> bed.has(workflow, EventType.EVENT_TYPE_WORKFLOW_TASK_FAILED));

        assertThat(taskFailure(workflow).getCause())
                .isEqualTo(WorkflowTaskFailedCause.WORKFLOW_TASK_FAILED_CAUSE_NON_DETERMINISTIC_ERROR);
        assertThat(taskFailure(workflow).getFailure().getMessage()).contains("TMPRL1100");

        wrong.shutdownNow();
        bed.startWorker();
        assertThat(workflow.getResult(CadResult.class).jobId()).isEqualTo(JOB);
        assertThat(bed.activities.submits).hasSize(1);
    }

    @Test
    void workflowsThatCannotBeReplayedHoldUpNoOthers() {
        WorkerFactory right = bed.startWorker();
        WorkflowStub poison = bed.startWaiting();
        right.shutdownNow();
        startWorkerOfAnotherOrder();
        poison.signal("jobFinished", succeeded(JOB));
        Eventually.until(() -> bed.has(poison, EventType.EVENT_TYPE_WORKFLOW_TASK_FAILED));

        for (int i = 0; i < 5; i++) {
            WorkflowStub other = bed.start(CadRequest.of("A box"));
            other.signal("jobFinished", succeeded(JOB));
            assertThat(other.getResult(CadResult.class).jobId()).isEqualTo(JOB);
        }
    }

    @Test
    void aSignalOfAnUnknownNameChangesNothing() {
        bed.startWorker();
        WorkflowStub workflow = bed.startWaiting();
        workflow.signal("jobFinishd", succeeded(JOB));
        workflow.signal("jobFinished", succeeded(JOB));

        assertThat(workflow.getResult(CadResult.class).deliveredBy()).isEqualTo(DeliveredBy.WEBHOOK);
    }

    @Test
    void aSignalThatIsNoJsonIsDroppedAndTheWaitGoesOn() {
        bed.startWorker();
        WorkflowStub workflow = bed.startWaiting();
        workflow.signal("jobFinished", payload("binary/plain", "success"));
        workflow.signal("jobFinished", succeeded(JOB));

        assertThat(workflow.getResult(CadResult.class).jobId()).isEqualTo(JOB);
    }

    @Test
    void aQueryOfAnUnknownNameIsAnsweredWithTheKnownOnes() {
        bed.startWorker();
        WorkflowStub workflow = bed.startWaiting();

        assertThatThrownBy(() -> workflow.query("progres", CadProgress.class))
                .hasStackTraceContaining("progres")
                .hasStackTraceContaining("progress");
        assertThat(workflow.query("progress", CadProgress.class).stage()).isEqualTo(CadProgress.Stage.WAITING);
    }

    private static RawValue payload(String encoding, String data) {
        Payload.Builder payload = Payload.newBuilder().setData(ByteString.copyFromUtf8(data));
        if (!encoding.isEmpty()) {
            payload.putMetadata("encoding", ByteString.copyFromUtf8(encoding));
        }
        return new RawValue(payload.build());
    }

    private WorkerFactory startWorkerOfAnotherOrder() {
        return bed.startWorker(WorkerOptions.getDefaultInstance(), worker -> {
            worker.registerWorkflowImplementationTypes(RestsFirst.class);
            worker.registerActivitiesImplementations(bed.activities);
        });
    }

    private WorkflowTaskFailedEventAttributes taskFailure(WorkflowStub workflow) {
        return bed.history(workflow).stream()
                .filter(event -> event.getEventType() == EventType.EVENT_TYPE_WORKFLOW_TASK_FAILED)
                .findFirst()
                .orElseThrow()
                .getWorkflowTaskFailedEventAttributes();
    }

    /** A build whose author forgot that workflows are running. */
    public static final class RestsFirst extends GenerateCadWorkflowImpl {
        @WorkflowInit
        public RestsFirst(@Nullable JsonNode request) {
            super(request);
        }

        @Override
        public CadResult generate(@Nullable JsonNode json) {
            Workflow.sleep(Duration.ofMillis(1));
            return super.generate(json);
        }
    }
}
