package dev.cadflow.sandbox;

import java.io.IOException;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/**
 * A running sandbox: the Makistry Generation API with its storage host, webhooks and a control endpoint, in this
 * process. Safe for use by many threads; close it to stop it.
 *
 * <pre>{@code
 * try (SandboxServer sandbox = SandboxServer.start(SandboxOptions.builder().timeScale(0.01).build())) {
 *     submitJob(sandbox.apiBaseUrl(), sandbox.apiKey());
 * }
 * }</pre>
 */
public final class SandboxServer implements AutoCloseable {

    private static final int MOST_THREADS = 256;
    private static final int MOST_CONNECTIONS = 4096;
    private static final int LARGEST_HEAD_BYTES = 16 * 1024;
    private static final int IDLE_TIMEOUT_MILLIS = 30_000;
    private static final int STOP_TIMEOUT_MILLIS = 1_000;

    private final SandboxOptions options;
    private final Server server;
    private final ServerConnector apiConnector;
    private final ServerConnector storageConnector;
    private final Background background = new Background();
    private final CountDownLatch closing = new CountDownLatch(1);
    private final SigningSecret signingSecret;
    private final SandboxTime time;
    private final StorageHost storage;
    private final SandboxControl control;

    private SandboxServer(SandboxOptions options) {
        this.options = options;
        this.time = new SandboxTime(options.clock(), options.timeScale());
        this.signingSecret = new SigningSecret(options.signingSecret());

        Counters counters = new Counters(options.credits());
        Faults faults = new Faults();
        JobStore store = new JobStore();
        QuotaWindow quota = new QuotaWindow(options.quota(), time);
        this.storage = new StorageHost(store, faults, counters, new SignedUrls(time));
        JobViews views = new JobViews(time, faults, this::downloadUrl);
        WebhookSender webhooks = new WebhookSender(
                time,
                faults,
                signingSecret::current,
                job -> Json.write(views.webhook(job)),
                id -> store.find(id).orElse(null),
                background);
        JobRunner runner = new JobRunner(store, time, counters, webhooks, background);
        Submits submits = new Submits(options, time, store, runner, views, counters, faults);
        this.control = new SandboxControl(store, runner, time, counters, quota, faults);
        ApiEndpoint api =
                new ApiEndpoint(options, quota, counters, faults, store, runner, views, submits, signingSecret, time);

        QueuedThreadPool threads = new QueuedThreadPool(MOST_THREADS);
        threads.setName("sandbox-http");
        threads.setDaemon(true);
        threads.setStopTimeout(STOP_TIMEOUT_MILLIS);
        this.server = new Server(threads);
        this.apiConnector = connector("api", options.host(), options.port());
        this.storageConnector = connector(SandboxHandler.STORAGE_CONNECTOR, options.host(), options.storagePort());
        server.addBean(new NetworkConnectionLimit(MOST_CONNECTIONS, server));
        server.setHandler(new SandboxHandler(api, new ControlEndpoint(control), storage, new AnswerWriter(closing)));
    }

    /**
     * Starts a sandbox.
     *
     * @throws IOException where it cannot listen, naming the address
     */
    public static SandboxServer start(SandboxOptions options) throws IOException {
        SandboxServer sandbox = new SandboxServer(options);
        try {
            sandbox.server.start();
            return sandbox;
        } catch (Exception e) {
            sandbox.close();
            throw new IOException(
                    "listen: expected a free port, cannot listen on " + options.host() + ":" + options.port()
                            + " and storage port " + options.storagePort() + ": " + e.getMessage(),
                    e);
        }
    }

    private ServerConnector connector(String name, String host, int port) {
        HttpConfiguration http = new HttpConfiguration();
        http.setRequestHeaderSize(LARGEST_HEAD_BYTES);
        http.setSendServerVersion(false);
        ServerConnector connector = new ServerConnector(server, 1, 1, new HttpConnectionFactory(http));
        connector.setName(name);
        connector.setHost(host);
        connector.setPort(port);
        connector.setIdleTimeout(IDLE_TIMEOUT_MILLIS);
        server.addConnector(connector);
        return connector;
    }

    private URI downloadUrl(Job job) {
        Instant expires = job.expiresAt();
        if (options.downloadUrlLifetime() != null) {
            Instant earlier = time.now().plus(time.scaled(options.downloadUrlLifetime()));
            expires = earlier.isBefore(expires) ? earlier : expires;
        }
        return storage.sign(job, storageUrl(), expires);
    }

    /** The API's base, which ends in {@code /v1}. */
    public URI apiBaseUrl() {
        return origin(apiConnector).resolve("/v1");
    }

    /** The control endpoint's base, which ends in {@code /sandbox}. */
    public URI controlUrl() {
        return origin(apiConnector).resolve("/sandbox");
    }

    /** The storage host, another origin than the API. */
    public URI storageUrl() {
        return origin(storageConnector).resolve("/");
    }

    private URI origin(ServerConnector connector) {
        String host = options.host().contains(":") ? "[" + options.host() + "]" : options.host();
        return URI.create("http://" + host + ":" + connector.getLocalPort());
    }

    /** The key that the API accepts. */
    public String apiKey() {
        return options.apiKey();
    }

    /** The id of that key, for the call that rotates its secret. */
    public String apiKeyId() {
        return options.apiKeyId();
    }

    /** The secret that the next webhook is signed with. */
    public String signingSecret() {
        return signingSecret.current();
    }

    /** What was counted since the start or the last reset. */
    public SandboxCounts counts() {
        return control.counts();
    }

    /** All jobs, oldest first. */
    public List<SandboxJob> jobs() {
        return control.jobs();
    }

    /**
     * One job.
     *
     * @throws IllegalArgumentException where there is none of this id
     */
    public SandboxJob job(String jobId) {
        return control.job(jobId);
    }

    /** How many idempotency keys were used. */
    public int idempotencyKeys() {
        return control.idempotencyKeys();
    }

    /** What is to go wrong. */
    public Faults faults() {
        return control.faults();
    }

    /**
     * Ends a job with success now; one that has ended stays as it is.
     *
     * @throws IllegalArgumentException where there is none of this id
     */
    public void finish(String jobId) {
        control.finish(jobId);
    }

    /**
     * Ends a job with a failure now; one that has ended stays as it is.
     *
     * @throws IllegalArgumentException where there is none of this id
     */
    public void fail(String jobId, String errorCode, String errorMessage) {
        control.fail(jobId, errorCode, errorMessage);
    }

    /**
     * Lets the 30 days of a job be over; URLs that were signed before keep their own expiry.
     *
     * @throws IllegalArgumentException where there is none of this id
     */
    public void expire(String jobId) {
        control.expire(jobId);
    }

    /** From now on no job ends by itself. */
    public void pause() {
        control.pause();
    }

    /** Jobs end by themselves again, those at once whose time has passed. */
    public void resume() {
        control.resume();
    }

    /** Forgets jobs, idempotency keys, counts, quota and faults; a rotated secret stays. */
    public void reset() {
        control.reset();
    }

    /** Waits until the sandbox stops, for a process that does nothing else. */
    public void join() throws InterruptedException {
        server.join();
    }

    /** Stops at once: open connections are closed and webhooks that wait are dropped. */
    @Override
    public void close() {
        closing.countDown();
        background.close();
        try {
            server.stop();
        } catch (Exception e) {
            throw new IllegalStateException("The sandbox did not stop cleanly", e);
        }
    }
}
