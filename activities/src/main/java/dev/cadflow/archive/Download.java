package dev.cadflow.archive;

import dev.cadflow.activity.ArchiveHeartbeat;
import dev.cadflow.workflow.FailureType;
import java.io.IOException;
import java.net.URI;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import okhttp3.Call;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.ResponseBody;
import okio.AsyncTimeout;
import okio.BufferedSource;

/**
 * Brings a file from the storage host to disk, with flat memory and without the API key. No exception of it names more
 * of a URL than its host. Safe for use by many threads.
 *
 * <p>After a break it goes on where it was, by {@code Range} and {@code If-Range}, as long as each try brings something;
 * where the host answers with another body, it begins again. A body that only trickles is broken off and asked for
 * again, for another connection may be better. The length is compared here, the digests that the host sent by
 * {@link Fetched#requireHostDigests}.
 */
public final class Download {
    private static final int BUFFER_BYTES = 1 << 16;
    private static final int MOST_BREAKS = 100;
    private static final int MOST_FRESH_URLS = 3;
    private static final Pattern CONTENT_RANGE = Pattern.compile("bytes (\\d{1,18})-(\\d{1,18})/(\\d{1,18}|\\*)");

    private final OkHttpClient client;
    private final DownloadLimits limits;
    private final Set<Call> running = ConcurrentHashMap.newKeySet();

    /**
     * A downloader.
     *
     * @param client adds no credentials of its own: what it sends goes to a host that is not Makistry's API
     * @param limits how patient it is
     */
    public Download(OkHttpClient client, DownloadLimits limits) {
        this.client = client.newBuilder()
                .connectTimeout(limits.connect())
                .readTimeout(limits.firstByte())
                .callTimeout(0, TimeUnit.MILLISECONDS)
                .followSslRedirects(false)
                .retryOnConnectionFailure(true)
                .build();
        this.limits = limits;
    }

    /**
     * Ends every wait for a storage host: to be called where the threads of all downloads have been interrupted, because
     * a thread that waits for a socket does not hear of that by itself.
     */
    public void breakOff() {
        running.forEach(Call::cancel);
    }

    /** The host does not honour the URL any more. */
    private static final class UrlRefused extends Exception {
        private static final long serialVersionUID = 1L;
        private final int status;

        UrlRefused(int status) {
            super("HTTP " + status, null, false, false);
            this.status = status;
        }
    }

    /** The body did not come to its end. */
    private static final class Broken extends Exception {
        private static final long serialVersionUID = 1L;

        Broken(String what) {
            super(what, null, false, false);
        }
    }

    /**
     * Brings the whole body.
     *
     * @param url where it is
     * @param partial what an earlier run has brought already; complete afterwards
     * @throws ArchiveException {@code service_unavailable} where the host does not send the body now;
     *     {@code output_invalid} where it is too large
     * @throws IOException where the disk fails
     */
    Fetched fetch(DownloadUrl url, PartialFile partial, Consumer<? super ArchiveHeartbeat> heartbeat)
            throws IOException {
        if (!partial.isComplete()) {
            new Tries(url, partial, heartbeat).untilComplete();
        }
        BodyDigests.Outcome outcome = partial.finish();
        return new Fetched(partial.staged(outcome.sha256()), outcome);
    }

    /**
     * A body that has come to its end.
     *
     * @param file where it is
     * @param digests what the host's digests say of it
     */
    record Fetched(StagedFile file, BodyDigests.Outcome digests) {
        /**
         * Checks that the body is the one that the host has.
         *
         * @param cameTwice whether the same bytes have come before: then an ETag that only looks like a digest is none
         */
        void requireHostDigests(boolean cameTwice) throws InvalidCadFile {
            Optional<BodyDigests.Mismatch> mismatch = digests.hostDigest();
            if (mismatch.isEmpty() && !cameTwice) {
                mismatch = digests.etag();
            }
            if (mismatch.isPresent()) {
                throw new InvalidCadFile("body from " + file.sourceHost() + ": expected "
                        + mismatch.get().digest() + " " + mismatch.get().expected() + ", found "
                        + mismatch.get().found());
            }
        }
    }

    /** One run's tries at one body. */
    private final class Tries {
        private final DownloadUrl url;
        private final PartialFile partial;
        private final Consumer<? super ArchiveHeartbeat> heartbeat;
        private final byte[] buffer = new byte[BUFFER_BYTES];
        private int freshUrls;
        private int breaks;

        Tries(DownloadUrl url, PartialFile partial, Consumer<? super ArchiveHeartbeat> heartbeat) {
            this.url = url;
            this.partial = partial;
            this.heartbeat = heartbeat;
        }

        void untilComplete() throws IOException {
            URI current = url.current();
            boolean secondChance = true;
            while (true) {
                long before = partial.length();
                try {
                    transfer(current);
                    return;
                } catch (UrlRefused refused) {
                    if (++freshUrls > MOST_FRESH_URLS) {
                        throw unavailable("download from " + current.getHost() + ": expected the file, found HTTP "
                                + refused.status + " for " + MOST_FRESH_URLS + " fresh URLs");
                    }
                    current = url.fresh();
                } catch (Broken broken) {
                    partial.checkpoint();
                    boolean progressed = partial.length() > before;
                    if (++breaks > MOST_BREAKS || !progressed && !secondChance) {
                        throw unavailable("download from " + current.getHost() + ": expected the whole file, found "
                                + broken.getMessage() + " after " + partial.length() + " bytes");
                    }
                    secondChance = progressed;
                }
            }
        }

        private void transfer(URI from) throws UrlRefused, Broken, IOException {
            // Before the wait for the first byte, which is no silence of this activity.
            beat();
            HttpUrl http = HttpUrl.get(from);
            if (http == null || !isAllowed(http)) {
                throw new UrlRefused(0);
            }
            Request.Builder request = new Request.Builder().url(http).header("Accept-Encoding", "identity");
            String validator = partial.body().map(BodyIdentity::validator).orElse(null);
            if (partial.length() > 0 && validator != null) {
                request.header("Range", "bytes=" + partial.length() + "-").header("If-Range", validator);
            }
            Call call = client.newCall(request.build());
            running.add(call);
            try (Response response = answered(call)) {
                receive(response);
            } finally {
                running.remove(call);
            }
        }

        private void receive(Response response) throws UrlRefused, Broken, IOException {
            switch (response.code()) {
                case 200 -> startOver(response);
                case 206 -> goOn(response);
                case 416 -> {
                    partial.discard();
                    throw new Broken("HTTP 416 to a range of what it offered before");
                }
                // 400 is what Google's storage answers to a signature whose time is over.
                case 400, 401, 403, 404, 410 -> throw new UrlRefused(response.code());
                default -> throw new Broken("HTTP " + response.code());
            }
            String encoding = response.header("Content-Encoding", "identity");
            if (!"identity".equalsIgnoreCase(encoding)) {
                partial.discard();
                throw new Broken("Content-Encoding " + encoding + " that was not asked for");
            }
            copy(response.body());
        }

        private void startOver(Response response) throws IOException {
            long length = response.body().contentLength();
            partial.startOver(BodyIdentity.of(response, length < 0 ? null : length));
        }

        private void goOn(Response response) throws Broken, IOException {
            Matcher range = CONTENT_RANGE.matcher(response.header("Content-Range", ""));
            boolean fits = range.matches() && Long.parseLong(range.group(1)) == partial.length();
            Long total = fits && !"*".equals(range.group(3)) ? (Long) Long.parseLong(range.group(3)) : null;
            BodyIdentity now = BodyIdentity.of(response, total);
            if (!fits || !partial.body().map(now::mayBeSameBody).orElse(false)) {
                partial.discard();
                throw new Broken("another body than before");
            }
        }

        private void copy(ResponseBody body) throws Broken, IOException {
            Long total = partial.body().map(BodyIdentity::totalBytes).orElse(null);
            requireNotTooLarge(total == null ? 0 : total);
            BufferedSource source = body.source();
            long pieceEnd = 0;
            while (true) {
                if (partial.length() >= pieceEnd) {
                    pieceEnd = partial.length() + DownloadLimits.PIECE_BYTES;
                    source.timeout().deadline(limits.stall().toNanos(), TimeUnit.NANOSECONDS);
                }
                int read = readOrBreak(source);
                if (read < 0) {
                    break;
                }
                requireNotTooLarge(partial.length() + read);
                partial.append(buffer, read);
                beat();
            }
            if (total != null && partial.length() != total) {
                throw new Broken("the end of a body of " + total + " bytes");
            }
        }

        private int readOrBreak(BufferedSource source) throws Broken {
            try {
                return source.read(buffer);
            } catch (IOException failure) {
                throw broken(failure);
            }
        }

        private void beat() {
            Long total = partial.body().map(BodyIdentity::totalBytes).orElse(null);
            heartbeat.accept(ArchiveHeartbeat.of(ArchiveHeartbeat.Stage.DOWNLOADING, partial.length(), total));
        }

        private void requireNotTooLarge(long bytes) throws IOException {
            if (bytes > limits.largestBytes()) {
                partial.discard();
                throw ArchiveException.of(
                        FailureType.OUTPUT_INVALID,
                        "file: expected at most " + limits.largestBytes() + " bytes, which is all that a worker takes, "
                                + "found " + bytes + " or more",
                        "Download the job's file from Makistry by other means: it is kept nowhere else, and deleted "
                                + "after 30 days.");
            }
        }
    }

    /** The answer with all its headers in time, for OkHttp's own limits bound each read alone. */
    private Response answered(Call call) throws Broken {
        AsyncTimeout patience = new AsyncTimeout() {
            @Override
            protected void timedOut() {
                call.cancel();
            }
        };
        patience.timeout(limits.answer().toNanos(), TimeUnit.NANOSECONDS);
        patience.enter();
        try {
            return call.execute();
        } catch (IOException failure) {
            Broken broken = broken(failure);
            throw patience.exit() ? new Broken("no answer in time") : broken;
        } finally {
            patience.exit();
        }
    }

    /** Says what broke by its kind alone: the text of a network exception may quote a URL. */
    private static Broken broken(IOException failure) {
        requireNotStopping();
        return new Broken(failure.getClass().getSimpleName());
    }

    private static void requireNotStopping() {
        if (Thread.currentThread().isInterrupted()) {
            throw unavailable("download: expected to finish, found the worker stopping");
        }
    }

    private static boolean isAllowed(HttpUrl url) {
        return url.isHttps()
                || url.host().equals("localhost")
                || url.host().equals("127.0.0.1")
                || url.host().equals("::1");
    }

    private static ArchiveException unavailable(String message) {
        return ArchiveException.of(
                FailureType.SERVICE_UNAVAILABLE,
                message,
                "Nothing at first: it is tried again by itself and goes on where it was. If it lasts, check the network "
                        + "between worker and storage host.");
    }
}
