package dev.cadflow.worker.webhook;

import dev.cadflow.workflow.JobFinished;
import io.grpc.Context;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.temporal.api.errordetails.v1.NamespaceNotFoundFailure;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowNotFoundException;
import io.temporal.serviceclient.StatusUtils;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Signals by a Temporal client, and gives up after a set time with all its retries. */
public final class TemporalWorkflowSignaller implements WorkflowSignaller, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(TemporalWorkflowSignaller.class);
    private static final String SIGNAL = "jobFinished";

    private final WorkflowClient client;
    private final Duration timeout;
    private final ScheduledExecutorService deadlines = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "webhook-signal-deadlines");
        thread.setDaemon(true);
        return thread;
    });

    /**
     * A signaller that leaves the client open.
     *
     * @param timeout bounds one signal with all its retries
     */
    public TemporalWorkflowSignaller(WorkflowClient client, Duration timeout) {
        this.client = client;
        this.timeout = timeout;
    }

    @Override
    public Delivery signal(String workflowId, JobFinished job) throws SignalNotDeliveredException {
        try (Context.CancellableContext bounded =
                Context.current().withDeadlineAfter(timeout.toNanos(), TimeUnit.NANOSECONDS, deadlines)) {
            bounded.run(() -> client.newUntypedWorkflowStub(workflowId).signal(SIGNAL, job));
            return Delivery.SIGNALLED;
        } catch (WorkflowNotFoundException notRunning) {
            if (isNamespaceMissing(notRunning)) {
                throw new SignalNotDeliveredException("Temporal has no such namespace", notRunning);
            }
            return Delivery.NO_SUCH_WORKFLOW;
        } catch (RuntimeException failed) {
            if (statusOf(failed) == Status.Code.INVALID_ARGUMENT) {
                // No workflow can have such an id, however often it is tried.
                return Delivery.NO_SUCH_WORKFLOW;
            }
            throw new SignalNotDeliveredException("Temporal answered " + statusOf(failed), failed);
        }
    }

    /**
     * As {@link #signal}, of a job that no webhook told of, for whoever has nobody to hand a failure to: the workflow will
     * ask for its job itself.
     */
    public void tell(String workflowId, JobFinished job) {
        try {
            Delivery delivery = signal(workflowId, job.foundByPoll());
            LOG.debug("Workflow {} told of {}: {}", workflowId, job, delivery);
        } catch (SignalNotDeliveredException notNow) {
            LOG.info("Workflow {} not told of {}: {}", workflowId, job, notNow.getMessage());
        }
    }

    private static boolean isNamespaceMissing(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof StatusRuntimeException status) {
                return StatusUtils.hasFailure(status, NamespaceNotFoundFailure.class);
            }
        }
        return false;
    }

    private static Status.Code statusOf(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof StatusRuntimeException status) {
                return status.getStatus().getCode();
            }
        }
        return Status.Code.UNKNOWN;
    }

    /** Stops the thread that watches the time. */
    @Override
    public void close() {
        deadlines.shutdownNow();
    }
}
