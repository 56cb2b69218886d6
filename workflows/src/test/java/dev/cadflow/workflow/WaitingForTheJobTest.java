package dev.cadflow.workflow;

import static dev.cadflow.workflow.ScriptedActivities.JOB;
import static dev.cadflow.workflow.ScriptedActivities.POLL_ONLY;
import static dev.cadflow.workflow.ScriptedActivities.WITH_CALLBACK;
import static dev.cadflow.workflow.ScriptedActivities.failed;
import static dev.cadflow.workflow.ScriptedActivities.succeeded;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cadflow.activity.PollResult;
import dev.cadflow.activity.SubmitResult;
import io.temporal.api.enums.v1.EventType;
import io.temporal.client.WorkflowFailedException;
import io.temporal.failure.CanceledFailure;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class WaitingForTheJobTest {
    private static final CadRequest BOX = CadRequest.of("A 40x20x10mm box");

    private final WorkflowTestBed bed = new WorkflowTestBed();

    @AfterEach
    void stop() {
        bed.close();
    }

    @Test
    void aWebhookEndsTheWaitAndCostsNoPoll() {
        WorkflowTestBed.Started workflow = bed.start(BOX);
        bed.skip(Duration.ofSeconds(40));

        CadResult result = workflow.signal(succeeded(JOB)).result();

        assertThat(result.deliveredBy()).isEqualTo(DeliveredBy.WEBHOOK);
        assertThat(result.makistryRequests()).isEqualTo(1);
        assertThat(bed.activities.polls).isEmpty();
        assertThat(bed.activities.submits).hasSize(1);
        assertThat(workflow.history()).hasSizeLessThanOrEqualTo(26);
    }

    @Test
    void theTimerIsCancelledOnceTheWebhookCame() {
        WorkflowTestBed.Started workflow = bed.start(BOX);
        bed.skip(Duration.ofSeconds(40));
        workflow.signal(succeeded(JOB)).result();

        assertThat(workflow.history())
                .extracting(event -> event.getEventType())
                .contains(EventType.EVENT_TYPE_TIMER_STARTED, EventType.EVENT_TYPE_TIMER_CANCELED);
    }

    @Test
    void theResultTellsWhatMakistrySaid() {
        CadRequest request = CadRequest.builder()
                .prompt("A box")
                .metadata(Map.of("order", "A-17"))
                .build();
        WorkflowTestBed.Started workflow = bed.start(request);
        CadResult result = workflow.signal(succeeded(JOB)).result();

        assertThat(result.jobId()).isEqualTo(JOB);
        assertThat(result.tokensUsed()).isEqualTo(8420L);
        assertThat(result.latencyMs()).isEqualTo(74300L);
        assertThat(result.metadata()).containsEntry("order", "A-17");
        assertThat(result.brainstorm()).isNotNull();
        assertThat(result.file().uri().toString()).endsWith(workflow.workflowId() + "/" + JOB + ".step");
        assertThat(workflow.resultJson().fieldNames())
                .toIterable()
                .containsExactlyInAnyOrder(
                        "job_id",
                        "file",
                        "manifest_uri",
                        "brainstorm",
                        "tokens_used",
                        "latency_ms",
                        "metadata",
                        "delivered_by",
                        "makistry_requests");
    }

    @Test
    void withACallbackPollsBeginAtTheTypicalTimeAndComeEveryMinute() {
        bed.activities.waitingBy(WITH_CALLBACK).whenPolled(number -> number < 3 ? going() : over());

        CadResult result = bed.start(BOX).result();

        assertThat(pollOffsets()).containsExactly(seconds(120), seconds(180), seconds(240));
        assertThat(result.deliveredBy()).isEqualTo(DeliveredBy.POLL);
        assertThat(result.makistryRequests()).isEqualTo(4);
    }

    @Test
    void withoutACallbackPollsComeEveryFiveSecondsForThirtyThenEveryFifteen() {
        bed.activities.waitingBy(POLL_ONLY).whenPolled(number -> number < 9 ? going() : over());

        bed.start(BOX).result();

        assertThat(pollOffsets())
                .containsExactly(
                        seconds(5),
                        seconds(10),
                        seconds(15),
                        seconds(20),
                        seconds(25),
                        seconds(30),
                        seconds(45),
                        seconds(60),
                        seconds(75));
    }

    @Test
    void aStatusOfTomorrowKeepsItWaiting() {
        bed.activities
                .waitingBy(POLL_ONLY)
                .whenPolled(number -> number < 3 ? new PollResult("rendering", null, 1) : over());

        assertThat(bed.start(BOX).result().jobId()).isEqualTo(JOB);
    }

    @Test
    void theDeadlineEndsTheWaitAfterOneLastPollAndNamesTheJob() {
        bed.activities.waitingBy(WITH_CALLBACK);

        CadFailure failure = bed.start(BOX).failure();

        assertThat(failure.type()).isEqualTo(FailureType.GENERATION_TIMEOUT);
        assertThat(failure.details().jobId()).isEqualTo(JOB);
        assertThat(failure.details().nextStep()).contains("\"job_id\": \"" + JOB + "\"");
        List<Duration> offsets = pollOffsets();
        assertThat(offsets.get(offsets.size() - 1)).isEqualTo(Duration.ofMinutes(10));
        assertThat(offsets).doesNotHaveDuplicates();
    }

    @Test
    void theLastPollMayStillFindTheJobDone() {
        bed.activities.waitingBy(WITH_CALLBACK).whenPolled(number -> number < 9 ? going() : over());

        assertThat(bed.start(BOX).result().jobId()).isEqualTo(JOB);
        assertThat(pollOffsets().get(8)).isEqualTo(Duration.ofMinutes(10));
    }

    @Test
    void pollsThatCannotBeAnsweredDoNotEndTheWaitBeforeItsDeadline() {
        bed.activities.waitingBy(POLL_ONLY).whenPolled(number -> {
            throw CadFailure.of(FailureType.SERVICE_UNAVAILABLE, "Makistry is down")
                    .toApplicationFailure(null);
        });

        CadFailure failure = bed.start(BOX).failure();

        assertThat(failure.type()).isEqualTo(FailureType.GENERATION_TIMEOUT);
        assertThat(failure.details().jobId()).isEqualTo(JOB);
    }

    @Test
    void aWebhookCutsShortAPollThatIsBeingRetried() {
        bed.activities.waitingBy(POLL_ONLY).whenPolled(number -> {
            throw CadFailure.of(FailureType.QUOTA_EXCEEDED, "no turn yet").toApplicationFailure(null);
        });
        WorkflowTestBed.Started workflow = bed.start(BOX);
        bed.skip(Duration.ofSeconds(20));

        CadResult result = workflow.signal(succeeded(JOB)).result();

        assertThat(result.deliveredBy()).isEqualTo(DeliveredBy.WEBHOOK);
    }

    @Test
    void aTerminalFailureOfAPollEndsTheWorkflowWithTheJobNamed() {
        bed.activities.waitingBy(POLL_ONLY).whenPolled(number -> {
            throw CadFailure.of(FailureType.INVALID_API_KEY, "revoked").toApplicationFailure(null);
        });

        CadFailure failure = bed.start(BOX).failure();

        assertThat(failure.type()).isEqualTo(FailureType.INVALID_API_KEY);
        assertThat(failure.details().jobId()).isEqualTo(JOB);
    }

    @Test
    void theQueryTellsStageJobAndTimes() {
        bed.activities.waitingBy(WITH_CALLBACK);
        WorkflowTestBed.Started workflow = bed.start(BOX);
        bed.skip(Duration.ofSeconds(150));

        CadProgress progress = workflow.progress();

        assertThat(progress.stage()).isEqualTo(CadProgress.Stage.WAITING);
        assertThat(progress.jobId()).isEqualTo(JOB);
        assertThat(progress.jobStatus()).isEqualTo("processing");
        assertThat(progress.callbackRegistered()).isTrue();
        assertThat(progress.polls()).isEqualTo(1);
        assertThat(progress.makistryRequests()).isEqualTo(2);
        assertThat(progress.nextPollAt()).isEqualTo(progress.since().plusSeconds(180));
        assertThat(progress.deadlineAt()).isEqualTo(progress.since().plusSeconds(600));
    }

    @Test
    void anAdoptedJobIsNotSubmitted() {
        bed.activities
                .whenSubmitted(input -> {
                    assertThat(input.request().jobId()).isEqualTo("pub_000000000001");
                    return new SubmitResult("pub_000000000001", POLL_ONLY, 0);
                })
                .whenPolled(number -> new PollResult("success", succeeded("pub_000000000001"), 1));

        CadResult result = bed.start(CadRequest.adopting("pub_000000000001")).result();

        assertThat(result.jobId()).isEqualTo("pub_000000000001");
        assertThat(result.makistryRequests()).isEqualTo(1);
    }

    @Test
    void anAdoptedJobKeepsTheFormatThatItWasSubmittedFor() {
        JobFinished stl = new JobFinished(
                JOB, "success", null, null, "STL", null, null, null, null, null, null, null, null, null);
        bed.activities.waitingBy(POLL_ONLY).whenPolled(number -> new PollResult("success", stl, 1));

        assertThat(bed.start(CadRequest.adopting(JOB)).result().file().outputFormat())
                .isEqualTo(OutputFormat.STL);
    }

    @Test
    void cancellingStopsTheWaitAtOnceAndLeavesTheJobIdVisible() {
        WorkflowTestBed.Started workflow = bed.start(BOX);
        bed.skip(Duration.ofSeconds(10));
        workflow.stub.cancel();

        WorkflowFailedException failure = workflow.failedException();

        assertThat(failure).hasCauseInstanceOf(CanceledFailure.class);
        assertThat(CadFailure.from(failure)).isEmpty();
        assertThat(workflow.progress().stage()).isEqualTo(CadProgress.Stage.CANCELLED);
        assertThat(workflow.progress().jobId()).isEqualTo(JOB);
        assertThat(bed.activities.polls).isEmpty();
    }

    @Test
    void aJobThatFailedIsNeverArchived() {
        WorkflowTestBed.Started workflow = bed.start(BOX);
        workflow.signal(failed(JOB, "geometry_validation_failed", "contradictory dimensions"));

        assertThat(workflow.failure().type()).isEqualTo(FailureType.GEOMETRY_VALIDATION_FAILED);
        assertThat(bed.activities.archives).isEmpty();
    }

    /** When the polls were made after the submit, to the second: the server wakes timers some milliseconds late. */
    private List<Duration> pollOffsets() {
        return bed.activities.polls.stream()
                .map(poll -> Duration.between(bed.activities.submitted, poll))
                .map(offset -> Duration.ofSeconds(Math.round(offset.toMillis() / 1000.0)))
                .toList();
    }

    private static Duration seconds(int seconds) {
        return Duration.ofSeconds(seconds);
    }

    private static PollResult going() {
        return new PollResult("processing", null, 1);
    }

    private static PollResult over() {
        return new PollResult("success", succeeded(JOB), 1);
    }
}
