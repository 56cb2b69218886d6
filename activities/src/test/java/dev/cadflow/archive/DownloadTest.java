package dev.cadflow.archive;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Named.named;

import dev.cadflow.workflow.FailureType;
import dev.cadflow.workflow.OutputFormat;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import okhttp3.OkHttpClient;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** From a storage host that breaks off, thinks of another body, or keeps silent. */
final class DownloadTest {
    private static final byte[] BEFORE = Parts.step("before ".repeat(20));
    private static final byte[] AFTER = Parts.step("after ".repeat(30));
    private static final Map<String, String> V1 = Map.of("ETag", "\"v1\"");
    private static final Map<String, String> V2 = Map.of("ETag", "\"v2\"");
    private static final String NOON = "Sat, 21 Nov 2026 12:00:00 GMT";
    private static final String MD5 =
            "md5=" + Base64.getEncoder().encodeToString(Disk.digest("MD5").digest(BEFORE));
    private static final ArchiveKey KEY = ArchiveKey.of("part.step");

    /** Long where no test waits for it. */
    private static final Duration LONG = Duration.ofSeconds(30);

    private static final Duration SHORT = Duration.ofMillis(200);
    private static final DownloadLimits PATIENT = new DownloadLimits(LONG, LONG, LONG, 64L << 20);

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path staging;

    private int freshUrls;

    @Test
    void beginsAgainWhereTheBodyHasChangedAfterABreak() {
        try (StorageHost host =
                new StorageHost(StorageHost.breakingAfter(100, BEFORE, V1), StorageHost.content(AFTER, V2))) {
            assertThat(brought(host)).hasBinaryContent(AFTER);
            assertThat(host.seen().get(1).header("Range")).isEqualTo("bytes=100-");
            assertThat(host.seen().get(1).header("If-Range")).isEqualTo("\"v1\"");
            assertThat(host.seen()).hasSize(2);
        }
    }

    @ParameterizedTest
    @MethodSource("rangesOfAnotherBody")
    void beginsAgainWhereARangeIsAnsweredWith(StorageHost.Step range) {
        try (StorageHost host = new StorageHost(
                StorageHost.breakingAfter(100, BEFORE, with(V1, "Last-Modified", NOON, "x-goog-hash", MD5)),
                range,
                StorageHost.content(AFTER, V2))) {
            assertThat(brought(host)).hasBinaryContent(AFTER);
            assertThat(host.seen().get(1).header("Range")).isEqualTo("bytes=100-");
            assertThat(host.seen().get(2).header("Range")).isNull();
        }
    }

    static List<Named<StorageHost.Step>> rangesOfAnotherBody() {
        return List.of(
                named("another ETag", StorageHost.rangeFrom(100, BEFORE, V2)),
                named("another length", StorageHost.rangeFrom(100, AFTER, V1)),
                named("another time", StorageHost.rangeFrom(100, BEFORE, with(V1, "Last-Modified", "then"))),
                named("another hash", StorageHost.rangeFrom(100, BEFORE, with(V1, "x-goog-hash", "md5=another"))),
                named("a later offset", StorageHost.rangeFrom(101, BEFORE, V1)),
                named("an earlier offset", StorageHost.rangeFrom(99, BEFORE, V1)),
                named("no range", StorageHost.status(206)),
                named("416", StorageHost.status(416)));
    }

    @Test
    void takesTheWholeBodyInAnswerToARange() {
        try (StorageHost host =
                new StorageHost(StorageHost.breakingAfter(100, BEFORE, V1), StorageHost.whole(BEFORE, V1))) {
            assertThat(brought(host)).hasBinaryContent(BEFORE);
            assertThat(host.seen().get(1).header("Range")).isEqualTo("bytes=100-");
            assertThat(host.seen()).hasSize(2);
        }
    }

    @ParameterizedTest
    @MethodSource
    void beginsAgainWhereNothingTellsTheBodyFromAnother(Map<String, String> headers) {
        try (StorageHost host =
                new StorageHost(StorageHost.breakingAfter(100, BEFORE, headers), StorageHost.content(AFTER, headers))) {
            assertThat(brought(host)).hasBinaryContent(AFTER);
            assertThat(host.seen().get(1).header("Range")).isNull();
            assertThat(host.seen()).hasSize(2);
        }
    }

    static Stream<Map<String, String>> beginsAgainWhereNothingTellsTheBodyFromAnother() {
        return Stream.of(Map.of(), Map.of("ETag", "W/\"v1\""));
    }

    @Test
    void goesOnByTheTimeOfTheLastChangeWhereTheETagIsWeak() {
        Map<String, String> headers = Map.of("ETag", "W/\"v1\"", "Last-Modified", NOON);
        try (StorageHost host = new StorageHost(
                StorageHost.breakingAfter(100, BEFORE, headers), StorageHost.content(BEFORE, headers))) {
            assertThat(brought(host)).hasBinaryContent(BEFORE);
            assertThat(host.seen().get(1).header("Range")).isEqualTo("bytes=100-");
            assertThat(host.seen().get(1).header("If-Range")).isEqualTo(NOON);
        }
    }

    @Test
    void goesOnByAFreshUrlInTheMiddle() {
        try (StorageHost host = new StorageHost(
                StorageHost.breakingAfter(100, BEFORE, V1), StorageHost.status(403), StorageHost.content(BEFORE, V1))) {
            assertThat(brought(host)).hasBinaryContent(BEFORE);
            assertThat(host.seen().get(1).path()).endsWith("signature=old");
            assertThat(host.seen().get(2).path()).endsWith("signature=fresh-1");
            assertThat(host.seen().get(2).header("Range")).isEqualTo("bytes=100-");
        }
    }

    @Test
    void asksForNoMoreThanThreeFreshUrls() {
        try (StorageHost host = new StorageHost(StorageHost.status(403))) {
            ArchiveException refused = refused(url(host), PATIENT);

            assertThat(refused.type()).isEqualTo(FailureType.SERVICE_UNAVAILABLE);
            assertThat(refused).hasMessageContaining("HTTP 403 for 3 fresh URLs");
            assertThat(freshUrls).isEqualTo(3);
            assertThat(host.seen()).hasSize(4);
        }
    }

    @Test
    @Timeout(value = 20, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void breaksOffABodyThatStallsAndSaysHowFarItCame() {
        try (StorageHost host =
                new StorageHost(StorageHost.stallingAfter(100, BEFORE, V1), StorageHost.stallingAfter(0, BEFORE, V1))) {
            ArchiveException refused = refused(url(host), new DownloadLimits(LONG, LONG, SHORT, 64L << 20));

            assertThat(refused.type()).isEqualTo(FailureType.SERVICE_UNAVAILABLE);
            assertThat(refused).hasMessageEndingWith("found SocketTimeoutException after 100 bytes");
            assertThat(host.seen())
                    .hasSize(3)
                    .last()
                    .satisfies(last -> assertThat(last.header("Range")).isEqualTo("bytes=100-"));
        }
    }

    @Test
    @Timeout(value = 20, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void breaksOffAHostThatNeverAnswers() throws IOException {
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            ArchiveException refused = refused(url(silent), new DownloadLimits(LONG, SHORT, LONG, 64L << 20));

            assertThat(refused.type()).isEqualTo(FailureType.SERVICE_UNAVAILABLE);
            assertThat(refused).hasMessageEndingWith("found SocketTimeoutException after 0 bytes");
        }
    }

    @Test
    @Timeout(value = 20, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void breaksOffAnAnswerWhoseHeadersTrickle() throws IOException {
        try (Trickle host = new Trickle()) {
            ArchiveException refused =
                    refused(host.url(), new DownloadLimits(SHORT, Duration.ofSeconds(1), LONG, 64L << 20));

            assertThat(refused.type()).isEqualTo(FailureType.SERVICE_UNAVAILABLE);
            assertThat(refused).hasMessageContaining("expected the whole file, found ");
        }
    }

    /** Linux lets who finds the queue full wait for his connection. */
    @Test
    @Timeout(value = 20, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    @EnabledOnOs(OS.LINUX)
    void breaksOffAConnectionThatDoesNotCome() throws IOException {
        List<SocketChannel> queue = new ArrayList<>();
        try (ServerSocket full = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            for (int i = 0; i < 8; i++) {
                SocketChannel waiting = SocketChannel.open();
                queue.add(waiting);
                waiting.configureBlocking(false);
                waiting.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), full.getLocalPort()));
            }
            ArchiveException refused = refused(url(full), new DownloadLimits(SHORT, LONG, LONG, 64L << 20));

            assertThat(refused.type()).isEqualTo(FailureType.SERVICE_UNAVAILABLE);
            assertThat(refused).hasMessageEndingWith("found SocketTimeoutException after 0 bytes");
        } finally {
            for (SocketChannel waiting : queue) {
                waiting.close();
            }
        }
    }

    /** Answers each connection with one more header every few milliseconds, and never with the last. */
    private static final class Trickle implements AutoCloseable {
        private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        private final ScheduledExecutorService threads = Executors.newScheduledThreadPool(2);

        Trickle() throws IOException {
            threads.execute(this::accept);
        }

        private void accept() {
            while (true) {
                try {
                    OutputStream out = server.accept().getOutputStream();
                    out.write("HTTP/1.1 200 OK\r\n".getBytes(US_ASCII));
                    threads.scheduleAtFixedRate(() -> more(out), 0, 20, TimeUnit.MILLISECONDS);
                } catch (IOException closed) {
                    return;
                }
            }
        }

        /** Ends by an exception where the other side has gone. */
        private static void more(OutputStream out) {
            try {
                out.write("X: y\r\n".getBytes(US_ASCII));
            } catch (IOException gone) {
                throw new UncheckedIOException(gone);
            }
        }

        URI url() {
            return DownloadTest.url(server);
        }

        @Override
        public void close() throws IOException {
            threads.shutdownNow();
            server.close();
        }
    }

    private Path brought(StorageHost host) {
        ProvenDownload.Outcome outcome = bring(url(host), PATIENT);
        assertThat(outcome.invalid()).isNull();
        return outcome.file().path();
    }

    private ArchiveException refused(URI url, DownloadLimits limits) {
        return catchThrowableOfType(ArchiveException.class, () -> bring(url, limits));
    }

    private ProvenDownload.Outcome bring(URI url, DownloadLimits limits) {
        DownloadUrl urls = new DownloadUrl() {
            @Override
            public URI current() {
                return url;
            }

            @Override
            public URI fresh() {
                return url.resolve("?signature=fresh-" + ++freshUrls);
            }
        };
        return new ProvenDownload(new Download(new OkHttpClient(), limits))
                .bring(
                        new ProvenDownload.Order(KEY, "job-1", OutputFormat.STEP, null),
                        urls,
                        new Staging(staging),
                        beat -> {});
    }

    private static URI url(StorageHost host) {
        return host.url("old");
    }

    private static URI url(ServerSocket host) {
        return URI.create("http://127.0.0.1:" + host.getLocalPort() + "/file");
    }

    private static Map<String, String> with(Map<String, String> headers, String... more) {
        Map<String, String> all = new HashMap<>(headers);
        for (int i = 0; i < more.length; i += 2) {
            all.put(more[i], more[i + 1]);
        }
        return all;
    }
}
