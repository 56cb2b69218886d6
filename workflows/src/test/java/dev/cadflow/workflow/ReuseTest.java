package dev.cadflow.workflow;

import static dev.cadflow.workflow.ScriptedActivities.EARLIER;
import static dev.cadflow.workflow.ScriptedActivities.JOB;
import static dev.cadflow.workflow.ScriptedActivities.succeeded;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cadflow.activity.ArchiveInput;
import dev.cadflow.activity.SubmitResult;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What {@code reuse} in a request does. */
final class ReuseTest {
    private static final CadRequest REQUEST = CadRequest.builder()
            .prompt("A box")
            .metadata(Map.of("order", "A-17"))
            .reuse(true)
            .build();

    private final WorkflowTestBed bed = new WorkflowTestBed();

    @AfterEach
    void close() {
        bed.close();
    }

    @Test
    void anIdenticalEarlierRequestIsAnsweredFromTheArchiveForNothing() {
        bed.activities.havingArchived(EARLIER);

        CadResult result = bed.start(REQUEST).result();

        assertThat(result.deliveredBy()).isEqualTo(DeliveredBy.ARCHIVE);
        assertThat(result.makistryRequests()).isZero();
        assertThat(result.jobId()).isEqualTo(EARLIER.jobId());
        assertThat(result.file()).isEqualTo(EARLIER.file());
        assertThat(result.manifestUri()).isEqualTo(EARLIER.manifestUri());
        assertThat(result.tokensUsed()).isEqualTo(8420);
        assertThat(result.metadata()).containsEntry("order", "A-17");
        assertThat(bed.activities.submits).isEmpty();
        assertThat(bed.activities.archives).isEmpty();
    }

    @Test
    void itIsSaidSoInTheWordsOfTheContract() {
        bed.activities.havingArchived(EARLIER);

        assertThat(bed.start("{\"prompt\": \"A box\", \"reuse\": true}")
                        .resultJson()
                        .get("delivered_by")
                        .asText())
                .isEqualTo("archive");
    }

    @Test
    void whereTheArchiveHasNothingTheJobIsMade() {
        CadResult result = bed.start(REQUEST).signal(succeeded(JOB)).result();

        assertThat(result.deliveredBy()).isEqualTo(DeliveredBy.WEBHOOK);
        assertThat(result.makistryRequests()).isEqualTo(1);
        assertThat(bed.activities.finds).hasSize(1);
    }

    @Test
    void whoDoesNotAskForItIsMadeANewFile() {
        bed.activities.havingArchived(EARLIER);

        CadResult result =
                bed.start(CadRequest.of("A box")).signal(succeeded(JOB)).result();

        assertThat(result.jobId()).isEqualTo(JOB);
        assertThat(bed.activities.finds).isEmpty();
    }

    @Test
    void anAdoptedJobIsThatJobWhateverTheArchiveHas() {
        bed.activities.havingArchived(EARLIER);

        CadResult result = bed.start(CadRequest.builder().jobId(JOB).reuse(true).build())
                .signal(succeeded(JOB))
                .result();

        assertThat(result.jobId()).isEqualTo(JOB);
        assertThat(bed.activities.finds).isEmpty();
    }

    @Test
    void theFingerprintGoesFromTheSubmitToTheArchive() {
        String fingerprint = "ef".repeat(32);
        bed.activities.whenSubmitted(
                input -> new SubmitResult(JOB, ScriptedActivities.WITH_CALLBACK, 1).withFingerprint(fingerprint));

        bed.start(CadRequest.of("A box")).signal(succeeded(JOB)).result();

        assertThat(bed.activities.archives)
                .extracting(ArchiveInput::fingerprint)
                .containsExactly(fingerprint);
    }
}
