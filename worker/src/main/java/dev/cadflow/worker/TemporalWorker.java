package dev.cadflow.worker;

import io.grpc.StatusRuntimeException;
import io.temporal.api.workflowservice.v1.GetSystemInfoRequest;
import io.temporal.client.WorkflowClient;
import io.temporal.common.WorkerDeploymentVersion;
import io.temporal.worker.WorkerDeploymentOptions;
import io.temporal.worker.WorkerFactory;
import io.temporal.worker.WorkerFactoryOptions;
import io.temporal.worker.WorkerOptions;
import io.temporal.worker.tuning.PollerBehaviorAutoscaling;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The part that polls Temporal: cadflow's workflow and activities on one task queue. */
final class TemporalWorker {
    private static final Duration HEALTH_TIMEOUT = Duration.ofSeconds(2);
    /** For activities to notice that they are interrupted, once the grace is over. */
    private static final Duration INTERRUPT_TIME = Duration.ofSeconds(5);
    /**
     * How often a download says how far it is, and learns that its workflow is cancelled. Temporal's own default is most
     * of the heartbeat timeout, 48 s.
     */
    private static final Duration HEARTBEAT_INTERVAL = Duration.ofSeconds(1);
    /** From this Java on, a virtual thread that waits in a synchronized block holds no carrier thread (JEP 491). */
    private static final int GOOD_VIRTUAL_THREADS = 24;

    private static final boolean VIRTUAL = Runtime.version().feature() >= GOOD_VIRTUAL_THREADS;

    /** Its own, and one for a signal that comes. Where they do not suffice, a workflow leaves the cache sooner. */
    private static final int THREADS_OF_A_WORKFLOW = 2;

    private final WorkflowClient client;
    private final WorkerFactory factory;
    private final CadflowParts parts;
    private final String taskQueue;

    private TemporalWorker(WorkflowClient client, WorkerFactory factory, CadflowParts parts, String taskQueue) {
        this.client = client;
        this.factory = factory;
        this.parts = parts;
        this.taskQueue = taskQueue;
    }

    /** A worker that does not poll yet. */
    static TemporalWorker create(WorkerConfig config, WorkflowClient client, CadflowParts parts) {
        WorkerFactory factory = WorkerFactory.newInstance(client, factoryOptions(config));
        parts.register(factory, factory.newWorker(config.taskQueue(), workerOptions(config)));
        return new TemporalWorker(client, factory, parts, config.taskQueue());
    }

    static WorkerFactoryOptions factoryOptions(WorkerConfig config) {
        int cache = config.tasks().workflowCache();
        return WorkerFactoryOptions.newBuilder()
                .setUsingVirtualWorkflowThreads(VIRTUAL)
                .setWorkflowCacheSize(cache)
                .setMaxWorkflowThreadCount(THREADS_OF_A_WORKFLOW * cache)
                .build();
    }

    static WorkerOptions workerOptions(WorkerConfig config) {
        WorkerOptions.Builder options = WorkerOptions.newBuilder()
                .setUsingVirtualThreads(VIRTUAL)
                .setMaxHeartbeatThrottleInterval(HEARTBEAT_INTERVAL)
                .setMaxConcurrentActivityExecutionSize(config.tasks().activitiesAtOnce())
                .setWorkflowTaskPollersBehavior(new PollerBehaviorAutoscaling())
                .setActivityTaskPollersBehavior(new PollerBehaviorAutoscaling())
                // A download that runs may finish in the time that a stop allows; else it would break off at its next
                // heartbeat.
                .setAllowActivityHeartbeatDuringShutdown(true);
        @Nullable DeploymentSettings deployment = config.deployment();
        if (deployment != null) {
            options.setDeploymentOptions(WorkerDeploymentOptions.newBuilder()
                    .setUseVersioning(true)
                    .setVersion(new WorkerDeploymentVersion(deployment.name(), deployment.buildId()))
                    .build());
        }
        return options.build();
    }

    /** Begins to poll. */
    void start() throws WorkerStartException {
        try {
            factory.start();
        } catch (StatusRuntimeException refused) {
            throw new WorkerStartException(
                    "Temporal: expected namespace \"" + client.getOptions().getNamespace() + "\" at "
                            + client.getWorkflowServiceStubs().getOptions().getTarget() + " for task queue \""
                            + taskQueue + "\", found " + refused.getStatus()
                            + ". Check TEMPORAL_NAMESPACE, TEMPORAL_ADDRESS and the server",
                    refused);
        }
    }

    /** Whether the server answers now. */
    boolean isTemporalReachable() {
        client.getWorkflowServiceStubs()
                .blockingStub()
                .withDeadlineAfter(HEALTH_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)
                .getSystemInfo(GetSystemInfoRequest.getDefaultInstance());
        return true;
    }

    /** Whether tasks are taken: between start and stop. */
    boolean isPolling() {
        return factory.isStarted() && !factory.isShutdown();
    }

    /**
     * Takes no more tasks and waits for those that run; what still runs then is interrupted, and tells Temporal, which
     * gives it to another worker at once.
     */
    void stop(Duration grace) {
        factory.shutdown();
        factory.awaitTermination(grace.toMillis(), TimeUnit.MILLISECONDS);
        if (!factory.isTerminated()) {
            factory.shutdownNow();
            parts.breakOffDownloads();
            factory.awaitTermination(INTERRUPT_TIME.toMillis(), TimeUnit.MILLISECONDS);
        }
    }
}
