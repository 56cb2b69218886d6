package dev.cadflow.archive.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/** Stands before a store, notes what is asked and answered, and goes wrong where a test says so. */
public final class FaultyStore implements AutoCloseable {
    private static final Set<String> HOP_BY_HOP =
            Set.of("connection", "content-length", "transfer-encoding", "expect", "keep-alive", "date");

    private final URI store;
    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final OkHttpClient forward =
            new OkHttpClient.Builder().readTimeout(Duration.ofMinutes(1)).build();
    private final List<Seen> seen = new CopyOnWriteArrayList<>();
    private final List<Rule> rules = new CopyOnWriteArrayList<>();
    private final CountDownLatch closed = new CountDownLatch(1);

    /** Before that store; it does nothing of its own until it is told to. */
    public FaultyStore(URI store) {
        this.store = store;
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    /**
     * A request and its answer.
     *
     * @param query raw; empty where there is none
     * @param headers by lower-case name
     * @param status of the answer
     */
    public record Seen(String method, String path, String query, Headers headers, int status) {
        /** The first value of a header; null where it was not sent. */
        public @Nullable String header(String name) {
            return headers.getFirst(name);
        }

        public boolean isPart() {
            return method.equals("PUT") && query.contains("partNumber=");
        }

        public boolean isCompletion() {
            return method.equals("POST") && query.startsWith("uploadId=");
        }

        /** Whether it writes an object whole, or completes one. */
        public boolean isWrite() {
            return method.equals("PUT") && query.isEmpty() || isCompletion();
        }
    }

    /** What happens to a request instead of what should. */
    public interface Fault {
        /** Does it; the connection is closed where nothing was answered. */
        void strike(FaultyStore store, HttpExchange exchange) throws IOException;
    }

    private record Rule(Predicate<? super Seen> which, Fault fault, AtomicInteger left) {}

    /** From now on that many of those requests go wrong in that way. */
    public FaultyStore times(int count, Predicate<? super Seen> which, Fault fault) {
        rules.add(new Rule(which, fault, new AtomicInteger(count)));
        return this;
    }

    /** From now on all of those requests go wrong in that way. */
    public FaultyStore always(Predicate<? super Seen> which, Fault fault) {
        return times(Integer.MAX_VALUE, which, fault);
    }

    /** From now on nothing goes wrong. */
    public void heal() {
        rules.clear();
    }

    /** An S3 error; a HEAD gets its status alone, as it does from S3. */
    public static Fault refuse(int status, String code) {
        return (store, exchange) -> {
            exchange.getRequestBody().readAllBytes();
            byte[] body = ("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>" + code
                            + "</Code><Message>As the test wishes</Message><RequestId>1</RequestId></Error>")
                    .getBytes(UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "application/xml");
            store.send(exchange, status, body);
        };
    }

    /** The request is taken and never answered. */
    public static Fault silence() {
        return (store, exchange) -> {
            exchange.getRequestBody().readAllBytes();
            store.sleepToTheEnd();
        };
    }

    /** After so many bytes of the request nothing more is read, and nothing answered. */
    public static Fault stopAfter(int bytes) {
        return (store, exchange) -> {
            exchange.getRequestBody().readNBytes(bytes);
            store.sleepToTheEnd();
        };
    }

    /** After so many bytes of the request the connection is cut. */
    public static Fault cutAfter(int bytes) {
        return (store, exchange) -> exchange.getRequestBody().readNBytes(bytes);
    }

    /** The store does what it is asked, and its answer is lost. */
    public static Fault lostAnswer() {
        return (store, exchange) -> store.ask(exchange).close();
    }

    /** Another has it done by the store a moment before, and then it goes wrong in that way. */
    public static Fault overtaken(Fault fault) {
        return (store, exchange) -> {
            store.ask(exchange).close();
            fault.strike(store, exchange);
        };
    }

    /** The store's answer breaks off in its middle. */
    public static Fault halfAnswer() {
        return (store, exchange) -> {
            try (Response answer = store.ask(exchange)) {
                byte[] body = answer.body().bytes();
                copyHeaders(answer, exchange);
                store.note(exchange, answer.code());
                exchange.sendResponseHeaders(answer.code(), body.length);
                exchange.getResponseBody().write(body, 0, body.length / 2);
                exchange.getResponseBody().flush();
            }
        };
    }

    /** One bit of the answer's body is another. */
    public static Fault damagedAnswer() {
        return (store, exchange) -> {
            try (Response answer = store.ask(exchange)) {
                byte[] body = answer.body().bytes();
                body[body.length / 2] ^= 1;
                store.send(answer, body, exchange);
            }
        };
    }

    /** Whatever has been answered, in that order. */
    public List<Seen> seen() {
        return List.copyOf(seen);
    }

    public URI endpoint() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            fault(request(exchange, 0)).strike(this, exchange);
        }
    }

    private Fault fault(Seen request) {
        for (Rule rule : rules) {
            if (rule.which().test(request) && rule.left().getAndDecrement() > 0) {
                return rule.fault();
            }
        }
        return FaultyStore::pass;
    }

    private void pass(HttpExchange exchange) throws IOException {
        try (Response answer = ask(exchange)) {
            send(answer, answer.body().bytes(), exchange);
        }
    }

    private void send(Response answer, byte[] body, HttpExchange exchange) throws IOException {
        copyHeaders(answer, exchange);
        String length = answer.header("Content-Length");
        if (exchange.getRequestMethod().equals("HEAD") && length != null) {
            exchange.getResponseHeaders().set("Content-Length", length);
        }
        send(exchange, answer.code(), body);
    }

    private void send(HttpExchange exchange, int status, byte[] body) throws IOException {
        boolean isEmpty = body.length == 0 || exchange.getRequestMethod().equals("HEAD");
        note(exchange, status);
        exchange.sendResponseHeaders(status, isEmpty ? -1 : body.length);
        if (!isEmpty) {
            exchange.getResponseBody().write(body);
        }
    }

    /** Before the answer, so that who has it finds it noted. */
    private void note(HttpExchange exchange, int status) {
        seen.add(request(exchange, status));
    }

    private static void copyHeaders(Response answer, HttpExchange exchange) {
        answer.headers().forEach(header -> {
            if (!HOP_BY_HOP.contains(header.getFirst().toLowerCase(Locale.ROOT))) {
                exchange.getResponseHeaders().add(header.getFirst(), header.getSecond());
            }
        });
    }

    private Response ask(HttpExchange exchange) throws IOException {
        byte[] body = exchange.getRequestBody().readAllBytes();
        String method = exchange.getRequestMethod();
        Request.Builder request =
                new Request.Builder().url(store + exchange.getRequestURI().toString());
        // The host's name among them: it is signed.
        exchange.getRequestHeaders().forEach((name, values) -> {
            if (!HOP_BY_HOP.contains(name.toLowerCase(Locale.ROOT))) {
                values.forEach(value -> request.addHeader(name, value));
            }
        });
        request.header("Accept-Encoding", "identity");
        boolean hasBody = method.equals("PUT") || method.equals("POST");
        return forward.newCall(request.method(method, hasBody ? RequestBody.create(body) : null)
                        .build())
                .execute();
    }

    private void sleepToTheEnd() {
        try {
            closed.await();
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    private static Seen request(HttpExchange exchange, int status) {
        URI uri = exchange.getRequestURI();
        String query = uri.getRawQuery() == null ? "" : uri.getRawQuery();
        return new Seen(exchange.getRequestMethod(), uri.getPath(), query, exchange.getRequestHeaders(), status);
    }

    @Override
    public void close() {
        closed.countDown();
        server.stop(0);
        threads.shutdownNow();
        forward.connectionPool().evictAll();
    }
}
