package dev.cadflow.makistry;

import static dev.cadflow.makistry.RawServer.answer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.cadflow.workflow.CadRequest;
import dev.cadflow.workflow.DesignMode;
import dev.cadflow.workflow.FailureType;
import dev.cadflow.workflow.OutputFormat;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class MakistryClientTest {
    private static final String KEY = "mk_pub_0123456789abcdef0123456789abcdef";
    private static final UUID IDEMPOTENCY_KEY = UUID.fromString("0e5a4c9c-6f0e-4b4c-9a3e-2f6f3f6f0a11");

    private final RawServer server = new RawServer();
    private final MakistryClient client = client(server.url());

    @AfterEach
    void close() {
        client.close();
        server.close();
    }

    @Test
    void aSubmitSaysAllThatMakistryNeeds() throws IOException {
        server.reply(answer(202, "{\"job_id\":\"pub_1\",\"status\":\"queued\",\"new\":1}"));
        CadRequest request = CadRequest.builder()
                .prompt("A \"box\" of 40 × 20 mm")
                .designMode(DesignMode.PRO)
                .outputFormat(OutputFormat.THREE_MF)
                .metadata(Map.of("part", "P-7"))
                .build();

        String jobId = client.submit(
                Submission.of(request, List.of(), IDEMPOTENCY_KEY, "order-7", URI.create("https://cad.example/hook")));

        assertThat(jobId).isEqualTo("pub_1");
        RawServer.Received received = server.received().get(0);
        assertThat(received.line()).isEqualTo("POST /v1/text-to-cad HTTP/1.1");
        assertThat(received.head())
                .contains(
                        "Authorization: Bearer " + KEY, "Idempotency-Key: " + IDEMPOTENCY_KEY, "User-Agent: cadflow/");
        JsonNode body =
                new ObjectMapper().readTree(received.body().getBytes(java.nio.charset.StandardCharsets.ISO_8859_1));
        assertThat(body.get("prompt").asText()).isEqualTo("A \"box\" of 40 × 20 mm");
        assertThat(body.get("design_mode").asText()).isEqualTo("pro");
        assertThat(body.get("output_format").asText()).isEqualTo("3MF");
        assertThat(body.get("callback_url").asText()).isEqualTo("https://cad.example/hook");
        assertThat(body.get("metadata").get("part").asText()).isEqualTo("P-7");
        assertThat(body.get("metadata").get("cadflow_workflow_id").asText()).isEqualTo("order-7");
    }

    @Test
    void withoutACallbackNoneIsNamed() {
        server.reply(answer(202, "{\"job_id\":\"pub_1\"}"));

        assertThat(submit()).isEqualTo("pub_1");
        assertThat(server.received().get(0).body()).doesNotContain("callback_url");
    }

    @Test
    void aJobIsAskedForById() {
        server.reply(answer(200, "{\"job_id\":\"pub_1\",\"status\":\"processing\"}"));

        assertThat(client.job("pub_1").status()).isEqualTo("processing");
        assertThat(server.received().get(0).line()).isEqualTo("GET /v1/jobs/pub_1 HTTP/1.1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "..", "a/b", "a?b", "a%2fb", "ä", "a b"})
    void whatIsNoJobIdIsNeverSent(String jobId) {
        MakistryException failure = failureOf(() -> client.job(jobId));

        assertThat(failure.type()).isEqualTo(FailureType.INVALID_INPUT);
        assertThat(failure.isRequestSent()).isFalse();
        assertThat(server.received()).isEmpty();
    }

    @ParameterizedTest(name = "{0} {1}")
    @CsvSource({
        "400, '', REQUEST_REJECTED",
        "400, invalid_input, INVALID_INPUT",
        "401, invalid_api_key, INVALID_API_KEY",
        "402, payment_required, PAYMENT_REQUIRED",
        "403, forbidden, REQUEST_REJECTED",
        "404, '', REQUEST_REJECTED",
        "409, job_failed, REQUEST_REJECTED",
        "422, invalid_input, INVALID_INPUT",
        "422, image_parse_failed, IMAGE_PARSE_FAILED",
        "422, code_of_tomorrow, INVALID_INPUT",
        "429, quota_exceeded, QUOTA_EXCEEDED",
        "500, '', SERVICE_UNAVAILABLE",
        "503, overloaded, SERVICE_UNAVAILABLE"
    })
    void everyErrorAnswerToASubmitIsTyped(int status, String code, FailureType type) {
        server.reply(answer(status, "{\"error_code\":\"" + code + "\",\"message\":\"Because.\"}"));

        MakistryException failure = failureOf(this::submit);

        assertThat(failure.type()).isEqualTo(type);
        assertThat(failure.httpStatus()).contains(status);
        assertThat(failure.errorCode()).contains(code);
        assertThat(failure.errorMessage()).contains("Because.");
        assertThat(failure).hasMessageContaining("" + status).hasMessageContaining("Because.");
        assertThat(failure.isRequestSent()).isTrue();
        assertThat(failure.isOutcomeUnknown()).isEqualTo(status >= 500);
        assertThat(server.received()).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({"404, JOB_NOT_FOUND", "410, OUTPUT_EXPIRED", "401, INVALID_API_KEY", "502, SERVICE_UNAVAILABLE"})
    void everyErrorAnswerToAPollIsTyped(int status, FailureType type) {
        server.reply(answer(status, "{\"error_message\":\"Because.\"}"));

        MakistryException failure = failureOf(() -> client.job("pub_1"));

        assertThat(failure.type()).isEqualTo(type);
        assertThat(failure.errorMessage()).contains("Because.");
        assertThat(failure.isOutcomeUnknown()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "<html><body>Bad Gateway</body></html>", "[]", "null", "{", "{\"error_code\":{}}"})
    void anErrorAnswerNeedsNoUsableBody(String body) {
        server.reply(answer(502, body, "Content-Type: text/html"));

        MakistryException failure = failureOf(() -> client.job("pub_1"));

        assertThat(failure.type()).isEqualTo(FailureType.SERVICE_UNAVAILABLE);
        assertThat(failure.errorCode()).isEmpty();
        assertThat(failure).hasMessageContaining("502").hasMessageContaining("text/html");
    }

    @ParameterizedTest
    @CsvSource({"90, 90", "'Sat, 21 Nov 2026 12:02:00 GMT', 120", "soon, ", "-5, ", "'Sat, 21 Nov 2026 11:00:00 GMT', "
    })
    void aRetryAfterIsReadAsSecondsOrAsADate(String header, Long seconds) {
        server.reply(answer(503, "{}", "Retry-After: " + header));

        MakistryException failure = failureOf(() -> client.job("pub_1"));

        assertThat(failure.retryAfter().map(Duration::toSeconds).orElse(null)).isEqualTo(seconds);
    }

    @Test
    void aRefusalByQuotaStopsEveryCallerBeforeItAsks() {
        server.reply(answer(429, "{\"error_code\":\"quota_exceeded\"}"));
        assertThat(failureOf(() -> client.job("pub_1")).retryAfter()).contains(Duration.ofMinutes(1));

        MakistryException submit = failureOf(this::submit);

        assertThat(submit.type()).isEqualTo(FailureType.QUOTA_EXCEEDED);
        assertThat(submit.httpStatus()).isEmpty();
        assertThat(submit.isRequestSent()).isFalse();
        assertThat(submit.retryAfter().orElseThrow()).isPositive();
        assertThat(server.received()).hasSize(1);
    }

    @Test
    void a503ThatAsksToBeTriedAtOnceIsNotSentTwice() {
        server.reply(answer(503, "{}", "Retry-After: 0"), answer(202, "{\"job_id\":\"pub_1\"}"));

        assertThat(failureOf(this::submit).type()).isEqualTo(FailureType.SERVICE_UNAVAILABLE);
        assertThat(server.received()).hasSize(1);
    }

    @Test
    void theKeyFollowsNoRedirect() {
        try (RawServer elsewhere = new RawServer()) {
            server.reply(answer(307, "", "Location: " + elsewhere.url() + "/jobs/pub_1"));

            MakistryException failure = failureOf(() -> client.job("pub_1"));

            assertThat(failure.type()).isEqualTo(FailureType.REQUEST_REJECTED);
            assertThat(failure).hasMessageContaining("redirects are not followed");
            assertThat(elsewhere.received()).isEmpty();
        }
    }

    @Test
    void neitherKeyNorSignedUrlIsRepeatedFromAnAnswer() {
        server.reply(answer(
                401,
                "{\"error_code\":\"invalid_api_key\",\"message\":\"Key " + KEY
                        + " and mk_pub_ffffffffffffffff, see https://h/p?X-Signature=s3cr3t\"}"));

        MakistryException failure = failureOf(() -> client.job("pub_1"));

        assertThat(failure.getMessage() + failure.errorMessage())
                .contains("Key [API key] and [API key]", "https://h/p")
                .doesNotContain(KEY, "ffffffff", "s3cr3t");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "accepted", "{}", "[]", "{\"job_id\":7}", "{\"job_id\":\"../x\"}", "{\"job_id\":\"pub_1\""})
    void aSubmitThatWasAcceptedWithoutAUsableIdMayHaveBought(String body) {
        server.reply(answer(202, body));

        MakistryException failure = failureOf(this::submit);

        assertThat(failure.type()).isEqualTo(FailureType.SERVICE_UNAVAILABLE);
        assertThat(failure.isOutcomeUnknown()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "<html>", "{\"job_id\":\"pub_1\"}", "{\"job_id\":\"pub_2\",\"status\":\"success\"}"})
    void anAnswerThatIsNotTheJobIsNone(String body) {
        server.reply(answer(200, body));

        assertThat(failureOf(() -> client.job("pub_1")).type()).isEqualTo(FailureType.SERVICE_UNAVAILABLE);
    }

    @Test
    void whereverTheAnswerToASubmitIsCutTheOutcomeIsUnknown() {
        String body = "{\"job_id\":\"pub_1\"}";
        int whole = 130;
        for (int bytes = 0; bytes < whole; bytes += 5) {
            server.reply(RawServer.cutAfter(bytes, 202, body));
            try {
                assertThat(submit()).as("after %d bytes", bytes).isEqualTo("pub_1");
            } catch (MakistryException failure) {
                assertThat(failure.isOutcomeUnknown())
                        .as("after %d bytes", bytes)
                        .isTrue();
                assertThat(failure.type()).isEqualTo(FailureType.SERVICE_UNAVAILABLE);
            }
        }
        assertThat(server.received()).hasSize(whole / 5);
    }

    @Test
    void gzipThatIsNoneIsNamedSo() {
        server.reply(answer(200, "this is not gzip at all", "Content-Encoding: gzip"));

        assertThat(failureOf(() -> client.job("pub_1"))).hasMessageContaining("says it is gzip and is not");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Content-Length: 209715200", "Connection: close"})
    void anAnswerOf200MegabytesIsNotReadOn(String header) {
        server.reply(RawServer.endless(header));

        MakistryException failure = failureOf(() -> client.job("pub_1"));

        assertThat(failure.type()).isEqualTo(FailureType.SERVICE_UNAVAILABLE);
        assertThat(failure).hasMessageContaining("larger than 8388608 bytes");
    }

    @Test
    void aServerThatNeverAnswersEndsInATypedFailure() {
        server.reply(RawServer.silence(), RawServer.silence());
        try (MakistryClient impatient = MakistryClient.builder(KEY)
                .baseUrl(server.url())
                .readTimeout(Duration.ofMillis(100))
                .build()) {
            MakistryException poll = failureOf(() -> impatient.job("pub_1"));
            assertThat(poll).hasMessageContaining("did not answer in time");
            assertThat(poll.isOutcomeUnknown()).isFalse();

            MakistryException submit = failureOf(() -> impatient.submit(submission()));
            assertThat(submit.isOutcomeUnknown()).isTrue();
        }
    }

    @Test
    void aRefusedConnectionIsNoRequest() throws IOException {
        int closedPort;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            closedPort = socket.getLocalPort();
        }
        try (MakistryClient nowhere = client(URI.create("http://127.0.0.1:" + closedPort + "/v1"))) {
            MakistryException failure = failureOf(() -> nowhere.submit(submission()));

            assertThat(failure.type()).isEqualTo(FailureType.SERVICE_UNAVAILABLE);
            assertThat(failure).hasMessageContaining("refused").hasMessageContaining("127.0.0.1:" + closedPort);
            assertThat(failure.isRequestSent()).isFalse();
            assertThat(failure.isOutcomeUnknown()).isFalse();
        }
    }

    @Test
    void anUnknownHostIsNamed() {
        try (MakistryClient nowhere = client(URI.create("https://makistry.invalid/v1"))) {
            assertThat(failureOf(() -> nowhere.job("pub_1")))
                    .hasMessageContaining("makistry.invalid")
                    .hasMessageContaining("not known");
        }
    }

    @Test
    void aServerThatSpeaksNoTlsIsNamedSo() {
        try (RawServer plain = RawServer.answeringUnasked();
                MakistryClient secure = client(URI.create("https://127.0.0.1:" + plain.port() + "/v1"))) {
            plain.reply(answer(200, "{}"));

            MakistryException failure = failureOf(() -> secure.submit(submission()));

            assertThat(failure.type()).isEqualTo(FailureType.SERVICE_UNAVAILABLE);
            assertThat(failure.isOutcomeUnknown()).isFalse();
            assertThat(failure).hasMessageContaining("TLS failed").hasMessageContaining("trusted certificates");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://api.makistry.ai/v1",
                "http://127.0.0.1.example/v1",
                "ftp://127.0.0.1/v1",
                "https://user:secret@host/v1",
                "https://host/v1?key=secret",
                "https://host/v1#top",
                "relative"
            })
    void aBaseUrlThatWouldCarryTheKeyInTheOpenIsRefused(String url) {
        assertThatThrownBy(() -> MakistryClient.builder(KEY).baseUrl(URI.create(url)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("base URL: expected https")
                .hasMessageNotContaining("secret");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "mk_pub_line\nbreak", "mk pub", "schlüssel"})
    void aKeyThatNoHeaderTakesIsRefusedAndNotQuoted(String key) {
        assertThatThrownBy(() -> MakistryClient.builder(key))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("API key: expected printable ASCII")
                .hasMessageNotContaining("schlüssel");
    }

    private static MakistryClient client(URI url) {
        return MakistryClient.builder(KEY)
                .baseUrl(url)
                .quota(new Quota(QuotaLimits.of(10_000, 10_000)))
                .clock(Clock.fixed(Instant.parse("2026-11-21T12:00:00Z"), ZoneOffset.UTC))
                .build();
    }

    private static Submission submission() {
        return Submission.of(CadRequest.of("A box"), List.of(), IDEMPOTENCY_KEY, "order-7", null);
    }

    private String submit() {
        return client.submit(submission());
    }

    private static MakistryException failureOf(ThrowingCallable call) {
        MakistryException failure = catchThrowableOfType(MakistryException.class, call);
        assertThat(failure).as("a failure").isNotNull();
        assertThat(failure.getMessage()).doesNotContain(KEY);
        return failure;
    }
}
