package dev.cadflow.workflow;

import static dev.cadflow.workflow.ScriptedActivities.JOB;
import static dev.cadflow.workflow.ScriptedActivities.succeeded;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.cadflow.activity.ArchiveInput;
import dev.cadflow.activity.BatchPart;
import dev.cadflow.activity.SubmitInput;
import dev.cadflow.workflow.testing.Eventually;
import dev.cadflow.workflow.testing.RealTemporal;
import io.temporal.client.WorkflowStub;
import io.temporal.common.WorkerDeploymentVersion;
import io.temporal.worker.Worker;
import io.temporal.worker.WorkerDeploymentOptions;
import io.temporal.worker.WorkerFactory;
import io.temporal.worker.WorkerOptions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(RealTemporal.class)
final class RollingToANewBuildTest {
    private final RealTemporal.Server server;
    private final RealBed bed;
    private final String deployment = "cadflow-" + UUID.randomUUID();
    private final ScriptedActivities blue = new ScriptedActivities(Instant::now);
    private final ScriptedActivities green = new ScriptedActivities(Instant::now);

    RollingToANewBuildTest(RealTemporal.Server server) {
        this.server = server;
        this.bed = new RealBed(server);
    }

    @AfterEach
    void stop() {
        bed.close();
    }

    @Test
    void everyJobEndsOnTheBuildThatItBeganOn() {
        startBuild("blue", blue);
        setCurrent("blue");
        List<WorkflowStub> early = List.of(bed.startWaiting(), bed.startWaiting());
        startBuild("green", green);
        setCurrent("green");
        WorkflowStub late = bed.startWaiting();

        early.forEach(workflow -> workflow.signal("jobFinished", succeeded(JOB)));
        late.signal("jobFinished", succeeded(JOB));
        early.forEach(workflow -> workflow.getResult(CadResult.class));
        late.getResult(CadResult.class);

        assertThat(archived(blue)).containsExactlyInAnyOrderElementsOf(ids(early));
        assertThat(archived(green)).containsExactlyElementsOf(ids(List.of(late)));
    }

    @Test
    void aJobWaitsForItsBuildWhereThatIsDown() {
        WorkerFactory first = startBuild("blue", blue);
        setCurrent("blue");
        WorkflowStub early = bed.startWaiting();
        startBuild("green", green);
        setCurrent("green");
        first.shutdownNow();
        early.signal("jobFinished", succeeded(JOB));
        WorkflowStub late = bed.startWaiting();
        late.signal("jobFinished", succeeded(JOB));
        late.getResult(CadResult.class);

        assertThat(archived(green)).containsExactlyElementsOf(ids(List.of(late)));
        startBuild("blue", blue);
        early.getResult(CadResult.class);
        assertThat(archived(blue)).containsExactlyElementsOf(ids(List.of(early)));
    }

    @Test
    void aBatchStaysWithItsPartsOnTheBuildThatItBeganOnThoughItContinuesAsNew() {
        PartActivities blueParts = new PartActivities(Duration.ofMillis(100));
        PartActivities greenParts = new PartActivities(Duration.ofMillis(100));
        startBuild("blue", worker -> Cadflow.register(worker, blueParts, listing(402)));
        setCurrent("blue");
        WorkflowStub early = bed.start(CadBatchRequest.ofFile(InMemoryBatches.FILE));
        Eventually.until(() -> blueParts.submits.size() == 1);
        startBuild("green", worker -> Cadflow.register(worker, greenParts, listing(1)));
        setCurrent("green");
        WorkflowStub late = bed.start(CadBatchRequest.ofFile(InMemoryBatches.FILE));
        Eventually.until(() -> greenParts.submits.size() == 1);

        finish(blueParts.submits.remove());
        Eventually.until(() -> blueParts.submits.size() == 1);
        finish(blueParts.submits.remove());
        finish(greenParts.submits.remove());

        assertThat(early.getResult(CadBatchResult.class).counts()).isEqualTo(new CadBatchCounts(402, 2, 400, 0, 0, 0));
        assertThat(late.getResult(CadBatchResult.class).counts()).isEqualTo(new CadBatchCounts(1, 1, 0, 0, 0, 0));
        assertThat(RealBed.runs(bed.client, early.getExecution())).hasSize(2);
        assertThat(blueParts.submits).isEmpty();
        assertThat(greenParts.submits).isEmpty();
    }

    /** A file whose first and last parts wait for their webhooks; those between cannot be read. */
    private static InMemoryBatches listing(int parts) {
        InMemoryBatches batches = new InMemoryBatches();
        JsonNode endless = JsonNodeFactory.instance.objectNode().put("prompt", PartActivities.ENDLESS);
        batches.list(IntStream.rangeClosed(1, parts)
                .mapToObj(number -> number == 1 || number == parts
                        ? BatchPart.of(number, null, endless)
                        : BatchPart.broken(number, null, "expected a JSON object"))
                .toList());
        return batches;
    }

    private void finish(SubmitInput submit) {
        bed.client
                .newUntypedWorkflowStub(submit.workflowId())
                .signal("jobFinished", succeeded(PartActivities.jobId(submit)));
    }

    private WorkerFactory startBuild(String buildId, ScriptedActivities activities) {
        return startBuild(buildId, worker -> Cadflow.register(worker, activities));
    }

    private WorkerFactory startBuild(String buildId, Consumer<Worker> registration) {
        WorkerDeploymentOptions options = WorkerDeploymentOptions.newBuilder()
                .setUseVersioning(true)
                .setVersion(new WorkerDeploymentVersion(deployment, buildId))
                .build();
        return bed.startWorker(
                WorkerOptions.newBuilder().setDeploymentOptions(options).build(), registration);
    }

    /** The server knows a build once its worker polls. */
    private void setCurrent(String buildId) {
        Eventually.until(() -> server.temporal(
                                "worker",
                                "deployment",
                                "set-current-version",
                                "--deployment-name",
                                deployment,
                                "--build-id",
                                buildId,
                                "--yes")
                        .exitCode()
                == 0);
    }

    private static List<String> archived(ScriptedActivities activities) {
        return activities.archives.stream().map(ArchiveInput::workflowId).toList();
    }

    private static List<String> ids(List<WorkflowStub> workflows) {
        return workflows.stream()
                .map(workflow -> workflow.getExecution().getWorkflowId())
                .toList();
    }
}
