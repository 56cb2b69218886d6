package dev.cadflow.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Takes webhooks and answers them as it was told; 204 when it was told nothing. */
final class Receiver implements AutoCloseable {

    private final HttpServer server;
    private final BlockingQueue<Webhook> received = new LinkedBlockingQueue<>();
    private final Queue<Integer> answers = new ConcurrentLinkedQueue<>();

    /** A webhook as it came in. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Webhook(String signature, String timestamp, String contentType, String userAgent, byte[] body) {

        JsonNode json() throws IOException {
            return Json.read(body);
        }

        boolean isSignedWith(String secret) {
            return WebhookSignature.header(secret, timestamp, body).equals(signature);
        }

        String text() {
            return new String(body, StandardCharsets.UTF_8);
        }
    }

    Receiver(int... answers) throws IOException {
        for (int answer : answers) {
            this.answers.add(answer);
        }
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::take);
        server.start();
    }

    private void take(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] body = exchange.getRequestBody().readAllBytes();
            received.add(new Webhook(
                    header(exchange, "X-Makistry-Signature"),
                    header(exchange, "X-Makistry-Timestamp"),
                    header(exchange, "Content-Type"),
                    header(exchange, "User-Agent"),
                    body));
            Integer answer = answers.poll();
            exchange.sendResponseHeaders(answer == null ? 204 : answer, -1);
        }
    }

    private static String header(HttpExchange exchange, String name) {
        return String.valueOf(exchange.getRequestHeaders().getFirst(name));
    }

    String url() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/hook")
                .toString();
    }

    Webhook next() throws InterruptedException {
        Webhook webhook = received.poll(30, TimeUnit.SECONDS);
        if (webhook == null) {
            throw new AssertionError("No webhook came within 30 s");
        }
        return webhook;
    }

    boolean isEmpty() {
        return received.isEmpty();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
