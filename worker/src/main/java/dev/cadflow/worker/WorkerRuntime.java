package dev.cadflow.worker;

import dev.cadflow.worker.codec.AesGcmPayloadCodec;
import dev.cadflow.worker.codec.CodecKeys;
import dev.cadflow.worker.codec.CodecServer;
import dev.cadflow.worker.http.ListenAddress;
import dev.cadflow.worker.operations.HealthCheck;
import dev.cadflow.worker.operations.OperationsServer;
import dev.cadflow.worker.operations.WorkerMetrics;
import dev.cadflow.worker.webhook.WebhookServer;
import io.temporal.client.WorkflowClient;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A running worker: the webhook receiver, the operations server, and the Temporal worker with cadflow's workflow and
 * activities. {@link #close()} stops all of it gracefully.
 */
public final class WorkerRuntime implements AutoCloseable {
    private final WorkerConfig config;
    private final StopSequence stops;
    private final WorkflowClient client;
    private final @Nullable URI webhookUrl;
    private final URI operationsUrl;
    private final @Nullable URI codecUrl;

    private WorkerRuntime(
            WorkerConfig config,
            StopSequence stops,
            WorkflowClient client,
            @Nullable URI webhookUrl,
            URI operationsUrl,
            @Nullable URI codecUrl) {
        this.config = config;
        this.stops = stops;
        this.client = client;
        this.webhookUrl = webhookUrl;
        this.operationsUrl = operationsUrl;
        this.codecUrl = codecUrl;
    }

    /**
     * Starts a worker with a Temporal client of its own, made of {@code TEMPORAL_*} and {@code temporal.toml}.
     *
     * @throws WorkerStartException where Temporal, an address or the archive is not to be had; nothing runs then
     */
    public static WorkerRuntime start(WorkerConfig config) throws WorkerStartException {
        return start(config, (metrics, stops) -> {
            TemporalConnection temporal =
                    TemporalConnection.open(config.temporal(), metrics.temporalScope(), UnaryOperator.identity());
            return stops.closing("Temporal connection", temporal).client();
        });
    }

    /**
     * Starts a worker with the caller's Temporal client, which is left open and whose own figures are not among the
     * metrics.
     *
     * @throws WorkerStartException where Temporal, an address or the archive is not to be had; nothing runs then
     */
    public static WorkerRuntime start(WorkerConfig config, WorkflowClient client) throws WorkerStartException {
        return start(config, (metrics, stops) -> client);
    }

    private interface ClientSource {
        WorkflowClient open(WorkerMetrics metrics, StopSequence stops) throws WorkerStartException;
    }

    private static WorkerRuntime start(WorkerConfig config, ClientSource source) throws WorkerStartException {
        StopSequence stops = new StopSequence();
        try {
            WorkerMetrics metrics = stops.closing("metrics", new WorkerMetrics());
            WorkflowClient client = config.codec().encrypting(source.open(metrics, stops));
            return start(config, client, metrics, stops);
        } catch (IOException taken) {
            stops.run(Duration.ZERO);
            throw new WorkerStartException(String.valueOf(taken.getMessage()), taken);
        } catch (WorkerStartException | RuntimeException failed) {
            stops.run(Duration.ZERO);
            throw failed;
        }
    }

    /**
     * In the order in which each part needs those before it; they stop in the opposite one, but for the receiver: it
     * stops first, so that no webhook is taken that nobody passes on.
     */
    private static WorkerRuntime start(
            WorkerConfig config, WorkflowClient client, WorkerMetrics metrics, StopSequence stops)
            throws WorkerStartException, IOException {
        CadflowParts parts = CadflowParts.assemble(config, client, metrics, stops);
        @Nullable WebhookServer webhooks = parts.webhooks();
        TemporalWorker worker = TemporalWorker.create(config, client, parts);
        OperationsServer operations = OperationsServer.start(
                config.operationsListen(),
                List.of(
                        new HealthCheck("temporal", worker::isTemporalReachable),
                        new HealthCheck("worker", worker::isPolling),
                        WorkerArchive.check(config)),
                metrics::scrape);
        stops.closing("operations server", operations);
        @Nullable URI codecUrl = codecEndpoint(config.codec(), stops);
        worker.start();
        stops.add("worker", worker::stop);
        if (webhooks != null) {
            stops.add("webhook receiver", webhooks::stop);
        }
        @Nullable URI webhookUrl = webhooks == null ? null : webhooks.url();
        return new WorkerRuntime(config, stops, client, webhookUrl, operations.url(), codecUrl);
    }

    private static @Nullable URI codecEndpoint(CodecSettings codec, StopSequence stops) throws IOException {
        @Nullable CodecKeys keys = codec.keys();
        @Nullable ListenAddress listen = codec.listen();
        @Nullable Secret token = codec.token();
        if (keys == null || listen == null || token == null) {
            return null;
        }
        CodecServer server = CodecServer.start(listen, token.reveal(), codec.origins(), new AesGcmPayloadCodec(keys));
        return stops.closing("codec endpoint", server).url();
    }

    /**
     * The codec endpoint as this machine reaches it, for the Web UI and for the CLI's {@code --codec-endpoint}; empty
     * where it is off.
     */
    public Optional<URI> codecUrl() {
        return Optional.ofNullable(codecUrl);
    }

    /** The client that this worker runs by; it encrypts where {@code CADFLOW_CODEC_KEYS} is set. */
    public WorkflowClient client() {
        return client;
    }

    /** The task queue that it polls. */
    public String taskQueue() {
        return config.taskQueue();
    }

    /** The receiver as this machine reaches it, with the port that it really has; empty where no signing secret is set. */
    public Optional<URI> webhookUrl() {
        return Optional.ofNullable(webhookUrl);
    }

    /** The root of the operations server as this machine reaches it, with the port that it really has. */
    public URI operationsUrl() {
        return operationsUrl;
    }

    /**
     * Stops: the receiver takes no more, what it has taken is passed on, the worker takes no more tasks and running
     * activities may finish. All of it within {@link WorkerConfig#shutdownGrace()}; then they are interrupted, and
     * Temporal gives them to another worker.
     */
    @Override
    public void close() {
        stops.run(config.shutdownGrace());
    }

    /** What it does and where, on one line for a person. */
    @Override
    public String toString() {
        return "polls task queue \"" + config.taskQueue() + "\" of namespace \""
                + client.getOptions().getNamespace() + "\" at "
                + client.getWorkflowServiceStubs().getOptions().getTarget()
                + (webhookUrl == null ? "; no webhooks, for there is no signing secret" : "; webhooks at " + webhookUrl)
                + "; callback " + config.callback() + "; operations at " + operationsUrl
                + (codecUrl == null ? "" : "; codec endpoint at " + codecUrl);
    }
}
