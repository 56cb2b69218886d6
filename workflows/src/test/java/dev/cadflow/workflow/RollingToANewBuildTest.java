package dev.cadflow.workflow;

import static dev.cadflow.workflow.ScriptedActivities.JOB;
import static dev.cadflow.workflow.ScriptedActivities.succeeded;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cadflow.activity.ArchiveInput;
import dev.cadflow.workflow.testing.Eventually;
import dev.cadflow.workflow.testing.RealTemporal;
import io.temporal.client.WorkflowStub;
import io.temporal.common.WorkerDeploymentVersion;
import io.temporal.worker.WorkerDeploymentOptions;
import io.temporal.worker.WorkerFactory;
import io.temporal.worker.WorkerOptions;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
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

    private WorkerFactory startBuild(String buildId, ScriptedActivities activities) {
        WorkerDeploymentOptions options = WorkerDeploymentOptions.newBuilder()
                .setUseVersioning(true)
                .setVersion(new WorkerDeploymentVersion(deployment, buildId))
                .build();
        return bed.startWorker(
                WorkerOptions.newBuilder().setDeploymentOptions(options).build(),
                worker -> Cadflow.register(worker, activities));
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
