package dev.cadflow.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever a client sends, the sandbox answers the next one. */
final class HostileClientTest {

    private SandboxServer sandbox;
    private Client client;

    @BeforeEach
    void start() throws Exception {
        sandbox = SandboxServer.start(SandboxOptions.builder().noQuota().build());
        client = new Client(sandbox);
    }

    @AfterEach
    void theNextClientIsServed() throws Exception {
        assertThat(client.submit("{\"prompt\": \"a box\"}").status()).isEqualTo(202);
        sandbox.close();
    }

    private Socket connect() throws Exception {
        Socket socket = new Socket(
                InetAddress.getLoopbackAddress(), sandbox.apiBaseUrl().getPort());
        socket.setSoTimeout(30_000);
        return socket;
    }

    private String answerTo(String request) throws Exception {
        try (Socket socket = connect()) {
            OutputStream out = socket.getOutputStream();
            out.write(request.getBytes(StandardCharsets.ISO_8859_1));
            out.flush();
            InputStream in = socket.getInputStream();
            return new String(in.readNBytes(12), StandardCharsets.ISO_8859_1);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "nonsense\r\n\r\n",
                "GET /v1/jobs\r\n\r\n",
                "GET /v1/jobs HTTP/1.1\r\n\r\n",
                "POST /v1/text-to-cad HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
                "POST /v1/text-to-cad HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n",
            })
    void whatIsNotHttpIsRefused(String request) throws Exception {
        assertThat(answerTo(request)).matches("HTTP/1.1 [45]\\d\\d");
    }

    @Test
    void aHeadThatDoesNotEndIsRefused() throws Exception {
        assertThat(answerTo("GET /v1/jobs HTTP/1.1\r\nHost: x\r\nX: " + "a".repeat(20_000)))
                .startsWith("HTTP/1.1 431");
    }

    @Test
    void aQueryThatCannotBeDecodedIsRefused() throws Exception {
        assertThat(answerTo("GET /v1/jobs?status=%zz HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + sandbox.apiKey()
                        + "\r\n\r\n"))
                .startsWith("HTTP/1.1 4");
    }

    @Test
    void aBodyThatSaysItIsTooLargeIsRefusedUnread() throws Exception {
        assertThat(answerTo("POST /v1/text-to-cad HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + sandbox.apiKey()
                        + "\r\nContent-Type: application/json\r\nContent-Length: 9999999999\r\n\r\n{"))
                .isEqualTo("HTTP/1.1 413");
    }

    @Test
    void aBodyThatDoesNotSayHowLargeItIsIsReadOnlyUpToTheLimit() throws Exception {
        Random random = new Random(1);
        byte[] noise = new byte[2 << 20];
        random.nextBytes(noise);

        Client.Answer answer = client.send(client.api("/text-to-cad")
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(noise))));

        assertThat(answer.status()).isEqualTo(413);
    }

    @Test
    void jsonOfAnyDepthIsRefusedOrTaken() throws Exception {
        String deep =
                "{\"prompt\": \"a box\", \"metadata\": {\"a\": " + "[".repeat(100_000) + "]".repeat(100_000) + "}}";

        assertThat(client.submit(deep).status()).isEqualTo(422);
    }

    @Test
    void aFormOfManyPartsIsRefused() throws Exception {
        String part = "--XX\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nb\r\n";

        Client.Answer answer = client.send(client.api("/image-to-cad")
                .header("Content-Type", "multipart/form-data; boundary=XX")
                .POST(BodyPublishers.ofString(part.repeat(10_000) + "--XX--\r\n")));

        assertThat(answer.status()).isEqualTo(422);
    }

    @Test
    void manyConnectionsThatSayNothingHoldNobodyUp() throws Exception {
        List<Socket> silent = new ArrayList<>();
        try {
            for (int i = 0; i < 500; i++) {
                silent.add(connect());
            }
            assertThat(client.get("/jobs").status()).isEqualTo(200);
        } finally {
            for (Socket socket : silent) {
                socket.close();
            }
        }
    }
}
