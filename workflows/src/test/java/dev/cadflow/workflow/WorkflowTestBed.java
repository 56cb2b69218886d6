package dev.cadflow.workflow;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.temporal.api.common.v1.WorkflowExecution;
import io.temporal.api.history.v1.HistoryEvent;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowFailedException;
import io.temporal.client.WorkflowOptions;
import io.temporal.client.WorkflowStub;
import io.temporal.testing.TestEnvironmentOptions;
import io.temporal.testing.TestWorkflowEnvironment;
import io.temporal.worker.Worker;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/** The workflow on an in-memory server that skips time, with scripted activities. */
final class WorkflowTestBed implements AutoCloseable {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    final TestWorkflowEnvironment environment = TestWorkflowEnvironment.newInstance(
            TestEnvironmentOptions.newBuilder().setUseTimeskipping(true).build());
    final ScriptedActivities activities = new ScriptedActivities(this::now);
    final Worker worker = environment.newWorker(Cadflow.TASK_QUEUE);

    WorkflowTestBed() {
        Cadflow.register(worker, activities);
    }

    Instant now() {
        return Instant.ofEpochMilli(environment.currentTimeMillis());
    }

    void skip(Duration duration) {
        environment.sleep(duration);
    }

    /** Starts a workflow with the request, as a client of the typed contract does. */
    Started start(CadRequest request) {
        return startWith(request);
    }

    /** Starts a workflow with JSON, as the Temporal CLI does. */
    Started start(String json) {
        try {
            return startWith(MAPPER.readTree(json));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(json, e);
        }
    }

    Started startWith(Object... input) {
        if (!environment.isStarted()) {
            environment.start();
        }
        WorkflowStub stub = client().newUntypedWorkflowStub(
                        Cadflow.WORKFLOW_TYPE,
                        WorkflowOptions.newBuilder()
                                .setTaskQueue(Cadflow.TASK_QUEUE)
                                .setWorkflowId("box-" + UUID.randomUUID())
                                // The server skips to a run's timeout once nothing else is left to wait for; its
                                // default of ten years overflows the clock after thirty workflows.
                                .setWorkflowRunTimeout(Duration.ofDays(60))
                                .build());
        stub.start(input);
        return new Started(stub);
    }

    WorkflowClient client() {
        return environment.getWorkflowClient();
    }

    @Override
    public void close() {
        environment.close();
    }

    /** A workflow that was started. */
    final class Started {
        final WorkflowStub stub;

        private Started(WorkflowStub stub) {
            this.stub = stub;
        }

        Started signal(Object job) {
            stub.signal("jobFinished", job);
            return this;
        }

        Started signalJson(String json) {
            try {
                return signal(MAPPER.readTree(json));
            } catch (JsonProcessingException e) {
                throw new IllegalArgumentException(json, e);
            }
        }

        CadResult result() {
            return stub.getResult(CadResult.class);
        }

        JsonNode resultJson() {
            return stub.getResult(JsonNode.class);
        }

        CadProgress progress() {
            return stub.query("progress", CadProgress.class);
        }

        /** How the workflow failed; an error where it did not. */
        CadFailure failure() {
            return CadFailure.from(failedException())
                    .orElseThrow(() -> new AssertionError("not a failure of cadflow's", failedException()));
        }

        WorkflowFailedException failedException() {
            try {
                throw new AssertionError("the workflow answered " + result());
            } catch (WorkflowFailedException e) {
                return e;
            }
        }

        List<HistoryEvent> history() {
            WorkflowExecution execution = stub.getExecution();
            return client().fetchHistory(execution.getWorkflowId()).getEvents();
        }

        String workflowId() {
            return stub.getExecution().getWorkflowId();
        }
    }
}
