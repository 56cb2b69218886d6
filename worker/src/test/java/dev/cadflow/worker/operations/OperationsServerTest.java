package dev.cadflow.worker.operations;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cadflow.worker.http.ListenAddress;
import dev.cadflow.worker.webhook.WebhookOutcome;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class OperationsServerTest {
    private final HttpClient http = HttpClient.newHttpClient();
    private final WorkerMetrics metrics = new WorkerMetrics();
    private volatile HealthCheck.Probe temporal = () -> true;
    private final OperationsServer server = start();

    private OperationsServer start() {
        try {
            return OperationsServer.start(
                    new ListenAddress("127.0.0.1", 0),
                    List.of(
                            new HealthCheck("temporal", () -> temporal.isHealthy()),
                            new HealthCheck("worker", () -> true)),
                    metrics::scrape);
        } catch (IOException failed) {
            throw new AssertionError(failed);
        }
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
        metrics.close();
    }

    private HttpResponse<String> send(String method, String path) throws Exception {
        return http.send(
                HttpRequest.newBuilder(server.url().resolve(path))
                        .method(method, HttpRequest.BodyPublishers.noBody())
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private HttpResponse<String> get(String path) throws Exception {
        return send("GET", path);
    }

    @Test
    void aProcessThatRunsIsAlive() throws Exception {
        assertThat(get("/livez").statusCode()).isEqualTo(200);
    }

    @Test
    void aWorkerThatHasAllItNeedsIsReady() throws Exception {
        HttpResponse<String> ready = get("/readyz");
        assertThat(ready.statusCode()).isEqualTo(200);
        assertThat(ready.body()).isEqualTo("temporal: ok\nworker: ok\n");
    }

    @Test
    void aWorkerThatMissesSomethingIsAliveButNotReadyAndSaysWhatIsMissing() throws Exception {
        temporal = () -> {
            throw new IOException("refused by secret-host");
        };
        HttpResponse<String> notReady = get("/readyz");
        assertThat(notReady.statusCode()).isEqualTo(503);
        assertThat(notReady.body()).isEqualTo("temporal: not ready (IOException)\nworker: ok\n");
        temporal = () -> false;
        assertThat(get("/readyz").body()).startsWith("temporal: not ready\n");
        assertThat(get("/livez").statusCode()).isEqualTo(200);
    }

    @Test
    void webhooksAreCountedByOutcomeFromZero() throws Exception {
        metrics.countWebhook(WebhookOutcome.SIGNALLED);
        metrics.countWebhook(WebhookOutcome.SIGNALLED);
        HttpResponse<String> scraped = get("/metrics");
        assertThat(scraped.headers().firstValue("Content-Type")).hasValue("text/plain; version=0.0.4; charset=utf-8");
        assertThat(scraped.body())
                .contains(
                        "cadflow_webhooks_total{outcome=\"signalled\"} 2.0",
                        "cadflow_webhooks_total{outcome=\"bad_signature\"} 0.0",
                        "jvm_memory_used_bytes");
    }

    @Test
    void thereIsNothingElseAndNothingToChange() throws Exception {
        assertThat(get("/").statusCode()).isEqualTo(404);
        assertThat(get("/metrics/x").statusCode()).isEqualTo(404);
        HttpResponse<String> post = send("POST", "/metrics");
        assertThat(post.statusCode()).isEqualTo(405);
        assertThat(post.headers().firstValue("Allow")).hasValue("GET");
    }
}
