package dev.cadflow.worker.codec;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.util.JsonFormat;
import dev.cadflow.worker.http.ListenAddress;
import io.temporal.api.common.v1.Payload;
import io.temporal.api.common.v1.Payloads;
import io.temporal.common.converter.DefaultDataConverter;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Temporal's remote codec protocol, as the Web UI and the CLI speak it. */
final class CodecServerTest {
    private static final String TOKEN = "a-token-that-is-long-enough";
    private static final String UI = "http://localhost:8233";
    private static final AesGcmPayloadCodec CODEC = new AesGcmPayloadCodec(CodecKeys.parse(
            "k1:" + Base64.getEncoder().encodeToString("k".repeat(32).getBytes())));
    private static final Payload PROMPT = DefaultDataConverter.newDefaultInstance()
            .toPayload("A secret bracket")
            .orElseThrow();

    private final HttpClient http = HttpClient.newHttpClient();
    private final CodecServer server = start();

    private static CodecServer start() {
        try {
            return CodecServer.start(new ListenAddress("127.0.0.1", 0), TOKEN, Set.of(UI), CODEC);
        } catch (IOException failed) {
            throw new AssertionError(failed);
        }
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(server.url() + path))
                .header("Content-Type", "application/json")
                .header("X-Namespace", "default")
                .header("Authorization", "Bearer " + TOKEN);
    }

    private HttpResponse<String> post(String path, String body) throws Exception {
        return send(request(path).POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private static String json(List<Payload> payloads) throws Exception {
        return JsonFormat.printer()
                .print(Payloads.newBuilder().addAllPayloads(payloads).build());
    }

    private static List<Payload> payloads(HttpResponse<String> answer) throws Exception {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/json");
        Payloads.Builder payloads = Payloads.newBuilder();
        JsonFormat.parser().merge(answer.body(), payloads);
        return payloads.getPayloadsList();
    }

    @Test
    void payloadsAreDecodedInTheirOrder() throws Exception {
        List<Payload> mixed = List.of(CODEC.encode(List.of(PROMPT)).get(0), PROMPT);
        assertThat(payloads(post("/decode", json(mixed)))).containsExactly(PROMPT, PROMPT);
    }

    @Test
    void payloadsAreEncodedSoThatTheUiCanStartAndSignal() throws Exception {
        List<Payload> encoded = payloads(post("/encode", json(List.of(PROMPT))));
        assertThat(encoded).hasSize(1).doesNotContain(PROMPT);
        assertThat(CODEC.decode(encoded)).containsExactly(PROMPT);
    }

    @Test
    void withoutTheTokenNothingIsDecoded() throws Exception {
        String body = json(CODEC.encode(List.of(PROMPT)));
        for (String authorization :
                List.of("Bearer wrong", "Bearer " + TOKEN + "x", TOKEN, "Basic " + TOKEN, "Basic *")) {
            HttpResponse<String> refused = send(request("/decode")
                    .setHeader("Authorization", authorization)
                    .POST(HttpRequest.BodyPublishers.ofString(body)));
            assertThat(refused.statusCode()).isEqualTo(401);
            assertThat(refused.headers().firstValue("WWW-Authenticate")).hasValue("Bearer");
        }
        HttpResponse<String> without = send(HttpRequest.newBuilder(URI.create(server.url() + "/decode"))
                .POST(HttpRequest.BodyPublishers.ofString(body)));
        assertThat(without.statusCode()).isEqualTo(401);
    }

    @Test
    void aPersonSignsInWithTheTokenAsPassword() throws Exception {
        HttpRequest.Builder page = HttpRequest.newBuilder(URI.create(server.url() + "/"));
        assertThat(send(page).statusCode()).isEqualTo(401);
        assertThat(send(page).headers().firstValue("WWW-Authenticate").orElse(""))
                .startsWith("Basic realm=");
        assertThat(send(page.header("Authorization", basic("ada:" + TOKEN))).body())
                .startsWith("Signed in.");
        assertThat(payloads(send(request("/decode")
                        .setHeader("Authorization", basic("ada:" + TOKEN))
                        .POST(HttpRequest.BodyPublishers.ofString(json(CODEC.encode(List.of(PROMPT))))))))
                .containsExactly(PROMPT);
        for (String wrong : List.of("ada:wrong", "ada:" + TOKEN + ":", "", ":")) {
            assertThat(send(page.setHeader("Authorization", basic(wrong))).statusCode())
                    .as(wrong)
                    .isEqualTo(401);
        }
    }

    private static String basic(String userAndPassword) {
        return "Basic " + Base64.getEncoder().encodeToString(userAndPassword.getBytes(US_ASCII));
    }

    @Test
    void aPageOfAnotherOriginIsRefusedWhateverItsBrowserSendsAlong() throws Exception {
        String body = json(CODEC.encode(List.of(PROMPT)));
        HttpRequest.Builder request = request("/decode").POST(HttpRequest.BodyPublishers.ofString(body));
        assertThat(send(request.setHeader("Origin", UI)).statusCode()).isEqualTo(200);
        assertThat(send(request.setHeader("Origin", "http://evil.example")).statusCode())
                .isEqualTo(403);
        assertThat(send(request.setHeader("Origin", "null")).statusCode()).isEqualTo(403);
    }

    @Test
    void aBrowserLetsAllowedPagesUseItAndNoOthers() throws Exception {
        HttpResponse<String> allowed = preflight(UI);
        assertThat(allowed.statusCode()).isEqualTo(204);
        assertThat(allowed.headers().firstValue("Access-Control-Allow-Origin")).hasValue(UI);
        assertThat(allowed.headers().firstValue("Access-Control-Allow-Headers").orElse(""))
                .contains("authorization", "content-type", "x-namespace");
        assertThat(allowed.headers().firstValue("Vary")).hasValue("Origin");
        for (String origin : List.of("http://evil.example", UI + ".evil.example", "null", "https://localhost:8233")) {
            assertThat(preflight(origin).headers().firstValue("Access-Control-Allow-Origin"))
                    .as(origin)
                    .isEmpty();
        }
    }

    private HttpResponse<String> preflight(String origin) throws Exception {
        return send(HttpRequest.newBuilder(URI.create(server.url() + "/decode"))
                .method("OPTIONS", HttpRequest.BodyPublishers.noBody())
                .header("Origin", origin)
                .header("Access-Control-Request-Method", "POST"));
    }

    @Test
    void aPayloadWhoseKeyIsMissingIsLeftAsItIsBesideThoseThatCanBeRead() throws Exception {
        AesGcmPayloadCodec elsewhere = new AesGcmPayloadCodec(CodecKeys.parse(
                "k9:" + Base64.getEncoder().encodeToString("9".repeat(32).getBytes())));
        Payload foreign = elsewhere.encode(List.of(PROMPT)).get(0);
        Payload readable = CODEC.encode(List.of(PROMPT)).get(0);

        assertThat(payloads(post("/decode", json(List.of(foreign, readable))))).containsExactly(foreign, PROMPT);
    }

    @Test
    void aBodyThatIsNoPayloadsIsABadRequest() throws Exception {
        for (String body : List.of("", "[]", "{\"payloads\": 7}", "not json", "{\"payloads\": [{\"data\": \"*\"}]}")) {
            assertThat(post("/decode", body).statusCode()).as(body).isEqualTo(400);
        }
        assertThat(payloads(post("/decode", "{}"))).isEmpty();
    }

    @Test
    void aBodyOverTheCapIsRefused() throws Exception {
        // The declared length alone, without a byte of the body: a client that is still writing may miss the answer.
        try (Socket socket = new Socket(server.url().getHost(), server.url().getPort())) {
            socket.getOutputStream()
                    .write(("POST /decode HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + TOKEN
                                    + "\r\nContent-Length: " + (8 * 1024 * 1024 + 1) + "\r\n\r\n")
                            .getBytes(US_ASCII));
            assertThat(new String(socket.getInputStream().readAllBytes(), US_ASCII))
                    .startsWith("HTTP/1.1 413 ")
                    .contains("expected at most 8388608 bytes");
        }
    }

    @Test
    void thereIsNothingElse() throws Exception {
        assertThat(post("/", "{}").statusCode()).isEqualTo(405);
        assertThat(post("/other", "{}").statusCode()).isEqualTo(404);
        assertThat(send(request("/decode").GET()).statusCode()).isEqualTo(405);
    }
}
