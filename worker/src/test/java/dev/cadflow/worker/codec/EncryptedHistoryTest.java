package dev.cadflow.worker.codec;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.cadflow.sandbox.Fault;
import dev.cadflow.sandbox.FaultKind;
import dev.cadflow.sandbox.FaultTarget;
import dev.cadflow.sandbox.JobStatus;
import dev.cadflow.sandbox.SandboxJob;
import dev.cadflow.sandbox.SandboxOptions;
import dev.cadflow.sandbox.SandboxServer;
import dev.cadflow.worker.WorkerConfig;
import dev.cadflow.worker.WorkerRuntime;
import dev.cadflow.worker.testing.Eventually;
import dev.cadflow.worker.testing.RealTemporal;
import dev.cadflow.workflow.CadFailure;
import dev.cadflow.workflow.CadRequest;
import dev.cadflow.workflow.CadResult;
import dev.cadflow.workflow.Cadflow;
import dev.cadflow.workflow.DeliveredBy;
import dev.cadflow.workflow.FailureType;
import io.temporal.api.enums.v1.EventType;
import io.temporal.api.enums.v1.WorkflowExecutionStatus;
import io.temporal.api.history.v1.HistoryEvent;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowClientOptions;
import io.temporal.client.WorkflowFailedException;
import io.temporal.client.WorkflowOptions;
import io.temporal.client.WorkflowStub;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whole encrypted jobs on a real server, read with the Temporal CLI. */
final class EncryptedHistoryTest {
    private static final String PROMPT = "A 40x20x10mm box with a 5mm through-hole, for the unannounced Zephyr pump";
    private static final String TOKEN = "a-token-that-is-long-enough";
    private static final String OLD = "k1:" + key('k');
    private static final String NEW = "k2:" + key('n');
    private static final String ROTATED = NEW + "," + OLD;

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    private Path folder;

    private RealTemporal temporal;
    private SandboxServer sandbox;

    @BeforeEach
    void start() throws IOException {
        temporal = RealTemporal.start();
        sandbox = SandboxServer.start(SandboxOptions.builder().timeScale(0.01).build());
    }

    @AfterEach
    void stop() {
        sandbox.close();
        temporal.close();
    }

    @Test
    void theHistoryOfAnEncryptedJobShowsNothingButToTheCliWithTheEndpoint() throws Exception {
        try (WorkerRuntime worker = startWorker(OLD)) {
            CadResult result = startJob(worker.client(), "zephyr").getResult(CadResult.class);
            assertThat(result.deliveredBy()).isEqualTo(DeliveredBy.WEBHOOK);

            assertThat(bytes("zephyr"))
                    .doesNotContain("Zephyr", result.jobId(), result.file().sha256())
                    .contains("binary/encrypted");
            assertThat(history("zephyr")).hasSizeLessThanOrEqualTo(26);
            assertThat(history("zephyr"))
                    .last()
                    .extracting(HistoryEvent::getEventType)
                    .isEqualTo(EventType.EVENT_TYPE_WORKFLOW_EXECUTION_COMPLETED);

            assertThat(show("zephyr"))
                    // The id of the key in base64, as the CLI shows metadata.
                    .contains("WorkflowExecutionStarted", "encryption-key-id: azE=")
                    .doesNotContain("Zephyr");
            assertThat(show("zephyr", worker.codecUrl().orElseThrow())).contains("Zephyr", result.jobId());
        }
    }

    @Test
    void theHistoryOfAJobThatMakistryGivesUpTellsTheReasonToTheHoldersOfTheKeyAlone() throws Exception {
        String reason = "The Zephyr impeller has no manifold solid";
        sandbox.faults()
                .add(Fault.builder(FaultTarget.SUBMIT, FaultKind.JOB_FAILS)
                        .error("geometry_validation_failed", reason)
                        .build());
        try (WorkerRuntime worker = startWorker(OLD)) {
            CadFailure failure = failureOf(startJob(worker.client(), "given-up"));

            assertThat(failure.type()).isEqualTo(FailureType.GEOMETRY_VALIDATION_FAILED);
            assertThat(failure.message()).contains(reason);
            assertThat(failure.details().errorMessage()).isEqualTo(reason);
            assertFailedUnread("given-up");
            assertThat(show("given-up", worker.codecUrl().orElseThrow())).contains(PROMPT, reason);
        }
    }

    @Test
    void theHistoryOfASubmitThatMakistryRefusesTellsTheReasonToTheHoldersOfTheKeyAlone() throws Exception {
        String reason = "prompt: no Zephyr is to be made here";
        sandbox.faults()
                .add(Fault.builder(FaultTarget.SUBMIT, FaultKind.ANSWER)
                        .status(422)
                        .body(
                                "application/json",
                                "{\"error_code\": \"invalid_input\", \"message\": \"" + reason + "\"}")
                        .build());
        try (WorkerRuntime worker = startWorker(OLD)) {
            CadFailure failure = failureOf(startJob(worker.client(), "refused"));

            assertThat(failure.type()).isEqualTo(FailureType.INVALID_INPUT);
            assertThat(failure.message()).contains(reason);
            assertFailedUnread("refused");
            assertThat(show("refused", worker.codecUrl().orElseThrow())).contains(PROMPT, reason);
        }
    }

    /** Its key may yet come: a workflow that waits has lost nothing. */
    @Test
    void aStartUnderAKeyThatTheWorkerLacksWaitsForItAndHoldsUpNoOther() throws Exception {
        WorkflowStub early;
        try (WorkerRuntime worker = startWorker(OLD)) {
            early = startJob(client(ROTATED), "early");
            awaitTaskFailure("early");

            assertThat(show("early", worker.codecUrl().orElseThrow()))
                    .contains("expected one of [k1], found \"k2\"")
                    .doesNotContain("Zephyr");
            assertThat(show("early"))
                    .contains("UnknownKeyException")
                    .doesNotContain("expected one of", "AesGcmPayloadCodec.java");
            CadResult other = startJob(worker.client(), "other").getResult(CadResult.class);
            assertThat(sandbox.jobs()).extracting(SandboxJob::jobId).containsExactly(other.jobId());
            assertThat(early.describe().getStatus())
                    .isEqualTo(WorkflowExecutionStatus.WORKFLOW_EXECUTION_STATUS_RUNNING);
        }
        try (WorkerRuntime worker = startWorker(OLD + "," + NEW)) {
            CadResult result = early.getResult(CadResult.class);
            assertThat(Path.of(result.file().uri())).isRegularFile();
            assertThat(sandbox.counts().submitsCharged()).isEqualTo(2);
        }
    }

    @Test
    void aSignalUnderAKeyThatTheWorkerLacksIsKeptForTheWorkerThatHasIt() throws Exception {
        sandbox.faults().add(Fault.of(FaultTarget.WEBHOOK, FaultKind.WEBHOOK_DROPPED));
        WorkflowStub waiting;
        try (WorkerRuntime worker = startWorker(OLD)) {
            waiting = startJob(worker.client(), "waiting");
            signalFinished("waiting");
            awaitTaskFailure("waiting");

            assertThat(show("waiting", worker.codecUrl().orElseThrow())).contains("expected one of [k1], found \"k2\"");
        }
        try (WorkerRuntime worker = startWorker(OLD + "," + NEW)) {
            CadResult result = waiting.getResult(CadResult.class);
            assertThat(result.deliveredBy()).isEqualTo(DeliveredBy.WEBHOOK);
            assertThat(Path.of(result.file().uri())).isRegularFile();
            assertThat(sandbox.counts().submitsCharged()).isEqualTo(1);
        }
    }

    @Test
    void aFleetThatBeginsToEncryptLosesNothingToAWorkerThatHasNoKeyYet() throws Exception {
        WorkflowStub early;
        try (WorkerRuntime plain = startWorker(Map.of())) {
            early = startJob(client(OLD), "early");
            awaitTaskFailure("early");

            assertThat(show("early")).contains("expected none, found \"k1\"").doesNotContain("Zephyr");
            assertThat(startJob(plain.client(), "plain")
                            .getResult(CadResult.class)
                            .deliveredBy())
                    .isEqualTo(DeliveredBy.WEBHOOK);
        }
        try (WorkerRuntime worker = startWorker(OLD)) {
            assertThat(Path.of(early.getResult(CadResult.class).file().uri())).isRegularFile();
            assertThat(sandbox.counts().submitsCharged()).isEqualTo(2);
        }
    }

    /** As the receiver of a worker does that has the new key already. */
    private void signalFinished(String workflowId) {
        Eventually.assertThat(() -> has(workflowId, EventType.EVENT_TYPE_TIMER_STARTED));
        SandboxJob job = sandbox.jobs().get(0);
        Eventually.assertThat(() -> sandbox.job(job.jobId()).status() == JobStatus.SUCCESS);
        client(ROTATED)
                .newUntypedWorkflowStub(workflowId)
                .signal("jobFinished", Map.of("job_id", job.jobId(), "status", "success"));
    }

    private WorkerRuntime startWorker(String codecKeys) throws Exception {
        return startWorker(Map.of(
                "CADFLOW_CODEC_KEYS", codecKeys, "CADFLOW_CODEC_LISTEN", "127.0.0.1:0", "CADFLOW_CODEC_TOKEN", TOKEN));
    }

    private WorkerRuntime startWorker(Map<String, String> codec) throws Exception {
        Map<String, String> environment = new HashMap<>(codec);
        environment.putAll(Map.of(
                "MAKISTRY_API_KEY",
                sandbox.apiKey(),
                "MAKISTRY_SIGNING_SECRETS",
                sandbox.signingSecret(),
                "MAKISTRY_BASE_URL",
                sandbox.apiBaseUrl().toString(),
                "CADFLOW_WEBHOOK_LISTEN",
                "127.0.0.1:0",
                "CADFLOW_OPERATIONS_LISTEN",
                "127.0.0.1:0",
                "CADFLOW_ARCHIVE",
                folder.toString()));
        return WorkerRuntime.start(WorkerConfig.from(environment).withReceiverAsCallback(), temporal.client());
    }

    private WorkflowClient client(String codecKeys) {
        return temporal.client(
                AesGcmPayloadCodec.encrypting(WorkflowClientOptions.newBuilder(), CodecKeys.parse(codecKeys)));
    }

    private static WorkflowStub startJob(WorkflowClient client, String workflowId) {
        WorkflowStub workflow = client.newUntypedWorkflowStub(
                Cadflow.WORKFLOW_TYPE,
                WorkflowOptions.newBuilder()
                        .setWorkflowId(workflowId)
                        .setTaskQueue(Cadflow.TASK_QUEUE)
                        // A task that has failed is tried again after it.
                        .setWorkflowTaskTimeout(Duration.ofSeconds(2))
                        .build());
        workflow.start(CadRequest.of(PROMPT));
        return workflow;
    }

    private static CadFailure failureOf(WorkflowStub workflow) {
        return CadFailure.from(
                        catchThrowableOfType(WorkflowFailedException.class, () -> workflow.getResult(CadResult.class)))
                .orElseThrow();
    }

    /** Neither what was asked for, nor why it failed, nor where in our code. */
    private void assertFailedUnread(String workflowId) throws Exception {
        assertThat(history(workflowId))
                .last()
                .extracting(HistoryEvent::getEventType)
                .isEqualTo(EventType.EVENT_TYPE_WORKFLOW_EXECUTION_FAILED);
        assertThat(bytes(workflowId))
                .contains("Encoded failure", "binary/encrypted")
                .doesNotContain("Zephyr", "dev.cadflow", ".java");
        assertThat(show(workflowId)).doesNotContain("Zephyr", "dev.cadflow");
    }

    private void awaitTaskFailure(String workflowId) {
        Eventually.assertThat(() -> has(workflowId, EventType.EVENT_TYPE_WORKFLOW_TASK_FAILED));
    }

    private boolean has(String workflowId, EventType type) {
        return history(workflowId).stream().anyMatch(event -> event.getEventType() == type);
    }

    private List<HistoryEvent> history(String workflowId) {
        return temporal.client().fetchHistory(workflowId).getEvents();
    }

    /** The events as bytes: in their JSON form every payload is in Base64, where nothing could be found. */
    private String bytes(String workflowId) {
        return history(workflowId).stream()
                .map(event -> new String(event.toByteArray(), ISO_8859_1))
                .collect(Collectors.joining());
    }

    private String show(String workflowId, URI endpoint) throws Exception {
        return show(workflowId, "--codec-endpoint", endpoint.toString(), "--codec-auth", "Bearer " + TOKEN);
    }

    private String show(String workflowId, String... more) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                temporal.cli().toString(),
                "workflow",
                "show",
                "--address",
                temporal.target(),
                "--workflow-id",
                workflowId,
                "--detailed"));
        command.addAll(List.of(more));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(output).isZero();
        return output;
    }

    private static String key(char filler) {
        return Base64.getEncoder()
                .encodeToString(String.valueOf(filler).repeat(32).getBytes(UTF_8));
    }
}
