package dev.cadflow.worker.webhook;

import dev.cadflow.worker.http.HttpServer;
import dev.cadflow.worker.http.ListenAddress;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * Receives Makistry's webhooks at {@code POST /webhooks/makistry}: verifies, reads, signals, and answers by what became
 * of it, so that Makistry tries again exactly where that can help.
 */
public final class WebhookServer implements AutoCloseable {
    /** The only path that is served. */
    public static final String PATH = "/webhooks/makistry";

    private final HttpServer server;

    private WebhookServer(HttpServer server) {
        this.server = server;
    }

    /**
     * Starts to listen.
     *
     * @param outcomes told of every request, before it is answered
     * @throws IOException where the address cannot be listened at; the message names it
     */
    public static WebhookServer start(
            ListenAddress listen,
            WebhookLimits limits,
            SignatureVerifier verifier,
            JobReader reader,
            WorkflowSignaller signaller,
            Consumer<WebhookOutcome> outcomes)
            throws IOException {
        WebhookHandler handler = new WebhookHandler(limits, verifier, reader, signaller, outcomes);
        return new WebhookServer(
                HttpServer.start("webhook-receiver", listen, handler, limits.idleTimeout(), limits.maxConnections()));
    }

    /** The receiver's URL as this machine reaches it, with the port that it really has. */
    public URI url() {
        return server.url(PATH);
    }

    /**
     * Takes no more requests and waits for those that run.
     *
     * @param grace how long to wait before they are cut off
     */
    public void stop(Duration grace) {
        server.stop(grace);
    }

    /** Cuts off what runs; Makistry tries again. */
    @Override
    public void close() {
        server.close();
    }
}
