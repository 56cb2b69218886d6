package dev.cadflow.workflow;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.cadflow.activity.BatchPart;
import dev.cadflow.activity.SubmitInput;
import dev.cadflow.workflow.CadBatchPart.Status;
import io.temporal.api.enums.v1.EventType;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowFailedException;
import io.temporal.client.WorkflowOptions;
import io.temporal.client.WorkflowStub;
import io.temporal.failure.CanceledFailure;
import io.temporal.testing.TestEnvironmentOptions;
import io.temporal.testing.TestWorkflowEnvironment;
import io.temporal.worker.Worker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class BatchTest {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final TestWorkflowEnvironment environment = TestWorkflowEnvironment.newInstance(
            TestEnvironmentOptions.newBuilder().setUseTimeskipping(true).build());
    private final PartActivities activities = new PartActivities(Duration.ofMinutes(1));
    private final InMemoryBatches batches = new InMemoryBatches();

    @BeforeEach
    void start() {
        Worker worker = environment.newWorker(Cadflow.TASK_QUEUE);
        Cadflow.register(worker, activities, batches);
        environment.start();
    }

    @AfterEach
    void stop() {
        environment.close();
    }

    @Test
    void everyPartOfASmallBatchIsListedWithItsFile() {
        CadBatchResult result = run(CadBatchRequest.of(requests(3, number -> "Box " + number)));

        assertThat(result.counts()).isEqualTo(new CadBatchCounts(3, 3, 0, 0, 0, 0));
        assertThat(result.makistryRequests()).isEqualTo(6);
        assertThat(result.parts())
                .hasSize(3)
                .allSatisfy(part -> assertThat(part.file()).isNotNull())
                .extracting(CadBatchPart::number)
                .containsExactlyInAnyOrder(1, 2, 3);
        assertThat(batches.report(result.reportUri())).isEqualTo(result.parts());
    }

    @Test
    void aPartIsMadeByAWorkflowNamedAfterBatchAndPart() {
        CadBatchRequest.Part named = new CadBatchRequest.Part("bracket-7", CadRequest.of("A bracket"));
        CadBatchRequest.Part numbered = new CadBatchRequest.Part(null, CadRequest.of("A box"));
        WorkflowStub batch = start("order-1", new CadBatchRequest(List.of(named, numbered), null, null, false, null));

        assertThat(batch.getResult(CadBatchResult.class).parts())
                .extracting(CadBatchPart::workflowId)
                .containsExactlyInAnyOrder("order-1/bracket-7", "order-1/2");
        assertThat(activities.submits)
                .extracting(SubmitInput::workflowId)
                .containsExactlyInAnyOrder("order-1/bracket-7", "order-1/2");
    }

    @Test
    void aPartThatFailsIsReportedAndTheOthersGoOn() {
        CadBatchResult result = run(CadBatchRequest.of(
                requests(5, number -> number == 2 ? PartActivities.REFUSED : number == 4 ? " " : "Box")));

        assertThat(result.counts()).isEqualTo(new CadBatchCounts(5, 3, 2, 0, 0, 0));
        assertThat(result.failures()).extracting(CadBatchPart::number).containsExactlyInAnyOrder(2, 4);
        assertThat(result.failures()).allSatisfy(part -> {
            assertThat(part.failure()).isNotNull();
            assertThat(part.failure().type()).isEqualTo("invalid_input");
            assertThat(part.failure().message()).startsWith(part.number() == 2 ? "prompt: expected" : "The request");
        });
    }

    @Test
    void neverMorePartsAreInWorkThanTheRequestAllows() {
        run(CadBatchRequest.of(requests(30, number -> "Box")).withAtOnce(7));

        assertThat(activities.mostAtOnce).hasValueLessThanOrEqualTo(7);
        assertThat(activities.submits).hasSize(30);
    }

    @Test
    void hundredsOfPartsFromAFileAreMadeOnceEachOverSeveralRuns() {
        List<BatchPart> parts = new ArrayList<>();
        for (int line = 1; line <= 520; line++) {
            parts.add(
                    line % 100 == 50
                            ? BatchPart.broken(line, null, "expected a JSON object, found \"nonsense\"")
                            : BatchPart.of(line, null, json("{\"prompt\": \"Box " + line + "\"}")));
        }
        batches.list(parts);
        WorkflowStub batch =
                start("many", CadBatchRequest.ofFile(InMemoryBatches.FILE).withAtOnce(200));
        String firstRun = batch.getExecution().getRunId();

        CadBatchResult result = batch.getResult(CadBatchResult.class);

        assertThat(result.counts()).isEqualTo(new CadBatchCounts(520, 515, 5, 0, 0, 0));
        assertThat(activities.submits)
                .hasSize(515)
                .extracting(SubmitInput::workflowId)
                .doesNotHaveDuplicates();
        assertThat(result.parts()).isEmpty();
        assertThat(batches.report(result.reportUri()))
                .extracting(CadBatchPart::number)
                .containsExactlyInAnyOrderElementsOf(
                        IntStream.rangeClosed(1, 520).boxed().toList());
        assertThat(result.failures())
                .extracting(CadBatchPart::number)
                .containsExactlyInAnyOrder(50, 150, 250, 350, 450);
        assertThat(lastEvent("many", firstRun)).isEqualTo(EventType.EVENT_TYPE_WORKFLOW_EXECUTION_CONTINUED_AS_NEW);
    }

    @Test
    void failingFastStartsNoMorePartsFinishesThoseInWorkAndFailsTyped() {
        List<CadRequest> requests = requests(50, number -> number == 3 ? PartActivities.REFUSED : "Box " + number);

        WorkflowStub batch =
                start("fast", CadBatchRequest.of(requests).withAtOnce(5).failingFast());

        CadFailure failure = failureOf(batch);
        assertThat(failure.type()).isEqualTo(FailureType.INVALID_INPUT);
        assertThat(failure.message()).contains("Part 3 failed: prompt", "the report is file:///archive/");
        CadBatchCounts counts = progress("fast").counts();
        assertThat(counts.failed()).isEqualTo(1);
        assertThat(counts.succeeded()).isEqualTo(activities.submits.size() - 1).isLessThan(10);
        assertThat(counts.skipped()).isEqualTo(50 - counts.ended());
    }

    @Test
    void anAccountWithoutCreditIsNotAskedForEveryPart() {
        CadBatchResult result = run(CadBatchRequest.of(requests(60, number -> PartActivities.UNPAID))
                .withAtOnce(4));

        assertThat(result.counts().skipped()).isGreaterThan(45);
        assertThat(result.counts().failed() + result.counts().skipped()).isEqualTo(60);
    }

    @Test
    void startedAgainABatchMakesWhatIsMissingAndBuysNothingTwice() {
        List<CadRequest> first = requests(6, number -> number == 5 ? PartActivities.REFUSED : "Box " + number);
        List<CadRequest> corrected = requests(6, number -> "Box " + number);
        start("again", CadBatchRequest.of(first)).getResult(CadBatchResult.class);
        activities.submits.clear();

        CadBatchResult result = start("again", CadBatchRequest.of(corrected)).getResult(CadBatchResult.class);

        assertThat(result.counts()).isEqualTo(new CadBatchCounts(6, 1, 0, 0, 5, 0));
        assertThat(activities.submits).extracting(SubmitInput::workflowId).containsExactly("again/5");
    }

    @Test
    void cancellingABatchCancelsItsPartsAndReportsThem() {
        WorkflowStub batch = start(
                "stop",
                CadBatchRequest.of(requests(30, number -> number <= 2 ? "Box" : PartActivities.ENDLESS))
                        .withAtOnce(4));
        environment.sleep(Duration.ofMinutes(10));
        assertThat(progress("stop").running()).isEqualTo(4);

        batch.cancel();

        assertThat(failedException(batch)).hasCauseInstanceOf(CanceledFailure.class);
        CadBatchProgress progress = progress("stop");
        assertThat(progress.stage()).isEqualTo(CadBatchProgress.Stage.CANCELLED);
        assertThat(progress.counts()).isEqualTo(new CadBatchCounts(30, 2, 0, 4, 0, 24));
        assertThat(progress.reportUri()).isNotNull();
        assertThat(batches.report(progress.reportUri()))
                .extracting(CadBatchPart::status)
                .containsExactlyInAnyOrder(
                        Status.SUCCEEDED,
                        Status.SUCCEEDED,
                        Status.CANCELLED,
                        Status.CANCELLED,
                        Status.CANCELLED,
                        Status.CANCELLED);
    }

    @Test
    void metadataOfTheBatchGoesToEveryPartWhoseOwnWins() {
        CadRequest own = CadRequest.builder()
                .prompt("Box")
                .metadata(Map.of("line", 1, "order", "own"))
                .build();
        CadBatchRequest batch = CadBatchRequest.of(List.of(own, CadRequest.of("Box")))
                .withMetadata(Map.of("order", "A-17", "shop", "north"));

        CadBatchResult result = run(batch);

        assertThat(activities.submits)
                .extracting(input -> input.request().metadata())
                .containsExactlyInAnyOrder(
                        Map.of("line", 1, "order", "own", "shop", "north"), Map.of("order", "A-17", "shop", "north"));
        assertThat(result.metadata()).isEqualTo(batch.metadata());
    }

    @Test
    void anInvalidBatchFailsAtOnceWithEveryProblem() {
        CadFailure failure = failureOf(start("bad", json("""
                        {"requests": [{"prompt": "a", "name": "x"}, 7, {"prompt": "b", "name": "x"}, {"name": "a/b"}],
                         "at_once": 0, "fail_fast": 1, "metadata": {"cadflow_x": 1}, "request_uri": "x"}
                        """)));

        assertThat(failure.type()).isEqualTo(FailureType.INVALID_INPUT);
        assertThat(failure.details().problems())
                .extracting(CadFailure.Problem::field)
                .containsExactlyInAnyOrder(
                        "request_uri",
                        "requests[1]",
                        "requests[2].name",
                        "requests[3].name",
                        "at_once",
                        "fail_fast",
                        "metadata");
        assertThat(failure.message()).contains("the nearest is \"requests_uri\"");
        assertThat(activities.submits).isEmpty();
    }

    @Test
    void aBatchWithoutPartsOrWithTwoListsOfThemIsRefused() {
        assertThat(failureOf(start("none", json("{}"))).message())
                .contains("either requests or requests_uri, found neither");
        assertThat(failureOf(start("two", json("{\"requests\": [{}], \"requests_uri\": \"file:///x\"}")))
                        .message())
                .contains("found both");
        assertThat(failureOf(start("nothing")).message()).contains("expected a JSON object");
        assertThat(failureOf(start("ftp", json("{\"requests_uri\": \"ftp://u:secret@host/x\"}")))
                        .message())
                .contains("requests_uri: expected a file:")
                .doesNotContain("secret");
    }

    private CadBatchResult run(CadBatchRequest request) {
        return start("batch-" + UUID.randomUUID(), request).getResult(CadBatchResult.class);
    }

    private WorkflowStub start(String workflowId, Object... input) {
        WorkflowStub batch = client().newUntypedWorkflowStub(
                        Cadflow.BATCH_WORKFLOW_TYPE,
                        WorkflowOptions.newBuilder()
                                .setTaskQueue(Cadflow.TASK_QUEUE)
                                .setWorkflowId(workflowId)
                                .setWorkflowRunTimeout(Duration.ofDays(60))
                                .build());
        batch.start(input);
        return batch;
    }

    private CadBatchProgress progress(String workflowId) {
        return client().newUntypedWorkflowStub(workflowId).query("progress", CadBatchProgress.class);
    }

    private EventType lastEvent(String workflowId, String runId) {
        var events = client().fetchHistory(workflowId, runId).getEvents();
        return events.get(events.size() - 1).getEventType();
    }

    private WorkflowClient client() {
        return environment.getWorkflowClient();
    }

    private static CadFailure failureOf(WorkflowStub batch) {
        return CadFailure.from(failedException(batch)).orElseThrow();
    }

    private static WorkflowFailedException failedException(WorkflowStub batch) {
        try {
            throw new AssertionError("the batch answered " + batch.getResult(JsonNode.class));
        } catch (WorkflowFailedException expected) {
            return expected;
        }
    }

    private static List<CadRequest> requests(int count, IntFunction<String> prompt) {
        return IntStream.rangeClosed(1, count)
                .mapToObj(number -> CadRequest.of(prompt.apply(number)))
                .toList();
    }

    private static JsonNode json(String text) {
        try {
            return MAPPER.readTree(text);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(text, e);
        }
    }
}
