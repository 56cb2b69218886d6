package dev.cadflow.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.HexFormat;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that are not what they should be. */
final class FileFaultsTest {

    private SandboxServer sandbox;
    private Client client;
    private JsonNode job;
    private byte[] whole;
    private String etag;

    @BeforeEach
    void start() throws Exception {
        sandbox = SandboxServer.start(SandboxOptions.builder().noQuota().build());
        client = new Client(sandbox);
        String id = client.submitPart();
        sandbox.finish(id);
        job = client.job(id);
        Client.Answer answer = client.send(client.download(job));
        whole = answer.bytes();
        etag = answer.header("ETag");
    }

    @AfterEach
    void stop() {
        sandbox.close();
    }

    private Client.Answer downloadWith(Fault.Builder fault) throws Exception {
        sandbox.faults().add(fault.build());
        return client.send(client.download(job));
    }

    private static Fault.Builder fault(FaultKind kind) {
        return Fault.builder(FaultTarget.DOWNLOAD, kind);
    }

    @Test
    void oneBitIsFlippedAndTheDigestShowsIt() throws Exception {
        Client.Answer answer = downloadWith(fault(FaultKind.FILE_CORRUPTED).offsetBytes(100));

        byte[] expected = whole.clone();
        expected[100] ^= 1;
        assertThat(answer.bytes()).isEqualTo(expected);
        assertThat(answer.header("ETag")).isEqualTo(etag);
    }

    @Test
    void theDigestMayBeThatOfTheWrongBytes() throws Exception {
        Client.Answer answer =
                downloadWith(fault(FaultKind.FILE_CORRUPTED).offsetBytes(100).digestOfServedBytes(true));

        byte[] md5 = MessageDigest.getInstance("MD5").digest(answer.bytes());
        assertThat(answer.header("ETag")).isEqualTo('"' + HexFormat.of().formatHex(md5) + '"');
    }

    @Test
    void aHoleOfZerosKeepsTheSize() throws Exception {
        Client.Answer answer =
                downloadWith(fault(FaultKind.FILE_ZEROED).offsetBytes(50).lengthBytes(10));

        byte[] expected = whole.clone();
        for (int i = 50; i < 60; i++) {
            expected[i] = 0;
        }
        assertThat(answer.bytes()).isEqualTo(expected);
    }

    @Test
    void somethingElseIsServed() throws Exception {
        Client.Answer page = downloadWith(fault(FaultKind.FILE_WRONG));
        Client.Answer text = downloadWith(fault(FaultKind.FILE_WRONG).body("text/plain", "no part"));

        assertThat(page.status()).isEqualTo(200);
        assertThat(page.text()).startsWith("<!DOCTYPE html>");
        assertThat(text.text()).isEqualTo("no part");
        assertThat(text.header("Content-Type")).isEqualTo("text/plain");
    }

    @Test
    void aFileThatChangesBetweenTwoRangesStartsAgainAndStaysChanged() throws Exception {
        sandbox.faults().add(fault(FaultKind.FILE_CHANGED).build());

        Client.Answer resumed =
                client.send(client.download(job).header("Range", "bytes=100-").header("If-Range", etag));
        Client.Answer again = client.send(client.download(job));

        assertThat(resumed.status()).isEqualTo(200);
        assertThat(resumed.bytes()).isNotEqualTo(whole).isEqualTo(again.bytes());
        assertThat(resumed.header("ETag")).isNotEqualTo(etag).isEqualTo(again.header("ETag"));
    }

    @Test
    void aSignatureExpiresEarly() throws Exception {
        Client.Answer answer = downloadWith(fault(FaultKind.SIGNATURE_EXPIRED));

        assertThat(answer.status()).isEqualTo(403);
        assertThat(answer.text()).contains("ExpiredToken");
    }

    @Test
    void aRangeIsIgnored() throws Exception {
        sandbox.faults().add(fault(FaultKind.RANGE_IGNORED).build());

        Client.Answer answer = client.send(client.download(job).header("Range", "bytes=100-"));

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.bytes()).isEqualTo(whole);
    }

    @ParameterizedTest
    @ValueSource(strings = {"STEP", "STL", "GLB", "3MF"})
    void aLargeFileIsStreamedWithTheDigestOfItsBytes(String format) throws Exception {
        long size = 40_000_000;
        sandbox.faults()
                .add(Fault.builder(FaultTarget.SUBMIT, FaultKind.LARGE_FILE)
                        .lengthBytes(size)
                        .build());
        String id = Client.jobId(client.submit("{\"prompt\": \"a box\", \"output_format\": \"" + format + "\"}"));
        sandbox.finish(id);

        HttpResponse<InputStream> answer = HttpClient.newHttpClient()
                .send(client.download(client.job(id)).build(), HttpResponse.BodyHandlers.ofInputStream());

        MessageDigest md5 = MessageDigest.getInstance("MD5");
        long read = 0;
        try (InputStream body = new DigestInputStream(answer.body(), md5)) {
            byte[] buffer = new byte[64 * 1024];
            for (int n = body.read(buffer); n >= 0; n = body.read(buffer)) {
                read += n;
            }
        }
        assertThat(read).isBetween(size, size + 4096);
        assertThat(answer.headers().firstValue("ETag"))
                .contains('"' + HexFormat.of().formatHex(md5.digest()) + '"');
    }
}
