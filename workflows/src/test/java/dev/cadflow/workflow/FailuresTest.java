package dev.cadflow.workflow;

import static dev.cadflow.workflow.ScriptedActivities.JOB;
import static dev.cadflow.workflow.ScriptedActivities.succeeded;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cadflow.activity.ArchiveInput;
import dev.cadflow.activity.ArchiveResult;
import dev.cadflow.activity.PollResult;
import dev.cadflow.activity.SubmitResult;
import io.temporal.client.WorkflowOptions;
import io.temporal.failure.ApplicationFailure;
import io.temporal.failure.ChildWorkflowFailure;
import io.temporal.workflow.Workflow;
import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

final class FailuresTest {
    private static final CadRequest BOX = CadRequest.of("A 40x20x10mm box");

    private final WorkflowTestBed bed = new WorkflowTestBed();

    @AfterEach
    void stop() {
        bed.close();
    }

    @ParameterizedTest
    @EnumSource(
            value = FailureType.class,
            names = {"QUOTA_EXCEEDED", "SERVICE_UNAVAILABLE", "ARCHIVE_UNAVAILABLE"},
            mode = EnumSource.Mode.EXCLUDE)
    void aTerminalFailureOfTheSubmitEndsTheWorkflowAtItsFirstTry(FailureType type) {
        bed.activities.whenSubmitted(input -> {
            throw CadFailure.of(type, "no").toApplicationFailure(null);
        });
        WorkflowTestBed.Started workflow = bed.start(BOX);

        assertThat(workflow.failure().type()).isEqualTo(type);
        assertThat(workflow.failure().message()).isEqualTo("no");
        assertThat(bed.activities.submits).hasSize(1);
        assertThat(workflow.progress().stage()).isEqualTo(CadProgress.Stage.FAILED);
    }

    @ParameterizedTest
    @EnumSource(
            value = FailureType.class,
            names = {"QUOTA_EXCEEDED", "SERVICE_UNAVAILABLE"})
    void aPassingFailureOfTheSubmitIsTriedAgainUnderTheSameKey(FailureType type) {
        bed.activities.whenSubmitted(input -> {
            if (bed.activities.submits.size() < 4) {
                throw CadFailure.of(type, "not now").toApplicationFailure(null);
            }
            return new SubmitResult(JOB, ScriptedActivities.WITH_CALLBACK, 4);
        });

        CadResult result = bed.start(BOX).signal(succeeded(JOB)).result();

        assertThat(result.makistryRequests()).isEqualTo(4);
        assertThat(bed.activities.submits).hasSize(4);
        assertThat(bed.activities.submits.stream()
                        .map(input -> input.idempotencyKey())
                        .distinct())
                .hasSize(1);
    }

    @Test
    void anArchiveThatIsDownIsTriedAgainUntilItWorksAfterGrowingPausesOfAnHourAtMost() {
        List<Instant> tries = new CopyOnWriteArrayList<>();
        bed.activities.whenArchived(input -> {
            tries.add(bed.now());
            return tries.size() < 16 ? diskFull(input) : ScriptedActivities.archived(input);
        });

        assertThat(bed.start(BOX).signal(succeeded(JOB)).result().jobId()).isEqualTo(JOB);
        for (int pause = 1; pause < tries.size(); pause++) {
            Duration asked = Duration.ofSeconds(Math.min(1L << pause, 3600));
            assertThat(Duration.between(tries.get(pause - 1), tries.get(pause)))
                    .as("pause %d", pause)
                    .isBetween(asked, asked.plusMinutes(1));
        }
    }

    @Test
    void anArchiveThatStaysDownEndsThePaidJobOnlyWhenItsFileHasExpired() {
        AtomicReference<Instant> lastTry = new AtomicReference<>();
        bed.activities.whenArchived(input -> {
            lastTry.set(bed.now());
            return diskFull(input);
        });
        Instant begin = bed.now();

        CadFailure failure = bed.start(BOX).signal(succeeded(JOB)).failure();

        assertThat(failure.type()).isEqualTo(FailureType.OUTPUT_EXPIRED);
        assertThat(failure.message()).contains(JOB, "archive_unavailable: disk full");
        assertThat(failure.details().jobId()).isEqualTo(JOB);
        assertThat(failure.details().nextStep()).contains("submit again");
        assertThat(Duration.between(begin, lastTry.get())).isBetween(Duration.ofDays(30), Duration.ofDays(31));
    }

    @ParameterizedTest
    @ValueSource(longs = {11, 90, 7 * 24 * 60 + 13})
    void archivingIsTriedUntilTheVeryEndOfTheTimeThatMakistryKeepsTheFile(long minutesLeft) {
        AtomicReference<Instant> lastTry = new AtomicReference<>();
        bed.activities.whenArchived(input -> {
            lastTry.set(bed.now());
            return diskFull(input);
        });
        Instant expiry = bed.now().plus(Duration.ofMinutes(minutesLeft));

        CadFailure failure =
                bed.start(BOX).signal(ScriptedActivities.expiring(JOB, expiry)).failure();

        assertThat(failure.type()).isEqualTo(FailureType.OUTPUT_EXPIRED);
        assertThat(lastTry.get()).isAfter(expiry);
    }

    @Test
    void aFileThatExpiredWhileTheArchiveWasDownIsBoughtAgainOnceWhereTheRequestAsksForIt() {
        bed.activities.whenArchived(
                input -> bed.activities.submits.size() == 1 ? diskFull(input) : ScriptedActivities.archived(input));
        bed.activities.whenSubmitted(input -> new SubmitResult(
                bed.activities.submits.size() == 1 ? JOB : "pub_000000000002", ScriptedActivities.POLL_ONLY, 1));
        bed.activities.whenPolled(number ->
                new PollResult("success", succeeded(bed.activities.submits.size() == 1 ? JOB : "pub_000000000002"), 1));

        CadResult result = bed.start(CadRequest.builder()
                        .prompt("A box")
                        .resubmitOnExpiry(true)
                        .build())
                .result();

        assertThat(result.jobId()).isEqualTo("pub_000000000002");
        assertThat(bed.activities.submits).hasSize(2);
    }

    @Test
    void aFailureOfTheWorkflowIsNeverRetriedWhateverItsType() {
        bed.activities.whenArchived(FailuresTest::diskFull);
        WorkflowTestBed.Started workflow = bed.start(BOX).signal(succeeded(JOB));

        assertThat(workflow.failedException().getCause()).isInstanceOfSatisfying(ApplicationFailure.class, failure -> {
            assertThat(failure.getType()).isEqualTo("output_expired");
            assertThat(failure.isNonRetryable()).isTrue();
        });
    }

    @Test
    void aFailedJobKeepsTheCodeAndMessageThatMakistryGave() {
        CadFailure failure = bed.start(BOX)
                .signal(ScriptedActivities.failed(JOB, "geometry_validation_failed", "contradictory dimensions"))
                .failure();

        assertThat(failure.type()).isEqualTo(FailureType.GEOMETRY_VALIDATION_FAILED);
        assertThat(failure.details().errorCode()).isEqualTo("geometry_validation_failed");
        assertThat(failure.details().errorMessage()).isEqualTo("contradictory dimensions");
        assertThat(failure.details().jobId()).isEqualTo(JOB);
    }

    @Test
    void aFailedJobWithACodeOfTomorrowIsAJobFailedThatKeepsItsCode() {
        CadFailure failure = bed.start(BOX)
                .signal(ScriptedActivities.failed(JOB, "gravity_inverted", "up is down"))
                .failure();

        assertThat(failure.type()).isEqualTo(FailureType.JOB_FAILED);
        assertThat(failure.details().errorCode()).isEqualTo("gravity_inverted");
    }

    @Test
    void aFailedJobCannotBorrowTheTypeOfAnotherFailure() {
        CadFailure failure = bed.start(BOX)
                .signal(ScriptedActivities.failed(JOB, "quota_exceeded", "odd"))
                .failure();

        assertThat(failure.type()).isEqualTo(FailureType.JOB_FAILED);
    }

    @Test
    void anExpiredOutputIsBoughtAgainOnceWhereTheRequestAsksForIt() {
        bed.activities.waitingBy(ScriptedActivities.POLL_ONLY).whenPolled(number -> {
            throw CadFailure.of(FailureType.OUTPUT_EXPIRED, "gone").toApplicationFailure(null);
        });
        CadRequest request =
                CadRequest.builder().prompt("A box").resubmitOnExpiry(true).build();

        CadFailure failure = bed.start(request).failure();

        assertThat(failure.type()).isEqualTo(FailureType.OUTPUT_EXPIRED);
        assertThat(bed.activities.submits).hasSize(2);
        assertThat(bed.activities.submits.stream()
                        .map(input -> input.idempotencyKey())
                        .distinct())
                .hasSize(2);
    }

    @Test
    void anAdoptedJobThatExpiredIsSubmittedAnewWhereTheRequestAsksForIt() {
        bed.activities.waitingBy(ScriptedActivities.POLL_ONLY).whenPolled(number -> {
            if (number == 1) {
                throw CadFailure.of(FailureType.OUTPUT_EXPIRED, "gone").toApplicationFailure(null);
            }
            return new PollResult("success", succeeded(JOB), 1);
        });
        CadRequest request = CadRequest.builder()
                .prompt("A box")
                .jobId("pub_000000000001")
                .resubmitOnExpiry(true)
                .build();

        assertThat(bed.start(request).result().jobId()).isEqualTo(JOB);
        assertThat(bed.activities.submits.get(0).request().jobId()).isEqualTo("pub_000000000001");
        assertThat(bed.activities.submits.get(1).request().jobId()).isNull();
    }

    @Test
    void anExpiredOutputIsNotBoughtAgainUnasked() {
        bed.activities.whenArchived(input -> {
            throw CadFailure.of(FailureType.OUTPUT_EXPIRED, "gone").toApplicationFailure(null);
        });

        assertThat(bed.start(BOX).signal(succeeded(JOB)).failure().type()).isEqualTo(FailureType.OUTPUT_EXPIRED);
        assertThat(bed.activities.submits).hasSize(1);
    }

    @Test
    void aParentGetsTheTypedFailureFromTheChildThatItStarted() {
        bed.worker.registerWorkflowImplementationTypes(ParentImpl.class);
        bed.environment.start();
        Parent parent = bed.client()
                .newWorkflowStub(
                        Parent.class,
                        WorkflowOptions.newBuilder()
                                .setTaskQueue(Cadflow.TASK_QUEUE)
                                .build());

        assertThat(parent.make(CadRequest.of(" "))).containsExactly("invalid_input", "prompt");
    }

    @Test
    void whatIsNoFailureOfCadflowsIsEmpty() {
        assertThat(CadFailure.from(null)).isEmpty();
        assertThat(CadFailure.from(new IllegalStateException("other"))).isEmpty();
        assertThat(CadFailure.from(ApplicationFailure.newFailure("m", "SomeoneElses")))
                .isEmpty();
    }

    @Test
    void aFailureWhoseDetailsAreOfAnotherVersionKeepsTypeAndMessage() {
        ApplicationFailure failure = ApplicationFailure.newNonRetryableFailure("gone", "output_expired", List.of(1, 2));

        assertThat(CadFailure.from(failure))
                .contains(new CadFailure(FailureType.OUTPUT_EXPIRED, "gone", CadFailure.Details.NONE));
    }

    @Test
    void aWorkflowIdIsMadeOfTheCallersName() {
        assertThat(Cadflow.workflowId("Bracket B-12 / rev C")).isEqualTo("cadflow-bracket-b-12-rev-c");
        assertThatThrownBy(() -> Cadflow.workflowId("///"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("found \"///\"");
    }

    @Test
    void namesOfOtherScriptsAreToldApart() {
        String bracket = Cadflow.workflowId("ブラケット1");

        assertThat(bracket)
                .matches("cadflow-1-[0-9a-f]{16}")
                .isNotEqualTo(Cadflow.workflowId("カバー1"))
                .isEqualTo(Cadflow.workflowId("ブラケット1"));
        assertThat(Cadflow.workflowId("Stütze")).isNotEqualTo(Cadflow.workflowId("Stutze"));
        assertThat(Cadflow.workflowId("Stu\u0308tze")).isEqualTo(Cadflow.workflowId("STÜTZE"));
    }

    private static ArchiveResult diskFull(ArchiveInput input) {
        throw CadFailure.of(FailureType.ARCHIVE_UNAVAILABLE, "disk full").toApplicationFailure(null);
    }

    /** A larger workflow that makes a part. */
    @WorkflowInterface
    public interface Parent {
        @WorkflowMethod
        List<String> make(CadRequest request);
    }

    /** Answers the failure's type and the first field that was wrong. */
    public static final class ParentImpl implements Parent {
        @Override
        public List<String> make(CadRequest request) {
            try {
                return List.of(Workflow.newChildWorkflowStub(GenerateCadWorkflow.class)
                        .generate(request)
                        .jobId());
            } catch (ChildWorkflowFailure e) {
                CadFailure failure = CadFailure.from(e).orElseThrow(() -> e);
                return List.of(
                        failure.type().wireName(),
                        failure.details().problems().get(0).field());
            }
        }
    }
}
