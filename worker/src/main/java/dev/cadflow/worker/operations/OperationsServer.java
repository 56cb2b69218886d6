package dev.cadflow.worker.operations;

import dev.cadflow.worker.http.HttpServer;
import dev.cadflow.worker.http.ListenAddress;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * Answers {@code GET /livez} (the process runs), {@code /readyz} (everything it needs is there; else 503 with what is
 * missing) and {@code /metrics} (Prometheus). Shows no secret, and needs none: bind it where only operators reach it.
 */
public final class OperationsServer implements AutoCloseable {
    private static final Duration IDLE_TIMEOUT = Duration.ofSeconds(30);
    private static final int MOST_CONNECTIONS = 32;
    private static final String PLAIN_TEXT = "text/plain; charset=utf-8";
    private static final String PROMETHEUS_TEXT = "text/plain; version=0.0.4; charset=utf-8";

    private final HttpServer server;

    private OperationsServer(HttpServer server) {
        this.server = server;
    }

    /**
     * Starts to listen.
     *
     * @param checks what {@code /readyz} asks for, in this order
     * @param metrics what {@code /metrics} answers
     * @throws IOException where the address cannot be listened at; the message names it
     */
    public static OperationsServer start(ListenAddress listen, List<HealthCheck> checks, Supplier<String> metrics)
            throws IOException {
        return new OperationsServer(HttpServer.start(
                "operations", listen, new Operations(List.copyOf(checks), metrics), IDLE_TIMEOUT, MOST_CONNECTIONS));
    }

    /** The server's root as this machine reaches it, with the port that it really has. */
    public URI url() {
        return server.url("/");
    }

    @Override
    public void close() {
        server.close();
    }

    private static final class Operations extends Handler.Abstract {
        private final List<HealthCheck> checks;
        private final Supplier<String> metrics;

        Operations(List<HealthCheck> checks, Supplier<String> metrics) {
            this.checks = checks;
            this.metrics = metrics;
        }

        @Override
        public boolean handle(Request request, Response response, Callback callback) {
            String path = Request.getPathInContext(request);
            if (!List.of("/livez", "/readyz", "/metrics").contains(path)) {
                answer(response, callback, HttpStatus.NOT_FOUND_404, PLAIN_TEXT, "not found\n");
            } else if (!HttpMethod.GET.is(request.getMethod())) {
                response.getHeaders().put(HttpHeader.ALLOW, HttpMethod.GET.asString());
                answer(response, callback, HttpStatus.METHOD_NOT_ALLOWED_405, PLAIN_TEXT, "GET only\n");
            } else if (path.equals("/livez")) {
                answer(response, callback, HttpStatus.OK_200, PLAIN_TEXT, "alive\n");
            } else if (path.equals("/metrics")) {
                answer(response, callback, HttpStatus.OK_200, PROMETHEUS_TEXT, metrics.get());
            } else {
                answerReadiness(response, callback);
            }
            return true;
        }

        private void answerReadiness(Response response, Callback callback) {
            List<String> lines = new ArrayList<>();
            boolean ready = true;
            for (HealthCheck check : checks) {
                String found = ask(check);
                ready &= found.equals("ok");
                lines.add(check.name() + ": " + found + "\n");
            }
            int status = ready ? HttpStatus.OK_200 : HttpStatus.SERVICE_UNAVAILABLE_503;
            answer(response, callback, status, PLAIN_TEXT, String.join("", lines));
        }

        private static String ask(HealthCheck check) {
            try {
                return check.probe().isHealthy() ? "ok" : "not ready";
            } catch (Exception failed) {
                // Its message may name what strangers should not see; the log of the part in question has it.
                return "not ready (" + failed.getClass().getSimpleName() + ")";
            }
        }

        private static void answer(Response response, Callback callback, int status, String type, String text) {
            response.setStatus(status);
            response.getHeaders().put(HttpHeader.CONTENT_TYPE, type);
            Content.Sink.write(response, true, text, callback);
        }
    }
}
