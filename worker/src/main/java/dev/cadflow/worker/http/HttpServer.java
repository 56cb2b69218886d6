package dev.cadflow.worker.http;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.GracefulHandler;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/** A small Jetty server at one address, with bounds on threads, connections and headers, that stops gracefully. */
public final class HttpServer implements AutoCloseable {
    private static final int MOST_THREADS = 24;
    private static final int FEWEST_THREADS = 2;
    private static final int LONGEST_HEADERS_BYTES = 16 * 1024;

    private final Server server;
    private final ListenAddress address;

    private HttpServer(Server server, ListenAddress address) {
        this.server = server;
        this.address = address;
    }

    /**
     * Starts a server.
     *
     * @param name of its threads
     * @param idleTimeout how long a connection may be silent
     * @param maxConnections open at once; more wait to be accepted
     * @throws IOException where the address cannot be listened at; the message names it
     */
    public static HttpServer start(
            String name, ListenAddress listen, Handler handler, Duration idleTimeout, int maxConnections)
            throws IOException {
        QueuedThreadPool threads = new QueuedThreadPool(MOST_THREADS, FEWEST_THREADS);
        threads.setName(name);
        threads.setDaemon(true);
        Server server = new Server(threads);
        HttpConfiguration http = new HttpConfiguration();
        http.setSendServerVersion(false);
        http.setRequestHeaderSize(LONGEST_HEADERS_BYTES);
        ServerConnector connector = new ServerConnector(server, 1, 1, new HttpConnectionFactory(http));
        connector.setHost(listen.host());
        connector.setPort(listen.port());
        connector.setIdleTimeout(idleTimeout.toMillis());
        server.addConnector(connector);
        server.addBean(new NetworkConnectionLimit(maxConnections, server));
        server.setHandler(new GracefulHandler(handler));
        try {
            server.start();
        } catch (Exception failed) {
            stopQuietly(server);
            throw new IOException(name + ": cannot listen at " + listen + ": " + failed.getMessage(), failed);
        }
        return new HttpServer(server, listen.withPort(connector.getLocalPort()));
    }

    /** Where it listens, or listened before it stopped, with the port that it really has. */
    public ListenAddress address() {
        return address;
    }

    /** The URL of a path as this machine reaches it; for a server on every interface, by the loopback address. */
    public URI url(String path) {
        boolean everywhere = address.host().equals("0.0.0.0") || address.host().equals("::");
        ListenAddress reachable = everywhere ? new ListenAddress("127.0.0.1", address.port()) : address;
        return URI.create("http://" + reachable + path);
    }

    /**
     * Takes no more requests and waits for those that run.
     *
     * @param grace how long to wait before they are cut off
     */
    public void stop(Duration grace) {
        server.setStopTimeout(Math.max(1, grace.toMillis()));
        stopQuietly(server);
    }

    /** Cuts off what runs. */
    @Override
    public void close() {
        stop(Duration.ZERO);
    }

    private static void stopQuietly(Server server) {
        try {
            server.stop();
        } catch (Exception cutOff) {
            // Requests were cut off when the grace was over: their clients see it and try again.
        }
    }
}
