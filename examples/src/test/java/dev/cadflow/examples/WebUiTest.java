package dev.cadflow.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cadflow.sandbox.Fault;
import dev.cadflow.sandbox.FaultKind;
import dev.cadflow.sandbox.FaultTarget;
import dev.cadflow.workflow.CadProgress;
import dev.cadflow.workflow.CadRequest;
import dev.cadflow.workflow.CadResult;
import dev.cadflow.workflow.Cadflow;
import dev.cadflow.workflow.testing.Eventually;
import dev.cadflow.workflow.testing.RealTemporal;
import io.temporal.api.common.v1.WorkflowExecution;
import io.temporal.client.WorkflowOptions;
import io.temporal.client.WorkflowStub;
import io.temporal.common.converter.EncodedValues;
import io.temporal.worker.WorkerFactory;
import io.temporal.workflow.DynamicWorkflow;
import io.temporal.workflow.Workflow;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What a person sees of cadflow in Temporal's Web UI. The pictures stay below target/screenshots. */
@ExtendWith(RealTemporal.class)
final class WebUiTest {
    private static final int WIDTH = 1500;

    private final RealTemporal.Server server;
    private final Browser browser;
    private final House house;

    WebUiTest(RealTemporal.Server server, @TempDir Path archive, @TempDir Path profile) throws Exception {
        this.server = server;
        this.browser = Browser.open(profile);
        this.house = House.start(server, archive);
    }

    @AfterEach
    void stop() {
        house.close();
        browser.close();
    }

    @Test
    void theListNamesEachWorkflowByIdTypeAndStatusWithoutSummaryAndMemo() {
        WorkflowStub workflow = start("Bracket for order A-17");
        workflow.getResult(CadResult.class);

        browser.show(page("/workflows"), WIDTH, 900)
                .awaitText(idOf(workflow), Cadflow.WORKFLOW_TYPE, "Completed")
                .screenshot("list");
        assertThat(browser.text()).contains(idOf(workflow)).doesNotContain("Bracket for order", "Ada");
    }

    @Test
    void aFinishedWorkflowTellsItsStepsAndWhatCameOfIt() {
        WorkflowStub workflow = start("Bracket for order A-17");
        CadResult result = workflow.getResult(CadResult.class);

        browser.show(page(workflow, "timeline"), WIDTH, 1100)
                .awaitText(
                        "Completed",
                        "Submit: standard STEP",
                        "Wait for job " + result.jobId() + ", then poll",
                        "Archive ")
                .screenshot("finished");
        browser.click("User Metadata")
                .awaitText(
                        "Bracket for order A-17",
                        "Done",
                        result.jobId(),
                        result.file().sha256(),
                        "It cost 1 Makistry request")
                .screenshot("finished-details");
        browser.click("Memo").awaitText("customer", "Ada").screenshot("finished-memo");
    }

    @Test
    void aWaitingWorkflowTellsWhatItWaitsForAndSinceWhen() {
        house.sandbox.faults().add(Fault.of(FaultTarget.SUBMIT, FaultKind.JOB_HELD));
        WorkflowStub workflow = start("Cover for order A-18");
        Eventually.until(() -> workflow.query("progress", CadProgress.class).stage() == CadProgress.Stage.WAITING);
        String job = house.sandbox.jobs().get(0).jobId();

        browser.show(page(workflow, "timeline"), WIDTH, 1100)
                .awaitText("Running", "Wait for job " + job + ", then poll")
                .screenshot("waiting");
        browser.click("User Metadata")
                .awaitText("Cover for order A-18", "Waiting for Makistry’s webhook", job, "asked for at")
                .screenshot("waiting-details");
    }

    @Test
    void aWorkflowThatThisBuildCannotReplayTellsWhyItDoesNotGoOn() {
        house.sandbox.faults().add(Fault.of(FaultTarget.SUBMIT, FaultKind.JOB_HELD));
        WorkflowStub workflow = start("Cover for order A-19");
        Eventually.until(() -> workflow.query("progress", CadProgress.class).stage() == CadProgress.Stage.WAITING);
        house.worker.close();
        WorkerFactory anotherBuild = WorkerFactory.newInstance(house.client);
        anotherBuild.newWorker(Cadflow.TASK_QUEUE).registerWorkflowImplementationTypes(RestsFirst.class);
        anotherBuild.start();
        workflow.signal("jobFinished", Map.of());

        try {
            browser.show(page(workflow, "history"), WIDTH, 1100)
                    .awaitText("Running", "Non Deterministic Error", "Workflow Task Failed", "[TMPRL1100]")
                    .screenshot("stuck");
        } finally {
            anotherBuild.shutdownNow();
            workflow.terminate("the picture is taken");
        }
    }

    /** A build whose author forgot that workflows are running. */
    public static final class RestsFirst implements DynamicWorkflow {
        @Override
        public Object execute(EncodedValues request) {
            Workflow.sleep(Duration.ofMillis(1));
            return "rested";
        }
    }

    private WorkflowStub start(String summary) {
        WorkflowStub workflow = house.client.newUntypedWorkflowStub(
                Cadflow.WORKFLOW_TYPE,
                WorkflowOptions.newBuilder()
                        .setTaskQueue(Cadflow.TASK_QUEUE)
                        .setWorkflowId("bracket-" + UUID.randomUUID().toString().substring(0, 8))
                        .setStaticSummary(summary)
                        .setMemo(Map.of("customer", "Ada"))
                        .build());
        workflow.start(CadRequest.of("A 40x20x10mm box with a 5mm through-hole"));
        return workflow;
    }

    private URI page(WorkflowStub workflow, String tab) {
        WorkflowExecution execution = workflow.getExecution();
        return page("/workflows/" + execution.getWorkflowId() + "/" + execution.getRunId() + "/" + tab);
    }

    private URI page(String path) {
        return URI.create(server.webUi() + "/namespaces/" + server.namespace() + path);
    }

    private static String idOf(WorkflowStub workflow) {
        return workflow.getExecution().getWorkflowId();
    }
}
