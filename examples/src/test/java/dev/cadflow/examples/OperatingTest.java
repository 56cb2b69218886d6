package dev.cadflow.examples;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.cadflow.sandbox.Fault;
import dev.cadflow.sandbox.FaultKind;
import dev.cadflow.sandbox.FaultTarget;
import dev.cadflow.worker.WorkerStartException;
import dev.cadflow.workflow.CadProgress;
import dev.cadflow.workflow.CadRequest;
import dev.cadflow.workflow.CadResult;
import dev.cadflow.workflow.CadSearchAttributes;
import dev.cadflow.workflow.Cadflow;
import dev.cadflow.workflow.GenerateCadWorkflow;
import dev.cadflow.workflow.testing.Eventually;
import dev.cadflow.workflow.testing.RealTemporal;
import io.temporal.api.enums.v1.WorkflowExecutionStatus;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowClientOptions;
import io.temporal.client.WorkflowOptions;
import io.temporal.common.SearchAttributeKey;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** Runs the commands of the README and of the operators' page as they are printed there. */
@ExtendWith(RealTemporal.class)
final class OperatingTest {
    private static final Pattern KEYWORD = Pattern.compile("(Cad\\w+)\\s+Keyword");
    private static final String TOKEN = "a-token-that-is-long-enough";

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
        WorkflowClient client = namespaceOfItsOwn();
        PrintedCommands page = page("docs/operating.md", client);
        house = startOnceKnown(client);

        startsAndLooks(page);
        tellsThatTheJobIsOverAndRunsItAgain(page);
        stops(page);
        lists(page, client);
        readsEncryptedPayloads(page, client);
        rollsOutABuild(page, client);

        page.thatIsAll();
    }

    private void startsAndLooks(PrintedCommands page) {
        house.sandbox.pause();
        page.run("--static-summary");
        house.awaitStage(CadProgress.Stage.WAITING, "box-1");

        assertThat(page.run("--type progress\n")).contains("waiting", "pub_", "deadline_at");
        assertThat(page.run("workflow metadata")).contains("Waiting for Makistry's webhook");
        assertThat(page.run("workflow describe"))
                .contains("box-1", "GenerateCadWorkflow")
                .containsPattern("Memo +map\\[customer:.*Ada")
                .containsPattern("StaticSummary +\"Box for order A-17\"");
        assertThat(page.run("workflow show --workflow-id box-1\n")).contains("ActivityTaskCompleted", "TimerStarted");
        assertThat(page.run("task-queue describe")).containsPattern("workflow +\\d+@");
    }

    private void tellsThatTheJobIsOverAndRunsItAgain(PrintedCommands page) {
        String jobId = house.sandbox.jobs().get(0).jobId();
        house.sandbox.faults().add(Fault.of(FaultTarget.WEBHOOK, FaultKind.WEBHOOK_DROPPED));
        house.sandbox.finish(jobId);
        page.run("--name jobFinished");
        assertThat(page.run("workflow result")).contains("sha256", "delivered_by", "webhook");
        assertThat(house.sandbox.counts().apiRequests())
                .as("submit and download URL, no poll")
                .isEqualTo(2);

        assertThat(page.run("workflow reset")).contains("Resetting workflow box-1");
        assertThat(page.run("workflow result")).contains("sha256", jobId);
        assertThat(house.sandbox.counts().submitsRepeated()).isEqualTo(1);
        assertThat(house.sandbox.counts().submitsCharged()).isEqualTo(1);
    }

    private void stops(PrintedCommands page) {
        page.run("workflow cancel");
        house.awaitStage(CadProgress.Stage.CANCELLED, "box-2");

        page.run("workflow terminate");
        Eventually.until(
                () -> house.client.newUntypedWorkflowStub("box-3").describe().getStatus()
                        == WorkflowExecutionStatus.WORKFLOW_EXECUTION_STATUS_TERMINATED);
    }

    private void lists(PrintedCommands page, WorkflowClient client) throws Exception {
        page.run("search-attribute create");
        assertThat(keywords(client)).containsExactlyInAnyOrderElementsOf(namesOfAll());
        Eventually.until(() -> page.tryToRun("workflow count").exitCode() == 0);
        startAgain(client, "CADFLOW_SEARCH_ATTRIBUTES", "true");
        house.sandbox.pause();
        page.run("--static-summary");

        Eventually.until(() -> page.run("workflow count").contains("Total: 1"));
        Eventually.until(() -> page.run("ExecutionStatus = 'Running'").contains("box-1"));
        assertThat(page.run("ExecutionStatus = 'Running'")).doesNotContain("box-2", "box-3");
        house.sandbox.resume();
        Eventually.until(() -> page.run("CadflowStatus = 'done'").contains("box-1"));
    }

    private void readsEncryptedPayloads(PrintedCommands page, WorkflowClient client) throws Exception {
        startAgain(
                client,
                "CADFLOW_CODEC_KEYS",
                "k1:" + Base64.getEncoder().encodeToString("k".repeat(32).getBytes(UTF_8)),
                "CADFLOW_CODEC_LISTEN",
                "127.0.0.1:0",
                "CADFLOW_CODEC_TOKEN",
                TOKEN);
        page.run("--static-summary");
        page.run("workflow result");

        assertThat(page.run("workflow show --workflow-id box-1\n")).doesNotContain("sha256");
        assertThat(page.run(
                        "--codec-endpoint",
                        "http://127.0.0.1:8089",
                        house.worker.codecUrl().orElseThrow().toString(),
                        "TOKEN",
                        TOKEN))
                .contains("sha256");
    }

    private void rollsOutABuild(PrintedCommands page, WorkflowClient client) throws Exception {
        startAgain(client, "CADFLOW_DEPLOYMENT_NAME", "cadflow", "CADFLOW_BUILD_ID", "1.4.0");
        Eventually.until(() -> page.tryToRun("set-current-version").exitCode() == 0);
        page.run("--static-summary");
        page.run("workflow result");

        assertThat(page.run("workflow describe")).contains("Pinned", "1.4.0");
        assertThat(page.run("deployment describe"))
                .containsPattern("CurrentVersionBuildID +1\\.4\\.0")
                .contains("DrainageStatus");
    }

    @Test
    void theReadmeStartsAWorkflowFromAnywhere() throws Exception {
        house = House.start(server, archive);
        PrintedCommands readme = page("README.md", house.client);

        assertThat(readme.run("workflow start")).contains("box-1", "\"stage\"", "sha256");
        readme.thatIsAll();
    }

    @Test
    void aWaitingWorkflowThatIsResetStillPaysOnce() throws Exception {
        house = House.start(server, archive);
        house.sandbox.pause();
        PrintedCommands page = page("docs/operating.md", house.client);
        page.run("--static-summary");
        house.awaitStage(CadProgress.Stage.WAITING, "box-1");

        page.run("workflow reset");
        Eventually.until(() -> house.sandbox.counts().submitsRepeated() == 1);
        String jobId = house.sandbox.jobs().get(0).jobId();
        house.sandbox.finish(jobId);

        assertThat(page.run("workflow result")).contains(jobId, "sha256");
        assertThat(house.sandbox.counts().submitsCharged()).isEqualTo(1);
    }

    @Test
    void aNamespaceWithoutTheSearchAttributesBreaksNoWorkflow() throws Exception {
        WorkflowClient client = namespaceOfItsOwn();
        house = startOnceKnown(client, "CADFLOW_SEARCH_ATTRIBUTES", "true");

        CadResult result = client.newWorkflowStub(
                        GenerateCadWorkflow.class,
                        WorkflowOptions.newBuilder()
                                .setTaskQueue(Cadflow.TASK_QUEUE)
                                .build())
                .generate(CadRequest.of("A 40x20x10mm box"));
        assertThat(result.makistryRequests()).isEqualTo(1);
    }

    @Test
    void aWorkerThatFindsNoSearchAttributesWarnsWithTheCommandThatCreatesThem() throws Exception {
        Logger logger = (Logger) LoggerFactory.getLogger("dev.cadflow.worker.SearchAttributes");
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        log.start();
        logger.addAppender(log);
        WorkflowClient client = namespaceOfItsOwn();
        house = startOnceKnown(client, "CADFLOW_SEARCH_ATTRIBUTES", "true");
        logger.detachAppender(log);

        String warning = log.list.get(log.list.size() - 1).getFormattedMessage();
        String command = warning.substring(warning.indexOf("operator search-attribute create"));
        server.temporal((command + " --namespace " + client.getOptions().getNamespace()).split(" "))
                .orThrow();
        assertThat(keywords(client)).containsExactlyInAnyOrderElementsOf(namesOfAll());
    }

    private static List<String> namesOfAll() {
        return CadSearchAttributes.ALL.stream().map(SearchAttributeKey::getName).toList();
    }

    private WorkflowClient namespaceOfItsOwn() {
        String namespace = "operating-" + UUID.randomUUID();
        server.temporal("operator", "namespace", "create", "--namespace", namespace)
                .orThrow();
        return WorkflowClient.newInstance(
                server.client().getWorkflowServiceStubs(),
                WorkflowClientOptions.newBuilder().setNamespace(namespace).build());
    }

    /** A namespace that was just created is known to the whole server only after a moment. */
    private House startOnceKnown(WorkflowClient client, String... settings) throws Exception {
        while (true) {
            try {
                return House.start(client, archive, settings);
            } catch (WorkerStartException notYet) {
                Thread.onSpinWait();
            }
        }
    }

    /** The same with other settings, and a Makistry that knows nothing of the earlier one's jobs. */
    private void startAgain(WorkflowClient client, String... settings) throws Exception {
        house.close();
        house = House.start(client, archive, settings);
    }

    private PrintedCommands page(String document, WorkflowClient client) {
        return PrintedCommands.of(document, server, client.getOptions().getNamespace());
    }

    private List<String> keywords(WorkflowClient client) {
        String listed = server.temporal(
                        "operator",
                        "search-attribute",
                        "list",
                        "--namespace",
                        client.getOptions().getNamespace())
                .orThrow();
        return KEYWORD.matcher(listed)
                .results()
                .map((MatchResult found) -> found.group(1))
                .toList();
    }
}
