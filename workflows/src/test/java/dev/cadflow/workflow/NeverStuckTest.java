package dev.cadflow.workflow;

import static dev.cadflow.workflow.ScriptedActivities.JOB;
import static dev.cadflow.workflow.ScriptedActivities.succeeded;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.protobuf.ByteString;
import dev.cadflow.activity.PollResult;
import dev.cadflow.activity.WaitPlan;
import dev.cadflow.workflow.internal.GenerateCadWorkflowImpl;
import dev.cadflow.workflow.testing.Eventually;
import dev.cadflow.workflow.testing.RealTemporal;
import io.temporal.api.common.v1.Payload;
import io.temporal.api.enums.v1.EventType;
import io.temporal.api.enums.v1.WorkflowExecutionStatus;
import io.temporal.api.enums.v1.WorkflowTaskFailedCause;
import io.temporal.api.history.v1.WorkflowTaskFailedEventAttributes;
import io.temporal.client.WorkflowFailedException;
import io.temporal.client.WorkflowStub;
import io.temporal.common.converter.RawValue;
import io.temporal.payload.codec.PayloadCodec;
import io.temporal.payload.codec.PayloadCodecException;
import io.temporal.worker.WorkerFactory;
import io.temporal.worker.WorkerOptions;
import io.temporal.workflow.Workflow;
import io.temporal.workflow.WorkflowInit;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(RealTemporal.class)
final class NeverStuckTest {
    private static final CadBatchRequest ONE_PART = CadBatchRequest.of(List.of(CadRequest.of("A box")));

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
    @CsvSource({"json/plain, 'no { JSON'", "binary/plain, 'A box'", "binary/encrypted, 'A box'", "'', 'A box'"})
    void inputThatIsNoJsonFailsABatchTypedAtItsFirstTask(String encoding, String data) {
        bed.startWorker();
        WorkflowStub batch = bed.startOf(Cadflow.BATCH_WORKFLOW_TYPE, payload(encoding, data));

        assertThat(failureOf(batch).type()).isEqualTo(FailureType.INVALID_INPUT);
        assertThat(failureOf(batch).details().nextStep()).contains("JSON");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "no { JSON",
                "\"page 7\"",
                "[]",
                "{\"pages\": \"many\"}",
                "{}",
                "{\"pages\": 1, \"parts\": [], \"failures\": []}"
            })
    void aSecondInputThatNoRunOfABatchHandsOnFailsItTyped(String earlier) {
        bed.startWorker();
        WorkflowStub batch = bed.startOf(Cadflow.BATCH_WORKFLOW_TYPE, ONE_PART, payload("json/plain", earlier));

        assertThat(failureOf(batch).type()).isEqualTo(FailureType.INVALID_INPUT);
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
    void dozensOfWorkflowsThatCannotBeReplayedHoldUpNoOthers() {
        WorkerFactory right = bed.startWorker();
        List<WorkflowStub> poison = startMany();
        Eventually.until(() -> poison.stream().allMatch(bed::waits));
        right.shutdownNow();
        startWorkerOfAnotherOrder();
        poison.forEach(workflow -> workflow.signal("jobFinished", succeeded(JOB)));
        Eventually.until(() -> poison.stream().allMatch(this::failedItsTaskAndTriesAgain));

        List<WorkflowStub> others = startMany();
        others.forEach(other -> other.signal("jobFinished", succeeded(JOB)));

        assertThat(others)
                .allSatisfy(other ->
                        assertThat(other.getResult(CadResult.class).jobId()).isEqualTo(JOB));
        assertThat(poison)
                .allSatisfy(workflow -> assertThat(workflow.describe().getStatus())
                        .isEqualTo(WorkflowExecutionStatus.WORKFLOW_EXECUTION_STATUS_RUNNING));
    }

    @Test
    void aBatchWaitsForAWorkerThatCanReadWhatAPartCameTo() {
        bed.activities
                .waitingBy(new WaitPlan(
                        false,
                        Duration.ofMillis(1),
                        Duration.ofSeconds(1),
                        Duration.ZERO,
                        Duration.ofSeconds(1),
                        Duration.ofMinutes(10)))
                .whenPolled(number -> new PollResult("success", succeeded(JOB), 1));
        SealedResults results = new SealedResults();
        bed.startWorker(results);
        WorkflowStub batch = bed.startOf(Cadflow.BATCH_WORKFLOW_TYPE, ONE_PART);
        Eventually.until(() -> bed.has(batch, EventType.EVENT_TYPE_WORKFLOW_TASK_FAILED));

        assertThat(taskFailure(batch).getFailure().getMessage()).contains("Part 1");
        assertThat(taskFailure(batch).getFailure().getCause().getMessage()).isEqualTo(SealedResults.REASON);

        results.open();
        assertThat(batch.getResult(CadBatchResult.class).counts()).isEqualTo(new CadBatchCounts(1, 1, 0, 0, 0, 0));
        assertThat(bed.activities.submits).hasSize(1);
    }

    @Test
    void aSignalToABatchWhichKnowsNoneChangesNothing() {
        WorkflowStub batch = bed.startOf(Cadflow.BATCH_WORKFLOW_TYPE, CadBatchRequest.of(List.of(CadRequest.of(" "))));
        batch.signal("jobFinished", succeeded(JOB));
        batch.signal("jobFinished", payload("binary/plain", "success"));
        bed.startWorker();

        assertThat(batch.getResult(CadBatchResult.class).counts()).isEqualTo(new CadBatchCounts(1, 0, 1, 0, 0, 0));
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

    private static CadFailure failureOf(WorkflowStub workflow) {
        return CadFailure.from(
                        catchThrowableOfType(WorkflowFailedException.class, () -> workflow.getResult(JsonNode.class)))
                .orElseThrow();
    }

    private List<WorkflowStub> startMany() {
        return IntStream.range(0, 40)
                .mapToObj(number -> bed.start(CadRequest.of("Box " + number)))
                .toList();
    }

    private boolean failedItsTaskAndTriesAgain(WorkflowStub workflow) {
        return bed.has(workflow, EventType.EVENT_TYPE_WORKFLOW_TASK_FAILED)
                && workflow.describe()
                                .getRawDescription()
                                .getPendingWorkflowTask()
                                .getAttempt()
                        > 1;
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

    /** Lets nobody read the result of a part until it is opened, as a codec does that lacks a key. */
    private static final class SealedResults implements PayloadCodec {
        static final String REASON = "a result: expected the key to it, found none";

        private volatile boolean opened;

        void open() {
            opened = true;
        }

        @Override
        public List<Payload> encode(List<Payload> payloads) {
            return payloads;
        }

        @Override
        public List<Payload> decode(List<Payload> payloads) {
            if (!opened && payloads.stream().anyMatch(SealedResults::isResult)) {
                throw new PayloadCodecException(REASON);
            }
            return payloads;
        }

        private static boolean isResult(Payload payload) {
            String json = payload.getData().toStringUtf8();
            return json.contains("\"delivered_by\"") && json.contains("\"manifest_uri\"");
        }
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
