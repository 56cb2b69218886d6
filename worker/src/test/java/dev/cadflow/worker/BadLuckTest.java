package dev.cadflow.worker;

import static dev.cadflow.sandbox.FaultTarget.GET_JOB;
import static dev.cadflow.sandbox.FaultTarget.SUBMIT;
import static dev.cadflow.sandbox.FaultTarget.WEBHOOK;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cadflow.sandbox.Fault;
import dev.cadflow.sandbox.FaultKind;
import dev.cadflow.sandbox.FaultTarget;
import dev.cadflow.sandbox.SandboxOptions;
import dev.cadflow.sandbox.SandboxServer;
import dev.cadflow.worker.testing.InMemoryTemporal;
import dev.cadflow.workflow.CadRequest;
import dev.cadflow.workflow.CadResult;
import dev.cadflow.workflow.Cadflow;
import dev.cadflow.workflow.DeliveredBy;
import dev.cadflow.workflow.GenerateCadWorkflow;
import io.temporal.client.WorkflowOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A whole job each, by a worker whose Makistry goes wrong: it is bought once, and its file is archived once. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class BadLuckTest {
    private static final String HTML = "<html><body>Bad Gateway</body></html>";
    private static final Fault NO_WEBHOOK = Fault.of(WEBHOOK, FaultKind.WEBHOOK_DROPPED);

    private final InMemoryTemporal temporal = new InMemoryTemporal();
    private SandboxServer sandbox;
    private Path archive;
    /** Polls only after minutes: what it delivers came by webhook. */
    private WorkerRuntime patient;
    /** Polls soon: what no webhook delivers is found in time for a test. */
    private WorkerRuntime hasty;

    @BeforeAll
    void start(@TempDir Path folder) throws Exception {
        archive = folder.resolve("archive");
        sandbox = SandboxServer.start(
                SandboxOptions.builder().timeScale(0.002).noQuota().build());
        patient = worker(DeliveredBy.WEBHOOK, "2m");
        hasty = worker(DeliveredBy.POLL, "500ms");
    }

    private WorkerRuntime worker(DeliveredBy taskQueue, String firstPoll) throws WorkerStartException {
        WorkerConfig config = WorkerConfig.from(Map.of(
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
                archive.toString(),
                "CADFLOW_TASK_QUEUE",
                taskQueue.name(),
                "CADFLOW_QUOTA_PER_MINUTE",
                "10000",
                "CADFLOW_POLL_FIRST_STANDARD",
                firstPoll,
                "CADFLOW_POLL_INTERVAL",
                "300ms"));
        return WorkerRuntime.start(config.withReceiverAsCallback(), temporal.client());
    }

    @AfterAll
    void stop() {
        patient.close();
        hasty.close();
        sandbox.close();
        temporal.close();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource({"submits", "webhooks", "polls"})
    void theJobIsBoughtOnceAndItsFileArchivedOnce(String luck, DeliveredBy deliveredBy, List<Fault> faults)
            throws IOException {
        sandbox.faults().add(faults.toArray(Fault[]::new));
        String workflowId = "cadflow-" + UUID.randomUUID();

        CadResult result = temporal.client()
                .newWorkflowStub(
                        GenerateCadWorkflow.class,
                        WorkflowOptions.newBuilder()
                                .setWorkflowId(workflowId)
                                .setTaskQueue(deliveredBy.name())
                                .build())
                .generate(CadRequest.of("A 40x20x10mm box with a 5mm through-hole"));

        assertThat(sandbox.faults().pending()).as("faults that did not strike").isEmpty();
        assertThat(result.deliveredBy()).isEqualTo(deliveredBy);
        assertThat(jobsOf(workflowId)).containsExactly(result.jobId());
        assertThat(filesOf(workflowId))
                .containsExactlyInAnyOrder(result.jobId() + ".step", result.jobId() + ".step.manifest.json");
        assertThat(temporal.client().fetchHistory(workflowId).toJson(true))
                .doesNotContain(sandbox.apiKey(), sandbox.storageUrl().getAuthority());
    }

    static Stream<Arguments> submits() {
        return Stream.of(
                webhook("a submit whose connection is cut after the job was taken", of(SUBMIT, FaultKind.CUT_AFTER)),
                webhook("a submit whose connection is cut before", of(SUBMIT, FaultKind.CUT_BEFORE)),
                webhook("a submit whose answer breaks off", of(SUBMIT, FaultKind.TRUNCATED)),
                webhook("a submit answered with HTML and 202", html(SUBMIT, 202)),
                webhook("a submit answered with HTML and 502", html(SUBMIT, 502)),
                webhook("a submit answered with fields of tomorrow", of(SUBMIT, FaultKind.EXTRA_FIELDS)));
    }

    static Stream<Arguments> webhooks() {
        return Stream.of(
                webhook("a webhook before the submit is answered", of(WEBHOOK, FaultKind.WEBHOOK_EARLY)),
                webhook("a webhook that comes twice", of(WEBHOOK, FaultKind.WEBHOOK_DOUBLED)),
                webhook("a webhook with fields of tomorrow", of(WEBHOOK, FaultKind.EXTRA_FIELDS)),
                webhook("a webhook without a download URL", of(WEBHOOK, FaultKind.NO_DOWNLOAD_URL)),
                webhook("a webhook signed 299 s ago", signed(Duration.ofSeconds(299))),
                webhook("a webhook signed 299 s ahead", signed(Duration.ofSeconds(-299))),
                poll("a webhook signed 301 s ago", signed(Duration.ofSeconds(301))),
                poll("a webhook signed 302 s ahead", signed(Duration.ofSeconds(-302))),
                poll("a webhook that never comes", NO_WEBHOOK),
                poll("a webhook of another secret", of(WEBHOOK, FaultKind.WEBHOOK_WRONG_SIGNATURE)),
                poll("a webhook with the body of another job", of(WEBHOOK, FaultKind.WEBHOOK_OTHER_JOB)),
                poll(
                        "a webhook with HTML for a body",
                        Fault.builder(WEBHOOK, FaultKind.WEBHOOK_BODY)
                                .body("text/html", HTML)
                                .build()),
                poll("a webhook with an array for a body", of(WEBHOOK, FaultKind.BROKEN_JOB)),
                poll("a webhook with a status of tomorrow", status(WEBHOOK)));
    }

    static Stream<Arguments> polls() {
        return Stream.of(
                poll("a poll answered with a status of tomorrow", NO_WEBHOOK, status(GET_JOB)),
                poll("a poll answered without a download URL", NO_WEBHOOK, of(GET_JOB, FaultKind.NO_DOWNLOAD_URL)),
                poll("a poll answered with fields of tomorrow", NO_WEBHOOK, of(GET_JOB, FaultKind.EXTRA_FIELDS)),
                poll("a poll answered with HTML and 200", NO_WEBHOOK, html(GET_JOB, 200)),
                poll("a poll answered with an array", NO_WEBHOOK, of(GET_JOB, FaultKind.BROKEN_JOB)),
                poll("a poll whose answer breaks off", NO_WEBHOOK, of(GET_JOB, FaultKind.TRUNCATED)));
    }

    private static Arguments webhook(String luck, Fault... faults) {
        return Arguments.of(luck, DeliveredBy.WEBHOOK, List.of(faults));
    }

    private static Arguments poll(String luck, Fault... faults) {
        return Arguments.of(luck, DeliveredBy.POLL, List.of(faults));
    }

    private static Fault of(FaultTarget target, FaultKind kind) {
        return Fault.of(target, kind);
    }

    private static Fault html(FaultTarget target, int status) {
        return Fault.builder(target, FaultKind.ANSWER)
                .status(status)
                .body("text/html", HTML)
                .build();
    }

    private static Fault status(FaultTarget target) {
        return Fault.builder(target, FaultKind.JOB_STATUS).text("annealing").build();
    }

    private static Fault signed(Duration ago) {
        return Fault.builder(WEBHOOK, FaultKind.WEBHOOK_STALE).hold(ago).build();
    }

    private List<String> jobsOf(String workflowId) {
        return sandbox.jobs().stream()
                .filter(job -> job.metadata()
                        .path(Cadflow.WORKFLOW_ID_METADATA)
                        .asText()
                        .equals(workflowId))
                .map(job -> job.jobId())
                .toList();
    }

    private List<String> filesOf(String workflowId) throws IOException {
        try (Stream<Path> files = Files.walk(archive.resolve(workflowId))) {
            return files.filter(Files::isRegularFile)
                    .map(file -> file.getFileName().toString())
                    .toList();
        }
    }
}
