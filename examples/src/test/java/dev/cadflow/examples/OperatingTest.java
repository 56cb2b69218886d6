package dev.cadflow.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cadflow.worker.WorkerStartException;
import dev.cadflow.workflow.CadProgress;
import dev.cadflow.workflow.CadRequest;
import dev.cadflow.workflow.CadResult;
import dev.cadflow.workflow.Cadflow;
import dev.cadflow.workflow.GenerateCadWorkflow;
import dev.cadflow.workflow.testing.Command;
import dev.cadflow.workflow.testing.Eventually;
import dev.cadflow.workflow.testing.RealTemporal;
import io.temporal.api.enums.v1.WorkflowExecutionStatus;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowClientOptions;
import io.temporal.client.WorkflowException;
import io.temporal.client.WorkflowOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Runs the commands of docs/operating.md as they are printed there, in their order. */
@ExtendWith(RealTemporal.class)
final class OperatingTest {
    private static final Pattern COMMAND = Pattern.compile("```sh\\n(.*?)```", Pattern.DOTALL);

    private final RealTemporal.Server server;

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    Path archive;

    @SuppressWarnings("NullAway.Init") // each test starts its own
    private House house;

    OperatingTest(RealTemporal.Server server) {
        this.server = server;
    }

    @AfterEach
    void stop() {
        house.close();
    }

    @Test
    void everyCommandOfThePageDoesWhatThePageSays() throws Exception {
        RealTemporal.createSearchAttributes(server);
        house = House.start(server, archive, "CADFLOW_SEARCH_ATTRIBUTES", "true");
        house.sandbox.pause();
        List<String> commands = commands();
        assertThat(commands).hasSize(14);

        run(commands.get(0));
        Eventually.until(() -> stage("box-1") == CadProgress.Stage.WAITING);
        assertThat(run(commands.get(1))).contains("waiting", "pub_", "deadline_at");
        assertThat(run(commands.get(2))).contains("Waiting for Makistry's webhook");
        assertThat(run(commands.get(3))).contains("box-1", "GenerateCadWorkflow");
        assertThat(run(commands.get(4))).contains("ActivityTaskCompleted", "TimerStarted");

        run(commands.get(5));
        house.sandbox.finish(house.sandbox.jobs().get(0).jobId());
        assertThat(run(commands.get(6))).contains("sha256", "delivered_by");

        assertThat(run(commands.get(7))).contains("Resetting workflow box-1");
        assertThat(run(commands.get(6))).contains("sha256");
        assertThat(house.sandbox.counts().submitsCharged()).isEqualTo(1);
        assertThat(house.client
                        .newUntypedWorkflowStub("box-1")
                        .getResult(CadResult.class)
                        .jobId())
                .isEqualTo(house.sandbox.jobs().get(0).jobId());

        run(commands.get(8));
        Eventually.until(() -> stage("box-2") == CadProgress.Stage.CANCELLED);
        run(commands.get(9));
        Eventually.until(
                () -> house.client.newUntypedWorkflowStub("box-3").describe().getStatus()
                        == WorkflowExecutionStatus.WORKFLOW_EXECUTION_STATUS_TERMINATED);

        assertThat(run(commands.get(10))).doesNotContain("box-3");
        run(commands.get(11));
        Eventually.until(() -> run(commands.get(12)).contains("box-1"));
        assertThat(run(commands.get(13))).contains("Total:");
    }

    @Test
    void aWaitingWorkflowThatIsResetStillPaysOnce() throws Exception {
        house = House.start(server, archive, "CADFLOW_TASK_QUEUE", "reset");
        house.sandbox.pause();
        run("temporal workflow start --task-queue reset --type GenerateCadWorkflow --workflow-id reset-1"
                + " --input '{\"prompt\": \"A 30x30x30mm cube\"}'");
        Eventually.until(() -> stage("reset-1") == CadProgress.Stage.WAITING);

        run(commands().get(7).replace("box-1", "reset-1"));
        Eventually.until(() -> house.sandbox.counts().submitsRepeated() == 1);
        String jobId = house.sandbox.jobs().get(0).jobId();
        house.sandbox.finish(jobId);

        assertThat(run("temporal workflow result --workflow-id reset-1")).contains(jobId, "sha256");
        assertThat(house.sandbox.counts().submitsCharged()).isEqualTo(1);
    }

    @Test
    void aNamespaceWithoutTheSearchAttributesBreaksNoWorkflow() throws Exception {
        String bare = "bare-" + UUID.randomUUID();
        server.temporal("operator", "namespace", "create", "--namespace", bare).orThrow();
        WorkflowClient client = WorkflowClient.newInstance(
                server.client().getWorkflowServiceStubs(),
                WorkflowClientOptions.newBuilder().setNamespace(bare).build());
        house = startOnceKnown(client);

        assertThat(generate(client, Cadflow.TASK_QUEUE).makistryRequests()).isEqualTo(1);
    }

    @Test
    void aVersionedWorkerRunsItsJobsPinnedToItsBuild() throws Exception {
        String taskQueue = "versioned-" + UUID.randomUUID();
        house = House.start(
                server,
                archive,
                "CADFLOW_TASK_QUEUE",
                taskQueue,
                "CADFLOW_DEPLOYMENT_NAME",
                taskQueue,
                "CADFLOW_BUILD_ID",
                "1.4.0");
        Eventually.until(() -> server.temporal(
                                "worker",
                                "deployment",
                                "set-current-version",
                                "--deployment-name",
                                taskQueue,
                                "--build-id",
                                "1.4.0",
                                "--yes")
                        .exitCode()
                == 0);

        generate(house.client, taskQueue);

        String described = run("temporal workflow describe --workflow-id " + taskQueue + " --output json");
        assertThat(described).contains("VERSIONING_BEHAVIOR_PINNED", "1.4.0");
    }

    /** A namespace that was just created is known to the whole server only after a moment. */
    private House startOnceKnown(WorkflowClient client) throws Exception {
        while (true) {
            try {
                return House.start(client, archive, "CADFLOW_SEARCH_ATTRIBUTES", "true");
            } catch (WorkerStartException notYet) {
                Thread.onSpinWait();
            }
        }
    }

    private static CadResult generate(WorkflowClient client, String taskQueue) {
        return client.newWorkflowStub(
                        GenerateCadWorkflow.class,
                        WorkflowOptions.newBuilder()
                                .setTaskQueue(taskQueue)
                                .setWorkflowId(taskQueue)
                                .build())
                .generate(CadRequest.of("A 40x20x10mm box"));
    }

    private static List<String> commands() throws IOException {
        Path page = DocumentsTest.ROOT.resolve("docs/operating.md");
        return COMMAND.matcher(Files.readString(page))
                .results()
                .map((MatchResult match) -> match.group(1))
                .toList();
    }

    private String run(String command) {
        Map<String, String> environment = new HashMap<>(server.environment());
        environment.put("PATH", server.cli().getParent() + ":" + System.getenv("PATH"));
        return Command.run(List.of("sh", "-euc", command), environment).orThrow();
    }

    private CadProgress.Stage stage(String workflowId) {
        try {
            return house.client
                    .newUntypedWorkflowStub(workflowId)
                    .query("progress", CadProgress.class)
                    .stage();
        } catch (WorkflowException notYet) {
            return CadProgress.Stage.SUBMITTING;
        }
    }
}
