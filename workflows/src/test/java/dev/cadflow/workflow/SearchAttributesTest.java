package dev.cadflow.workflow;

import static dev.cadflow.workflow.ScriptedActivities.JOB;
import static dev.cadflow.workflow.ScriptedActivities.failed;
import static dev.cadflow.workflow.ScriptedActivities.succeeded;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cadflow.activity.SubmitResult;
import dev.cadflow.workflow.testing.Eventually;
import dev.cadflow.workflow.testing.RealTemporal;
import io.temporal.api.enums.v1.EventType;
import io.temporal.client.WorkflowFailedException;
import io.temporal.client.WorkflowStub;
import io.temporal.common.SearchAttributeKey;
import io.temporal.common.SearchAttributes;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(RealTemporal.class)
final class SearchAttributesTest {
    private final RealTemporal.Server server;
    private final RealBed bed;

    SearchAttributesTest(RealTemporal.Server server) {
        this.server = server;
        this.bed = new RealBed(server);
    }

    @AfterEach
    void stop() {
        bed.close();
    }

    @Test
    void aWorkflowWhoseWorkerFoundThemIsListedByJobModeFormatAndStatus() {
        RealTemporal.createSearchAttributes(server);
        bed.activities.whenSubmitted(
                input -> new SubmitResult(JOB, ScriptedActivities.WITH_CALLBACK, 1).withSearchAttributes());
        bed.startWorker();
        WorkflowStub workflow = bed.start(CadRequest.builder()
                .prompt("A box")
                .designMode(DesignMode.PRO)
                .outputFormat(OutputFormat.STL)
                .build());
        Eventually.until(() -> "waiting".equals(attribute(workflow, CadSearchAttributes.STATUS)));

        assertThat(attribute(workflow, CadSearchAttributes.JOB_ID)).isEqualTo(JOB);
        assertThat(attribute(workflow, CadSearchAttributes.DESIGN_MODE)).isEqualTo("pro");
        assertThat(attribute(workflow, CadSearchAttributes.OUTPUT_FORMAT)).isEqualTo("STL");
        workflow.signal("jobFinished", succeeded(JOB));
        workflow.getResult(CadResult.class);
        String query =
                "TaskQueue = '" + bed.taskQueue + "' AND CadflowStatus = 'done' AND CadflowJobId = '" + JOB + "'";
        Eventually.until(() -> bed.client.listExecutions(query).count() == 1);
        assertThat(bed.history(workflow)).hasSizeLessThanOrEqualTo(26);
    }

    @Test
    void theStatusOfAFailedWorkflowIsFailed() {
        RealTemporal.createSearchAttributes(server);
        bed.activities.whenSubmitted(
                input -> new SubmitResult(JOB, ScriptedActivities.WITH_CALLBACK, 1).withSearchAttributes());
        bed.startWorker();
        WorkflowStub workflow = bed.startWaiting();
        workflow.signal("jobFinished", failed(JOB, "geometry_validation_failed", "contradictory"));
        try {
            workflow.getResult(CadResult.class);
        } catch (WorkflowFailedException expected) {
            // Its search attributes are what is looked at.
        }

        assertThat(attribute(workflow, CadSearchAttributes.STATUS)).isEqualTo("failed");
    }

    @Test
    void aWorkflowWhoseWorkerFoundNoneSetsNone() {
        bed.startWorker();
        WorkflowStub workflow = bed.startWaiting();
        workflow.signal("jobFinished", succeeded(JOB));
        workflow.getResult(CadResult.class);

        assertThat(bed.has(workflow, EventType.EVENT_TYPE_UPSERT_WORKFLOW_SEARCH_ATTRIBUTES))
                .isFalse();
    }

    private static @Nullable String attribute(WorkflowStub workflow, SearchAttributeKey<String> key) {
        SearchAttributes attributes = workflow.describe().getTypedSearchAttributes();
        return attributes.containsKey(key) ? attributes.get(key) : null;
    }
}
