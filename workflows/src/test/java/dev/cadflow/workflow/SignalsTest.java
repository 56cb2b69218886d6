package dev.cadflow.workflow;

import static dev.cadflow.workflow.ScriptedActivities.JOB;
import static dev.cadflow.workflow.ScriptedActivities.finished;
import static dev.cadflow.workflow.ScriptedActivities.succeeded;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cadflow.activity.PollResult;
import dev.cadflow.activity.SubmitResult;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SignalsTest {
    private static final CadRequest BOX = CadRequest.of("A 40x20x10mm box");

    private final WorkflowTestBed bed = new WorkflowTestBed();

    @AfterEach
    void stop() {
        bed.close();
    }

    @Test
    void aSignalThatComesBeforeTheSubmitReturnsIsKept() {
        CountDownLatch signalled = new CountDownLatch(1);
        bed.activities.whenSubmitted(input -> {
            await(signalled);
            return new SubmitResult(JOB, ScriptedActivities.WITH_CALLBACK, 1);
        });
        WorkflowTestBed.Started workflow = bed.start(BOX);
        workflow.signal(succeeded(JOB));
        signalled.countDown();

        assertThat(workflow.result().deliveredBy()).isEqualTo(DeliveredBy.WEBHOOK);
        assertThat(bed.activities.polls).isEmpty();
    }

    @Test
    void theFirstOfTwoSignalsCountsAndTheSecondDoesNoHarm() {
        WorkflowTestBed.Started workflow = bed.start(BOX);
        bed.skip(Duration.ofSeconds(10));
        workflow.signal(succeeded(JOB)).signal(ScriptedActivities.failed(JOB, "other", "second"));

        assertThat(workflow.result().jobId()).isEqualTo(JOB);
        assertThat(workflow.progress().ignoredSignals()).isEqualTo(1);
        assertThat(bed.activities.archives).hasSize(1);
    }

    @Test
    void aSignalForAnotherJobIsIgnoredAndCounted() {
        WorkflowTestBed.Started workflow = bed.start(BOX);
        bed.skip(Duration.ofSeconds(10));
        workflow.signal(succeeded("pub_ffffffffffff"));
        bed.skip(Duration.ofSeconds(1));

        assertThat(workflow.progress().stage()).isEqualTo(CadProgress.Stage.WAITING);
        assertThat(workflow.progress().ignoredSignals()).isEqualTo(1);
        assertThat(workflow.signal(succeeded(JOB)).result().jobId()).isEqualTo(JOB);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "null",
                "42",
                "\"pub_a1b2c3d4e5f6\"",
                "[]",
                "{}",
                "{\"job_id\": 7, \"status\": \"success\"}",
                "{\"job_id\": \"pub_a1b2c3d4e5f6\"}",
                "{\"job_id\": \"pub_a1b2c3d4e5f6\", \"status\": {}}",
                "{\"job_id\": \"pub_a1b2c3d4e5f6\", \"status\": \"success\", \"tokens_used\": [\"many\"]}",
                "{\"job_id\": \"pub_a1b2c3d4e5f6\", \"status\": \"processing\"}",
                "{\"job_id\": \"pub_a1b2c3d4e5f6\", \"status\": \"rendering\"}"
            })
    void aSignalThatSaysNoEndIsIgnoredAndTheJobIsStillDelivered(String json) {
        WorkflowTestBed.Started workflow = bed.start(BOX);
        bed.skip(Duration.ofSeconds(10));
        workflow.signalJson(json);
        bed.skip(Duration.ofSeconds(1));

        assertThat(workflow.progress().ignoredSignals()).isEqualTo(1);
        assertThat(workflow.signal(succeeded(JOB)).result().jobId()).isEqualTo(JOB);
    }

    @Test
    void aSignalWithoutAnArgumentIsIgnored() {
        WorkflowTestBed.Started workflow = bed.start(BOX);
        bed.skip(Duration.ofSeconds(10));
        workflow.stub.signal("jobFinished");

        assertThat(workflow.signal(succeeded(JOB)).result().jobId()).isEqualTo(JOB);
    }

    @Test
    void fieldsOfTomorrowDoNoHarm() {
        WorkflowTestBed.Started workflow = bed.start(BOX);
        workflow.signalJson("""
                {"job_id": "pub_a1b2c3d4e5f6", "status": "success", "output_format": "STEP", "carbon": {"grams": 3}}
                """);

        assertThat(workflow.result().jobId()).isEqualTo(JOB);
    }

    @Test
    void aDownloadUrlThatIsNotSealedNeverReachesTheArchive() {
        WorkflowTestBed.Started workflow = bed.start(BOX);
        workflow.signal(finished(JOB, "success", "https://storage.example.com/f?signature=s3cret", null, null));

        workflow.result();

        assertThat(bed.activities.archives.get(0).job().downloadUrl()).isNull();
    }

    @Test
    void afterManyForeignSignalsAPollStillFindsTheJob() {
        bed.activities.whenPolled(number -> new PollResult("success", succeeded(JOB), 1));
        WorkflowTestBed.Started workflow = bed.start(BOX);
        for (int i = 0; i < 40; i++) {
            workflow.signal(succeeded("pub_%012d".formatted(i)));
        }

        assertThat(workflow.result().deliveredBy()).isEqualTo(DeliveredBy.POLL);
        assertThat(workflow.progress().ignoredSignals()).isEqualTo(40);
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
