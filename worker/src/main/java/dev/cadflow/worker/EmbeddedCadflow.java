package dev.cadflow.worker;

import dev.cadflow.worker.operations.WorkerMetrics;
import dev.cadflow.worker.webhook.WebhookServer;
import io.temporal.client.WorkflowClient;
import io.temporal.common.converter.CodecDataConverter;
import io.temporal.worker.Worker;
import io.temporal.worker.WorkerFactory;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * cadflow for a worker process of one's own: the webhook receiver, the archive and the activities, ready to be put on
 * workers. Close it once the workers have stopped.
 */
public final class EmbeddedCadflow implements AutoCloseable {
    private final CadflowParts parts;
    private final StopSequence stops;
    private final Duration grace;

    private EmbeddedCadflow(CadflowParts parts, StopSequence stops, Duration grace) {
        this.parts = parts;
        this.stops = stops;
        this.grace = grace;
    }

    /**
     * Opens it; the receiver, where there are signing secrets, takes webhooks from here on.
     *
     * @param config of which task queue, deployment, slots, cache, codec endpoint and operations address do not count
     *     here: those are the caller's own, as the connection to Temporal is
     * @param client of the namespace that the workers poll; left open
     * @throws WorkerStartException where an address or the archive is not to be had, or where payloads are to be
     *     encrypted and the client does not do so; nothing runs then
     */
    public static EmbeddedCadflow open(WorkerConfig config, WorkflowClient client) throws WorkerStartException {
        if (config.codec().keys() != null && !(client.getOptions().getDataConverter() instanceof CodecDataConverter)) {
            throw new WorkerStartException(
                    Setting.CADFLOW_CODEC_KEYS + ": expected a Temporal client that encrypts with them, found one that"
                            + " does not. Give its options an AesGcmPayloadCodec",
                    null);
        }
        StopSequence stops = new StopSequence();
        try {
            WorkerMetrics metrics = stops.closing("metrics", new WorkerMetrics());
            CadflowParts parts = CadflowParts.assemble(config, client, metrics, stops);
            @Nullable WebhookServer webhooks = parts.webhooks();
            if (webhooks != null) {
                stops.add("webhook receiver", webhooks::stop);
            }
            return new EmbeddedCadflow(parts, stops, config.shutdownGrace());
        } catch (IOException taken) {
            stops.run(Duration.ZERO);
            throw new WorkerStartException(String.valueOf(taken.getMessage()), taken);
        } catch (WorkerStartException | RuntimeException failed) {
            stops.run(Duration.ZERO);
            throw failed;
        }
    }

    /**
     * Lets a worker run the workflows, the activities and the Nexus service. Where {@code CADFLOW_API_TASK_QUEUE} is set,
     * submits and polls run on a further worker, of that task queue and with the fleet's rate, which the factory gets with
     * the first.
     *
     * @param factory that made the worker, not yet started
     * @throws io.temporal.worker.TypeAlreadyRegisteredException where the worker has them already
     * @throws IllegalStateException where another worker of the factory polls that task queue already
     */
    public void register(WorkerFactory factory, Worker worker) {
        parts.register(factory, worker);
    }

    /** The receiver as this machine reaches it; empty where no signing secret is set. */
    public Optional<URI> webhookUrl() {
        return Optional.ofNullable(parts.webhooks()).map(WebhookServer::url);
    }

    /** Stops the receiver, then what the activities used, within the configured grace. */
    @Override
    public void close() {
        stops.run(grace);
    }
}
