package dev.cadflow.archive;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/**
 * A storage host on the loopback that answers each request by the next step of a script, the last of them again and
 * again. It honours {@code Range} and {@code If-Range} as RFC 9110 has them.
 */
public final class StorageHost implements AutoCloseable {
    /** How one request is answered. */
    public interface Step {
        /** Answers and closes the exchange. */
        void answer(HttpExchange exchange) throws IOException;
    }

    /** A request as it came. */
    public record Seen(String path, Map<String, String> headers) {
        /** One header; null where it was not sent. */
        public @Nullable String header(String name) {
            return headers.get(name.toLowerCase(java.util.Locale.ROOT));
        }
    }

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<Seen> seen = new CopyOnWriteArrayList<>();
    private final List<Step> script;

    /** A host that plays that script. */
    public StorageHost(Step... script) {
        this.script = List.of(script);
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        server.setExecutor(threads);
        server.createContext("/", this::play);
        server.start();
    }

    /** A signed URL of the file. */
    public URI url(String signature) {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/file?signature=" + signature);
    }

    /** What has been asked. */
    public List<Seen> seen() {
        return List.copyOf(seen);
    }

    /** The whole content, or what is left of it where a range is asked for under the right validator. */
    public static Step content(byte[] content, Map<String, String> headers) {
        return exchange -> {
            send(exchange, content, headers, Integer.MAX_VALUE);
            exchange.close();
        };
    }

    /** As {@link #content}, but the connection breaks after so many bytes of this answer. */
    public static Step breakingAfter(int bytes, byte[] content, Map<String, String> headers) {
        return exchange -> {
            send(exchange, content, headers, bytes);
            exchange.close();
        };
    }

    /** As {@link #content}, but after so many bytes of this answer nothing more comes, and the connection stays. */
    public static Step stallingAfter(int bytes, byte[] content, Map<String, String> headers) {
        return exchange -> send(exchange, content, headers, bytes);
    }

    /** The whole content with status 200, whatever is asked for. */
    public static Step whole(byte[] content, Map<String, String> headers) {
        return exchange -> {
            headers.forEach(exchange.getResponseHeaders()::set);
            exchange.sendResponseHeaders(200, content.length);
            exchange.getResponseBody().write(content);
            exchange.close();
        };
    }

    /** The content from that offset on with status 206, whatever is asked for. */
    public static Step rangeFrom(int offset, byte[] content, Map<String, String> headers) {
        return exchange -> {
            headers.forEach(exchange.getResponseHeaders()::set);
            sendRange(exchange, offset, content, Integer.MAX_VALUE);
            exchange.close();
        };
    }

    /** An answer without content. */
    public static Step status(int status) {
        return exchange -> {
            exchange.sendResponseHeaders(status, -1);
            exchange.close();
        };
    }

    private void play(HttpExchange exchange) throws IOException {
        Map<String, String> headers = new LinkedHashMap<>();
        exchange.getRequestHeaders()
                .forEach((name, values) -> headers.put(name.toLowerCase(java.util.Locale.ROOT), values.get(0)));
        int turn;
        synchronized (seen) {
            turn = seen.size();
            seen.add(new Seen(exchange.getRequestURI().toString(), headers));
        }
        script.get(Math.min(turn, script.size() - 1)).answer(exchange);
    }

    private static void send(HttpExchange exchange, byte[] content, Map<String, String> headers, int breakAfter)
            throws IOException {
        headers.forEach(exchange.getResponseHeaders()::set);
        String range = exchange.getRequestHeaders().getFirst("Range");
        String ifRange = exchange.getRequestHeaders().getFirst("If-Range");
        if (range != null && (ifRange == null || headers.containsValue(ifRange))) {
            sendRange(exchange, Integer.parseInt(range.replaceAll("bytes=(\\d+)-", "$1")), content, breakAfter);
        } else {
            exchange.sendResponseHeaders(200, content.length);
            exchange.getResponseBody().write(content, 0, Math.min(content.length, breakAfter));
            exchange.getResponseBody().flush();
        }
    }

    private static void sendRange(HttpExchange exchange, int from, byte[] content, int breakAfter) throws IOException {
        int left = content.length - from;
        exchange.getResponseHeaders()
                .set("Content-Range", "bytes " + from + "-" + (content.length - 1) + "/" + content.length);
        exchange.sendResponseHeaders(206, left);
        exchange.getResponseBody().write(content, from, Math.min(left, breakAfter));
        exchange.getResponseBody().flush();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
