package dev.cadflow.workflow;

import dev.cadflow.workflow.testing.Eventually;
import dev.cadflow.workflow.testing.RealTemporal;
import io.temporal.api.common.v1.WorkflowExecution;
import io.temporal.api.enums.v1.EventType;
import io.temporal.api.history.v1.HistoryEvent;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowClientOptions;
import io.temporal.client.WorkflowOptions;
import io.temporal.client.WorkflowStub;
import io.temporal.common.WorkflowExecutionHistory;
import io.temporal.common.converter.CodecDataConverter;
import io.temporal.common.converter.DefaultDataConverter;
import io.temporal.payload.codec.PayloadCodec;
import io.temporal.worker.Worker;
import io.temporal.worker.WorkerFactory;
import io.temporal.worker.WorkerOptions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;

/** A task queue of its own on a real server, with scripted activities and workers that come and go. */
final class RealBed implements AutoCloseable {
    final WorkflowClient client;
    final String taskQueue = "cadflow-" + UUID.randomUUID();
    final ScriptedActivities activities = new ScriptedActivities(Instant::now);
    final InMemoryBatches batches = new InMemoryBatches();

    private final List<WorkerFactory> factories = new ArrayList<>();

    RealBed(RealTemporal.Server server) {
        this.client = server.client();
    }

    /** Starts a worker that runs cadflow as it is. */
    WorkerFactory startWorker() {
        return startWorker(WorkerOptions.getDefaultInstance(), worker -> Cadflow.register(worker, activities, batches));
    }

    /** Starts a worker that runs cadflow as it is, all it reads and writes going through that codec. */
    WorkerFactory startWorker(PayloadCodec codec) {
        WorkflowClientOptions options = WorkflowClientOptions.newBuilder(client.getOptions())
                .setDataConverter(new CodecDataConverter(DefaultDataConverter.newDefaultInstance(), List.of(codec)))
                .build();
        return startWorker(
                WorkflowClient.newInstance(client.getWorkflowServiceStubs(), options),
                WorkerOptions.getDefaultInstance(),
                worker -> Cadflow.register(worker, activities, batches));
    }

    /** Starts a worker that runs what it is given. */
    WorkerFactory startWorker(WorkerOptions options, Consumer<Worker> registration) {
        return startWorker(client, options, registration);
    }

    private WorkerFactory startWorker(WorkflowClient own, WorkerOptions options, Consumer<Worker> registration) {
        WorkerFactory factory = WorkerFactory.newInstance(own);
        registration.accept(factory.newWorker(taskQueue, options));
        factory.start();
        factories.add(factory);
        return factory;
    }

    /** Starts a workflow; its input is a request, or a {@code RawValue} for what a client could send besides. */
    WorkflowStub start(Object input) {
        return startOf(Cadflow.WORKFLOW_TYPE, input);
    }

    /** Starts a workflow of that type. */
    WorkflowStub startOf(String type, Object... input) {
        WorkflowStub workflow = client.newUntypedWorkflowStub(
                type,
                WorkflowOptions.newBuilder()
                        .setTaskQueue(taskQueue)
                        .setWorkflowId("box-" + UUID.randomUUID())
                        .build());
        workflow.start(input);
        return workflow;
    }

    /** Starts a batch. */
    WorkflowStub start(CadBatchRequest request) {
        return startOf(Cadflow.BATCH_WORKFLOW_TYPE, request);
    }

    /** Starts a workflow and lets it come to its wait. */
    WorkflowStub startWaiting() {
        WorkflowStub workflow = start(CadRequest.of("A 40x20x10mm box"));
        Eventually.until(() -> waits(workflow));
        return workflow;
    }

    /** Whether the workflow has come to its wait. */
    boolean waits(WorkflowStub workflow) {
        return has(workflow, EventType.EVENT_TYPE_TIMER_STARTED);
    }

    List<HistoryEvent> history(WorkflowStub workflow) {
        return client.fetchHistory(workflow.getExecution().getWorkflowId()).getEvents();
    }

    boolean has(WorkflowStub workflow, EventType type) {
        return history(workflow).stream().anyMatch(event -> event.getEventType() == type);
    }

    /** The history of each run of a chain, in their order. */
    static List<WorkflowExecutionHistory> runs(WorkflowClient client, WorkflowExecution first) {
        List<WorkflowExecutionHistory> runs = new ArrayList<>();
        for (String run = first.getRunId(); !run.isEmpty(); ) {
            WorkflowExecutionHistory history = client.fetchHistory(first.getWorkflowId(), run);
            runs.add(history);
            run = history.getLastEvent()
                    .getWorkflowExecutionContinuedAsNewEventAttributes()
                    .getNewExecutionRunId();
        }
        return runs;
    }

    @Override
    public void close() {
        factories.forEach(WorkerFactory::shutdownNow);
    }
}
