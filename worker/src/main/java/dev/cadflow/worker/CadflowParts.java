package dev.cadflow.worker;

import dev.cadflow.activity.CadActivities;
import dev.cadflow.activity.CadBatchActivities;
import dev.cadflow.archive.Archive;
import dev.cadflow.makistry.DownloadUrlSeal;
import dev.cadflow.worker.operations.MeteredActivities;
import dev.cadflow.worker.operations.WorkerMetrics;
import dev.cadflow.worker.webhook.SignatureVerifier;
import dev.cadflow.worker.webhook.TemporalWorkflowSignaller;
import dev.cadflow.worker.webhook.WebhookLimits;
import dev.cadflow.worker.webhook.WebhookServer;
import dev.cadflow.worker.webhook.WorkflowSignaller;
import dev.cadflow.workflow.Cadflow;
import io.temporal.client.WorkflowClient;
import io.temporal.worker.Worker;
import io.temporal.worker.WorkerFactory;
import io.temporal.worker.WorkerOptions;
import java.io.IOException;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What cadflow needs beside a Temporal worker: the receiver, the archive and the activities. */
final class CadflowParts {
    /** Bounds one signal with its retries; Makistry's own patience is not documented. */
    private static final Duration SIGNAL_TIMEOUT = Duration.ofSeconds(5);

    private final @Nullable WebhookServer webhooks;
    private final CadActivities activities;
    private final CadBatchActivities batchActivities;
    private final ActivityAssembly assembly;
    private final TaskSettings tasks;
    private boolean queuesServed;

    private CadflowParts(
            @Nullable WebhookServer webhooks,
            CadActivities activities,
            CadBatchActivities batchActivities,
            ActivityAssembly assembly,
            TaskSettings tasks) {
        this.webhooks = webhooks;
        this.activities = activities;
        this.batchActivities = batchActivities;
        this.assembly = assembly;
        this.tasks = tasks;
    }

    /** Assembles the parts; the receiver listens already, since its address may be the callback URL. */
    static CadflowParts assemble(WorkerConfig config, WorkflowClient client, WorkerMetrics metrics, StopSequence stops)
            throws WorkerStartException, IOException {
        TemporalWorkflowSignaller signaller =
                stops.closing("signals", new TemporalWorkflowSignaller(client, SIGNAL_TIMEOUT));
        @Nullable WebhookServer webhooks = null;
        if (!config.signingSecrets().isEmpty()) {
            webhooks = receiver(config, signaller, metrics, stops);
        }
        @Nullable URI webhookUrl = webhooks == null ? null : webhooks.url();
        Archive archive = WorkerArchive.open(config, stops);
        ActivityAssembly assembly = new ActivityAssembly(config, stops);
        CadActivities activities = assembly.activities(archive, callbackUrl(config, webhookUrl), signaller::tell);
        if (config.searchAttributes() && SearchAttributes.exist(client)) {
            activities = new IndexedActivities(activities);
        }
        return new CadflowParts(
                webhooks,
                new MeteredActivities(activities, metrics),
                assembly.batchActivities(archive),
                assembly,
                config.tasks());
    }

    /**
     * Lets a worker run everything of cadflow's. Where activities have task queues of their own, further workers of the
     * factory run those, made with the first.
     *
     * @throws IllegalStateException where another worker of the factory polls such a queue already
     */
    synchronized void register(WorkerFactory factory, Worker worker) {
        worker.registerNexusServiceImplementation(new CadServiceImpl());
        Cadflow.register(worker, tasks.activityQueues());
        worker.registerActivitiesImplementations(activities, batchActivities);
        if (!queuesServed) {
            queuesServed = true;
            serveApi(factory, worker.getWorkerOptions());
            serveArchive(factory, worker.getWorkerOptions());
        }
    }

    private void serveApi(WorkerFactory factory, WorkerOptions options) {
        @Nullable ApiQueue api = tasks.api();
        if (api != null) {
            WorkerOptions rated = WorkerOptions.newBuilder(options)
                    .setMaxTaskQueueActivitiesPerSecond(api.perSecond())
                    .build();
            worker(factory, Setting.CADFLOW_API_TASK_QUEUE, api.taskQueue(), rated)
                    .registerActivitiesImplementations(activities);
        }
    }

    private void serveArchive(WorkerFactory factory, WorkerOptions options) {
        TaskSettings.@Nullable ArchiveQueue archive = tasks.archive();
        if (archive != null && archive.atOnce() > 0) {
            WorkerOptions bounded = WorkerOptions.newBuilder(options)
                    .setMaxConcurrentActivityExecutionSize(archive.atOnce())
                    .build();
            worker(factory, Setting.CADFLOW_ARCHIVE_TASK_QUEUE, archive.taskQueue(), bounded)
                    .registerActivitiesImplementations(activities, batchActivities);
        }
    }

    private static Worker worker(WorkerFactory factory, Setting setting, String taskQueue, WorkerOptions options) {
        if (factory.tryGetWorker(taskQueue) != null) {
            throw new IllegalStateException(setting
                    + ": expected a task queue that no other worker of the factory polls, found \"" + taskQueue + "\"");
        }
        return factory.newWorker(taskQueue, options);
    }

    /** Lets activities whose threads have been interrupted hear of it, where they wait for a storage host. */
    void breakOffDownloads() {
        assembly.breakOffDownloads();
    }

    /** The receiver; null where no signing secret is set. */
    @Nullable WebhookServer webhooks() {
        return webhooks;
    }

    private static WebhookServer receiver(
            WorkerConfig config, WorkflowSignaller signaller, WorkerMetrics metrics, StopSequence stops)
            throws IOException {
        WebhookServer webhooks = WebhookServer.start(
                config.webhookListen(),
                WebhookLimits.DEFAULTS,
                new SignatureVerifier(
                        config.signingSecrets().stream().map(Secret::reveal).toList(), Clock.systemUTC()),
                new MakistryJobReader(DownloadUrlSeal.forApiKey(config.apiKey().reveal())),
                signaller,
                metrics::countWebhook);
        return stops.closing("webhook receiver", webhooks);
    }

    private static @Nullable URI callbackUrl(WorkerConfig config, @Nullable URI webhookUrl) {
        return switch (config.callback().kind()) {
            case NONE -> null;
            case URL -> config.callback().url();
            case RECEIVER -> webhookUrl;
        };
    }
}
