package dev.cadflow.starter;

import dev.cadflow.workflow.CadProgress;
import dev.cadflow.workflow.CadResult;
import io.grpc.Context;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowExecutionDescription;
import io.temporal.client.WorkflowStub;
import io.temporal.common.converter.DataConverter;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Follows one workflow to its end and has it told. */
final class WorkflowWatch implements AutoCloseable {
    private static final Duration LONGEST_LOOK = Duration.ofSeconds(3);

    private final WorkflowClient client;
    private final String workflowId;
    private final Narrator narrator;
    private final Duration interval;
    private final ScheduledExecutorService timeouts = Executors.newSingleThreadScheduledExecutor();

    /**
     * Asks nothing yet.
     *
     * @param interval how long to wait from one look to the next
     */
    WorkflowWatch(WorkflowClient client, String workflowId, Narrator narrator, Duration interval) {
        this.client = client;
        this.workflowId = workflowId;
        this.narrator = narrator;
        this.interval = interval;
    }

    /**
     * Waits for the end.
     *
     * @throws RuntimeException that the workflow ended with, as Temporal's client throws it
     */
    CadResult await() throws InterruptedException {
        WorkflowStub workflow = client.newUntypedWorkflowStub(workflowId);
        CompletableFuture<CadResult> end = workflow.getResultAsync(CadResult.class);
        while (true) {
            try {
                CadResult result = end.get(interval.toMillis(), TimeUnit.MILLISECONDS);
                narrator.done(result);
                return result;
            } catch (TimeoutException notYet) {
                look(workflow);
            } catch (ExecutionException failed) {
                throw failed.getCause() instanceof RuntimeException cause
                        ? cause
                        : new IllegalStateException("the workflow's end could not be learned", failed);
            }
        }
    }

    private void look(WorkflowStub workflow) {
        // A query waits for a worker, and must not keep the end from being seen meanwhile.
        Context.CancellableContext bounded =
                Context.current().withDeadlineAfter(LONGEST_LOOK.toMillis(), TimeUnit.MILLISECONDS, timeouts);
        try {
            bounded.run(() -> tell(workflow));
        } catch (RuntimeException notNow) {
            // The end is learned by another call, which tries for as long as it takes.
            narrator.unanswered();
        } finally {
            bounded.cancel(null);
        }
    }

    private void tell(WorkflowStub workflow) {
        CadProgress progress = workflow.query("progress", CadProgress.class);
        WorkflowExecutionDescription description = workflow.describe();
        DataConverter converter = client.getOptions().getDataConverter();
        narrator.progress(
                progress,
                RetryingActivity.of(description, converter),
                RunningArchive.of(description, converter).orElse(null));
    }

    @Override
    public void close() {
        timeouts.shutdownNow();
    }
}
