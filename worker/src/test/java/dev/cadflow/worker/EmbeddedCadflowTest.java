package dev.cadflow.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.cadflow.sandbox.SandboxOptions;
import dev.cadflow.sandbox.SandboxServer;
import dev.cadflow.worker.testing.InMemoryTemporal;
import dev.cadflow.worker.testing.Ports;
import dev.cadflow.workflow.CadRequest;
import dev.cadflow.workflow.CadResult;
import dev.cadflow.workflow.DeliveredBy;
import dev.cadflow.workflow.GenerateCadWorkflow;
import io.temporal.api.history.v1.HistoryEvent;
import io.temporal.client.WorkflowOptions;
import io.temporal.worker.Worker;
import io.temporal.worker.WorkerFactory;
import io.temporal.worker.WorkerFactoryOptions;
import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** cadflow in a worker process of a user's own. */
final class EmbeddedCadflowTest {
    private static final String OWN_QUEUE = "machine-shop";

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    Path folder;

    private final InMemoryTemporal temporal = new InMemoryTemporal();

    @SuppressWarnings("NullAway.Init") // JUnit calls start
    private SandboxServer sandbox;

    @BeforeEach
    void start() throws Exception {
        sandbox = SandboxServer.start(
                SandboxOptions.builder().timeScale(0.01).noQuota().build());
    }

    @AfterEach
    void stop() {
        sandbox.close();
        temporal.close();
    }

    @Test
    void aPluginPutsCadflowOnAUsersOwnWorkerBesideItsOwnWorkflows() throws Exception {
        WorkerFactory factory = WorkerFactory.newInstance(
                temporal.client(),
                WorkerFactoryOptions.newBuilder()
                        .setPlugins(CadflowPlugin.open(config(), temporal.client()))
                        .build());
        Worker worker = factory.newWorker(OWN_QUEUE);
        worker.registerWorkflowImplementationTypes(GreetingImpl.class);
        factory.start();

        CadResult result = generate(OWN_QUEUE);

        assertThat(result.deliveredBy()).isEqualTo(DeliveredBy.WEBHOOK);
        assertThat(Files.size(Path.of(result.file().uri())))
                .isEqualTo(result.file().sizeBytes());
        assertThat(greet()).isEqualTo("hello");
        factory.shutdownNow();
    }

    @Test
    void aPluginForSomeTaskQueuesLeavesTheOtherWorkersAlone() throws Exception {
        WorkerFactory factory = WorkerFactory.newInstance(
                temporal.client(),
                WorkerFactoryOptions.newBuilder()
                        .setPlugins(CadflowPlugin.open(config(), temporal.client(), "cad"))
                        .build());
        // It would be refused a type that the plugin had registered.
        factory.newWorker(OWN_QUEUE).registerWorkflowImplementationTypes(AnotherGenerateCad.class);
        factory.newWorker("cad");
        factory.start();

        assertThat(generate("cad").makistryRequests()).isEqualTo(1);
        factory.shutdownNow();
    }

    @Test
    void theReceiverOfAPluginStopsWithItsFactory() throws Exception {
        WorkerConfig config = config();
        WorkerFactory factory = WorkerFactory.newInstance(
                temporal.client(),
                WorkerFactoryOptions.newBuilder()
                        .setPlugins(CadflowPlugin.open(config, temporal.client()))
                        .build());
        factory.newWorker(OWN_QUEUE);
        factory.start();
        factory.shutdownNow();

        // The address is free again once the receiver has stopped.
        EmbeddedCadflow again = openOnceFree(config);
        assertThat(again.webhookUrl()).isPresent();
        again.close();
    }

    @Test
    void withoutThePluginTwoLinesDoTheSame() throws Exception {
        WorkerFactory factory = WorkerFactory.newInstance(temporal.client());
        try (EmbeddedCadflow cadflow = EmbeddedCadflow.open(config(), temporal.client())) {
            cadflow.register(factory, factory.newWorker(OWN_QUEUE));
            factory.start();

            assertThat(generate(OWN_QUEUE).deliveredBy()).isEqualTo(DeliveredBy.WEBHOOK);
            factory.shutdownNow();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void submitsAndPollsGoToTheFleetsTaskQueueAtItsRate(boolean plugin) throws Exception {
        Map<String, String> environment = environment();
        environment.put("CADFLOW_API_TASK_QUEUE", "cadflow-api");
        environment.put("CADFLOW_API_REQUESTS_PER_HOUR", "72");
        WorkerConfig config = WorkerConfig.from(environment);
        WorkerFactoryOptions.Builder options = WorkerFactoryOptions.newBuilder();
        if (plugin) {
            options.setPlugins(CadflowPlugin.open(config, temporal.client()));
        }
        WorkerFactory factory = WorkerFactory.newInstance(temporal.client(), options.build());
        List<Worker> workers = List.of(factory.newWorker(OWN_QUEUE), factory.newWorker("another"));
        try (EmbeddedCadflow cadflow = plugin ? null : EmbeddedCadflow.open(config, temporal.client())) {
            if (cadflow != null) {
                workers.forEach(worker -> cadflow.register(factory, worker));
            }
            factory.start();

            for (Worker worker : workers) {
                String workflowId = "on-" + worker.getTaskQueue();
                generate(worker.getTaskQueue(), workflowId);
                assertThat(taskQueues(workflowId))
                        .isEqualTo(Map.of("SubmitCadJob", "cadflow-api", "ArchiveCadFile", worker.getTaskQueue()));
            }
            assertThat(factory.getWorker("cadflow-api").getWorkerOptions().getMaxTaskQueueActivitiesPerSecond())
                    .isEqualTo(0.02);
            factory.shutdownNow();
        }
    }

    @Test
    void archivingOnATaskQueueOfItsOwnIsBounded() throws Exception {
        Map<String, String> environment = environment();
        environment.put("CADFLOW_ARCHIVE_TASK_QUEUE", "cadflow-archive");
        environment.put("CADFLOW_ARCHIVES_AT_ONCE", "3");
        WorkerFactory factory = WorkerFactory.newInstance(temporal.client());
        try (EmbeddedCadflow cadflow = EmbeddedCadflow.open(WorkerConfig.from(environment), temporal.client())) {
            cadflow.register(factory, factory.newWorker(OWN_QUEUE));

            assertThat(factory.getWorker("cadflow-archive").getWorkerOptions().getMaxConcurrentActivityExecutionSize())
                    .isEqualTo(3);
            factory.shutdownNow();
        }
    }

    @Test
    void theFleetsTaskQueueIsSharedWithNoOtherWorkerOfTheFactory() throws Exception {
        Map<String, String> environment = environment();
        environment.put("CADFLOW_API_TASK_QUEUE", "taken");
        WorkerFactory factory = WorkerFactory.newInstance(temporal.client());
        factory.newWorker("taken");
        try (EmbeddedCadflow cadflow = EmbeddedCadflow.open(WorkerConfig.from(environment), temporal.client())) {
            assertThatIllegalStateException()
                    .isThrownBy(() -> cadflow.register(factory, factory.newWorker(OWN_QUEUE)))
                    .withMessageStartingWith("CADFLOW_API_TASK_QUEUE: expected a task queue that no other worker");
        }
    }

    @Test
    void itDoesNotStartWithKeysForPayloadsThatItsClientWouldNotEncrypt() {
        Map<String, String> environment = environment();
        environment.put("CADFLOW_CODEC_KEYS", "k1:bm5ubm5ubm5ubm5ubm5ubm5ubm5ubm5ubm5ubm5ubm4=");

        assertThatExceptionOfType(WorkerStartException.class)
                .isThrownBy(() -> EmbeddedCadflow.open(WorkerConfig.from(environment), temporal.client()))
                .withMessageStartingWith("CADFLOW_CODEC_KEYS: expected a Temporal client that encrypts");
    }

    private static EmbeddedCadflow openOnceFree(WorkerConfig config, InMemoryTemporal temporal) {
        while (true) {
            try {
                return EmbeddedCadflow.open(config, temporal.client());
            } catch (WorkerStartException taken) {
                Thread.onSpinWait();
            }
        }
    }

    private EmbeddedCadflow openOnceFree(WorkerConfig config) {
        return openOnceFree(config, temporal);
    }

    private CadResult generate(String taskQueue) {
        return generate(taskQueue, "cadflow-on-" + taskQueue);
    }

    private CadResult generate(String taskQueue, String workflowId) {
        return temporal.client()
                .newWorkflowStub(
                        GenerateCadWorkflow.class,
                        WorkflowOptions.newBuilder()
                                .setTaskQueue(taskQueue)
                                .setWorkflowId(workflowId)
                                .build())
                .generate(CadRequest.of("A 40x20x10mm box"));
    }

    private Map<String, String> taskQueues(String workflowId) {
        return temporal.client().fetchHistory(workflowId).getEvents().stream()
                .filter(HistoryEvent::hasActivityTaskScheduledEventAttributes)
                .map(HistoryEvent::getActivityTaskScheduledEventAttributes)
                .collect(Collectors.toMap(
                        event -> event.getActivityType().getName(),
                        event -> event.getTaskQueue().getName()));
    }

    private String greet() {
        return temporal.client()
                .newWorkflowStub(
                        Greeting.class,
                        WorkflowOptions.newBuilder().setTaskQueue(OWN_QUEUE).build())
                .greet();
    }

    private WorkerConfig config() {
        return WorkerConfig.from(environment());
    }

    private Map<String, String> environment() {
        String receiver = "127.0.0.1:" + Ports.free();
        return new HashMap<>(Map.of(
                "MAKISTRY_API_KEY", sandbox.apiKey(),
                "MAKISTRY_SIGNING_SECRETS", sandbox.signingSecret(),
                "MAKISTRY_BASE_URL", sandbox.apiBaseUrl().toString(),
                "CADFLOW_WEBHOOK_LISTEN", receiver,
                "CADFLOW_CALLBACK_URL",
                        URI.create("http://" + receiver + "/webhooks/makistry").toString(),
                "CADFLOW_ARCHIVE", folder.resolve("archive").toString()));
    }

    /** A workflow that has nothing to do with cadflow. */
    @WorkflowInterface
    public interface Greeting {
        @WorkflowMethod
        String greet();
    }

    /** Says hello. */
    public static final class GreetingImpl implements Greeting {
        @Override
        public String greet() {
            return "hello";
        }
    }

    /** A workflow of cadflow's type that is not cadflow's. */
    @WorkflowInterface
    public interface AnotherGenerateCadDefinition {
        @WorkflowMethod(name = "GenerateCadWorkflow")
        String generate();
    }

    /** Answers nothing useful. */
    public static final class AnotherGenerateCad implements AnotherGenerateCadDefinition {
        @Override
        public String generate() {
            return "";
        }
    }
}
