package dev.cadflow.worker.webhook;

import static dev.cadflow.worker.webhook.SignedWebhook.SECRET;
import static dev.cadflow.worker.webhook.SignedWebhook.signedWith;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import dev.cadflow.makistry.DownloadUrlSeal;
import dev.cadflow.worker.MakistryJobReader;
import dev.cadflow.worker.http.ListenAddress;
import dev.cadflow.worker.testing.Eventually;
import dev.cadflow.worker.webhook.WorkflowSignaller.Delivery;
import dev.cadflow.workflow.JobFinished;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The receiver over real HTTP. */
final class WebhookServerTest {
    private static final ListenAddress ANY_PORT = new ListenAddress("127.0.0.1", 0);
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-05-30T10:01:15Z"), ZoneOffset.UTC);
    private static final WebhookLimits LIMITS =
            new WebhookLimits(4096, Duration.ofMillis(400), Duration.ofSeconds(10), 16, 2);
    private static final String JOB = """
            {"job_id": "pub_a1b2c3d4e5f6", "status": "success", "endpoint": "text_to_cad", "design_mode": "standard",
             "output_format": "STEP", "download_url": "https://storage.example/part.step?sig=do-not-keep",
             "metadata": {"cadflow_workflow_id": "cadflow-bracket-7"}, "field_of_tomorrow": [1, 2]}
            """;

    private final RecordingSignaller signaller = new RecordingSignaller();
    private final List<WebhookOutcome> outcomes = new CopyOnWriteArrayList<>();
    private final HttpClient http = HttpClient.newHttpClient();
    private final WebhookServer server = start();

    @AfterEach
    void stop() {
        server.close();
    }

    private WebhookServer start() {
        try {
            return WebhookServer.start(
                    ANY_PORT,
                    LIMITS,
                    new SignatureVerifier(List.of("whsec_old", SECRET), CLOCK),
                    new MakistryJobReader(DownloadUrlSeal.forApiKey("mk_pub_0123456789abcdef0123456789abcdef")),
                    signaller,
                    outcomes::add);
        } catch (IOException failed) {
            throw new AssertionError(failed);
        }
    }

    private int post(SignedWebhook webhook) throws IOException, InterruptedException {
        return send(webhook.to(server.url()));
    }

    private int send(HttpRequest request) throws IOException, InterruptedException {
        return http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
    }

    private static SignedWebhook valid(String body) {
        return SignedWebhook.valid(body, CLOCK);
    }

    @Test
    void aGenuineJobIsSignalledToItsWorkflowWithItsUrlSealed() throws Exception {
        assertThat(post(valid(JOB))).isEqualTo(204);
        assertThat(outcomes).containsExactly(WebhookOutcome.SIGNALLED);
        assertThat(signaller.signals()).singleElement().satisfies(signal -> {
            assertThat(signal.workflowId()).isEqualTo("cadflow-bracket-7");
            assertThat(signal.job().jobId()).isEqualTo("pub_a1b2c3d4e5f6");
            assertThat(signal.job().succeeded()).isTrue();
            assertThat(signal.job().downloadUrl())
                    .startsWith(JobFinished.SEALED_PREFIX)
                    .doesNotContain("storage.example", "do-not-keep");
        });
    }

    @Test
    void aFailedJobIsSignalledToo() throws Exception {
        String failed = """
                {"job_id": "pub_1", "status": "failed", "error_code": "geometry_validation_failed",
                 "error_message": "no", "metadata": {"cadflow_workflow_id": "w"}}""";
        assertThat(post(valid(failed))).isEqualTo(204);
        assertThat(signaller.signals())
                .singleElement()
                .satisfies(signal -> assertThat(signal.job().errorCode()).isEqualTo("geometry_validation_failed"));
    }

    @Test
    void aWebhookSignedWithTheOlderOfTwoSecretsIsTaken() throws Exception {
        assertThat(post(signedWith("whsec_old", JOB, CLOCK.instant().getEpochSecond())))
                .isEqualTo(204);
    }

    @Test
    void aFinishedOrUnknownWorkflowIsAcknowledgedAndCounted() throws Exception {
        signaller.answers(() -> Delivery.NO_SUCH_WORKFLOW);
        assertThat(post(valid(JOB))).isEqualTo(204);
        assertThat(outcomes).containsExactly(WebhookOutcome.NO_SUCH_WORKFLOW);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"job_id\": \"pub_1\", \"status\": \"success\"}",
                "{\"job_id\": \"pub_1\", \"status\": \"success\", \"metadata\": null}",
                "{\"job_id\": \"pub_1\", \"status\": \"success\", \"metadata\": {\"cadflow_workflow_id\": 7}}",
                "{\"job_id\": \"pub_1\", \"status\": \"success\", \"metadata\": {\"cadflow_workflow_id\": \" \"}}",
                "{\"job_id\": \"pub_1\", \"status\": \"success\", \"metadata\": [\"cadflow_workflow_id\"]}"
            })
    void aJobThatNamesNoWorkflowIsNotOursAndNotRetried(String job) throws Exception {
        assertThat(post(valid(job))).isEqualTo(204);
        assertThat(outcomes).containsExactly(WebhookOutcome.NOT_OURS);
        assertThat(signaller.signals()).isEmpty();
    }

    @Test
    void aJobThatIsNotOverIsAcknowledgedAndNotSignalled() throws Exception {
        assertThat(post(valid(JOB.replace("success", "reviewing")))).isEqualTo(204);
        assertThat(outcomes).containsExactly(WebhookOutcome.NOT_FINISHED);
        assertThat(signaller.signals()).isEmpty();
    }

    @Test
    void aSignatureThatIsMissingOrOfAnotherBodyIsRefused() throws Exception {
        SignedWebhook valid = valid(JOB);
        assertThat(post(valid.withoutSignature())).isEqualTo(401);
        assertThat(post(valid.withoutTimestamp())).isEqualTo(401);
        assertThat(post(valid.withBody(JOB.replace("success", "failed")))).isEqualTo(401);
        assertThat(post(signedWith("guessed", JOB, CLOCK.instant().getEpochSecond())))
                .isEqualTo(401);
        assertThat(outcomes).hasSize(4).containsOnly(WebhookOutcome.BAD_SIGNATURE);
        assertThat(signaller.signals()).isEmpty();
    }

    @Test
    void aWebhook301SecondsOffIsRefusedEitherWay() throws Exception {
        long now = CLOCK.instant().getEpochSecond();
        assertThat(post(signedWith(SECRET, JOB, now - 301))).isEqualTo(401);
        assertThat(post(signedWith(SECRET, JOB, now + 301))).isEqualTo(401);
        assertThat(outcomes).hasSize(2).containsOnly(WebhookOutcome.STALE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "not json",
                "[]",
                "null",
                "{}",
                "{\"job_id\": \"../../etc/passwd\", \"status\": \"success\"}",
                "{\"job_id\": \"pub_1\"}",
                "{\"job_id\": \"pub_1\", \"status\":",
                "<html>502 Bad Gateway</html>"
            })
    void aSignedBodyThatIsNoJobIsABadRequest(String body) throws Exception {
        assertThat(post(valid(body))).isEqualTo(400);
        assertThat(outcomes).containsExactly(WebhookOutcome.NOT_A_JOB);
    }

    @Test
    void aDeeplyNestedBodyIsABadRequestAndNotAnOverflow() throws Exception {
        assertThat(post(valid("{\"a\":".repeat(700)))).isEqualTo(400);
        assertThat(post(valid("[".repeat(4000)))).isEqualTo(400);
    }

    @Test
    void aSignalThatTemporalCannotTakeNowIsToBeRetried() throws Exception {
        signaller.answers(() -> {
            throw new SignalNotDeliveredException("down", new IOException("refused"));
        });
        assertThat(post(valid(JOB))).isEqualTo(503);
        assertThat(outcomes).containsExactly(WebhookOutcome.UNAVAILABLE);
    }

    @Test
    void moreSignalsAtOnceThanAllowedAreToBeRetried() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        signaller.answers(() -> {
            awaitQuietly(release);
            return Delivery.SIGNALLED;
        });
        List<CompletableFuture<HttpResponse<Void>>> held = List.of(postAsync(), postAsync());
        Eventually.assertThat(() -> signaller.signals().size() == LIMITS.maxSignals());
        assertThat(post(valid(JOB))).isEqualTo(503);
        release.countDown();
        for (CompletableFuture<HttpResponse<Void>> response : held) {
            assertThat(response.get().statusCode()).isEqualTo(204);
        }
        assertThat(post(valid(JOB))).isEqualTo(204);
    }

    @Test
    void anyOtherPathIsNotFoundAndAnyOtherMethodNotAllowed() throws Exception {
        URI root = server.url().resolve("/");
        for (String path : List.of("", "webhooks", "webhooks/makistry/", "webhooks/makistry/x", "metrics")) {
            assertThat(send(valid(JOB).to(root.resolve(path)))).as(path).isEqualTo(404);
        }
        HttpResponse<Void> get =
                http.send(HttpRequest.newBuilder(server.url()).build(), HttpResponse.BodyHandlers.discarding());
        assertThat(get.statusCode()).isEqualTo(405);
        assertThat(get.headers().firstValue("Allow")).contains("POST");
        assertThat(signaller.signals()).isEmpty();
    }

    @Test
    void aBodyAtTheCapIsReadAndOneByteMoreIsTooLarge() throws Exception {
        assertThat(post(valid("x".repeat(4096)))).isEqualTo(400);
        assertThat(post(valid("x".repeat(4097)))).isEqualTo(413);
        assertThat(outcomes).containsExactly(WebhookOutcome.NOT_A_JOB, WebhookOutcome.TOO_LARGE);
    }

    @Test
    void aDeclaredLengthOverTheCapIsRefusedBeforeAnyByteOfTheBody() throws Exception {
        assertThat(statusOfRaw("Content-Length: 1000000000\r\n\r\n")).isEqualTo(413);
    }

    @Test
    void aChunkedBodyIsCutOffAtTheCap() throws Exception {
        String chunk = "400\r\n" + "x".repeat(1024) + "\r\n";
        assertThat(statusOfRaw("Transfer-Encoding: chunked\r\n\r\n" + chunk.repeat(5)))
                .isEqualTo(413);
        assertThat(outcomes).containsExactly(WebhookOutcome.TOO_LARGE);
    }

    @Test
    void aBodyThatStallsIsCutOffInTime() throws Exception {
        assertThat(statusOfRaw("Content-Length: 100\r\n\r\n{\"job_id\"")).isEqualTo(408);
        assertThat(outcomes).containsExactly(WebhookOutcome.TOO_SLOW);
    }

    @Test
    void aBodyThatTricklesSteadilyIsCutOffInTimeToo() throws Exception {
        try (Socket socket = connect()) {
            OutputStream out = socket.getOutputStream();
            out.write("POST /webhooks/makistry HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4000\r\n\r\n"
                    .getBytes(US_ASCII));
            Eventually.assertThat(() -> {
                try {
                    out.write(' ');
                    out.flush();
                    return socket.getInputStream().available() > 0;
                } catch (IOException cutOff) {
                    return true;
                }
            });
            assertThat(outcomes).containsExactly(WebhookOutcome.TOO_SLOW);
        }
    }

    @Test
    void garbageInsteadOfHttpHarmsNobodyElse() throws Exception {
        try (Socket socket = connect()) {
            socket.getOutputStream().write("\u0016\u0003\u0001 not http\r\n\r\n".getBytes(US_ASCII));
            socket.getOutputStream().flush();
            assertThat(new String(socket.getInputStream().readAllBytes(), US_ASCII))
                    .contains(" 400 ");
        }
        try (Socket socket = connect()) {
            socket.getOutputStream().write("POST /webhooks/makistry HT".getBytes(US_ASCII));
        }
        assertThat(post(valid(JOB))).isEqualTo(204);
    }

    @Test
    void aStopLetsARunningRequestFinishAndTakesNoOther() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        signaller.answers(() -> {
            awaitQuietly(release);
            return Delivery.SIGNALLED;
        });
        CompletableFuture<HttpResponse<Void>> running = postAsync();
        Eventually.assertThat(() -> signaller.signals().size() == 1);
        CompletableFuture<Void> stopped = CompletableFuture.runAsync(() -> server.stop(Duration.ofSeconds(20)));
        Eventually.assertThat(this::takesNoMore);
        release.countDown();
        assertThat(running.get().statusCode()).isEqualTo(204);
        stopped.get();
    }

    @Test
    void anAddressThatIsTakenIsNamedInTheError() {
        ListenAddress taken = new ListenAddress("127.0.0.1", server.url().getPort());
        assertThatIOException()
                .isThrownBy(() -> WebhookServer.start(
                        taken,
                        LIMITS,
                        new SignatureVerifier(List.of(SECRET), CLOCK),
                        body -> {
                            throw new JobReader.NotAJobException("never read");
                        },
                        signaller,
                        outcomes::add))
                .withMessageContaining(taken.toString());
    }

    private boolean takesNoMore() {
        try {
            HttpRequest other = valid(JOB).withoutSignature().to(server.url());
            return send(HttpRequest.newBuilder(other, (name, value) -> true)
                            .timeout(Duration.ofSeconds(2))
                            .build())
                    == 503;
        } catch (IOException refusedOrLeftWithoutAnAnswer) {
            return true;
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
    }

    private CompletableFuture<HttpResponse<Void>> postAsync() {
        return http.sendAsync(valid(JOB).to(server.url()), HttpResponse.BodyHandlers.discarding());
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private Socket connect() throws IOException {
        return new Socket("127.0.0.1", server.url().getPort());
    }

    /** The status of the answer to a POST whose headers end, and whose body begins, as given. */
    private int statusOfRaw(String headersAndBody) throws IOException {
        try (Socket socket = connect()) {
            OutputStream out = socket.getOutputStream();
            out.write(("POST /webhooks/makistry HTTP/1.1\r\nHost: localhost\r\n" + headersAndBody).getBytes(US_ASCII));
            out.flush();
            byte[] statusLine = socket.getInputStream().readNBytes("HTTP/1.1 200".length());
            return Integer.parseInt(new String(statusLine, US_ASCII).substring("HTTP/1.1 ".length()));
        }
    }
}
