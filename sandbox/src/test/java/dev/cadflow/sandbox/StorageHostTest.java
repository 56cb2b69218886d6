package dev.cadflow.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Downloads. */
final class StorageHostTest {

    private final HandClock clock = new HandClock();
    private SandboxServer sandbox;
    private Client client;
    private JsonNode job;
    private byte[] whole;

    @BeforeEach
    void start() throws Exception {
        sandbox = SandboxServer.start(SandboxOptions.builder()
                .noQuota()
                .clock(clock)
                .downloadUrlLifetime(Duration.ofMinutes(15))
                .build());
        client = new Client(sandbox);
        String id = client.submitPart();
        sandbox.finish(id);
        job = client.job(id);
        whole = client.send(client.download(job)).bytes();
    }

    @AfterEach
    void stop() {
        sandbox.close();
    }

    @Test
    void theStorageHostIsAnotherOriginThanTheApi() {
        URI url = URI.create(job.path("download_url").asText());

        assertThat(url.getPort())
                .isEqualTo(sandbox.storageUrl().getPort())
                .isNotEqualTo(sandbox.apiBaseUrl().getPort());
    }

    @Test
    void theDigestsAreThoseOfTheFile() throws Exception {
        Client.Answer answer = client.send(client.download(job));
        CRC32C crc32c = new CRC32C();
        crc32c.update(whole);
        byte[] crc = ByteBuffer.allocate(4).putInt((int) crc32c.getValue()).array();
        byte[] md5 = MessageDigest.getInstance("MD5").digest(whole);

        assertThat(answer.response().headers().allValues("x-goog-hash"))
                .containsExactly(
                        "crc32c=" + Base64.getEncoder().encodeToString(crc),
                        "md5=" + Base64.getEncoder().encodeToString(md5));
        assertThat(answer.header("ETag")).isEqualTo('"' + HexFormat.of().formatHex(md5) + '"');
        assertThat(answer.header("Content-Length")).isEqualTo(Integer.toString(whole.length));
    }

    @Test
    void headAnswersTheSameHeadWithoutTheBody() throws Exception {
        Client.Answer answer = client.send(client.download(job).method("HEAD", HttpRequest.BodyPublishers.noBody()));

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.bytes()).isEmpty();
        assertThat(answer.header("Content-Length")).isEqualTo(Integer.toString(whole.length));
        assertThat(answer.header("Accept-Ranges")).isEqualTo("bytes");
    }

    @ParameterizedTest
    @CsvSource({"bytes=0-9, 0, 10", "bytes=100-, 100, -1", "bytes=-7, -7, -1", "bytes=5-99999999, 5, -1"})
    void aRangeIsAnsweredWithItsBytes(String range, int from, int until) throws Exception {
        int start = from < 0 ? whole.length + from : from;
        int end = until < 0 ? whole.length : until;

        Client.Answer answer = client.send(client.download(job).header("Range", range));

        assertThat(answer.status()).isEqualTo(206);
        assertThat(answer.bytes()).isEqualTo(Arrays.copyOfRange(whole, start, end));
        assertThat(answer.header("Content-Range")).isEqualTo("bytes " + start + "-" + (end - 1) + "/" + whole.length);
    }

    @Test
    void aRangeBehindTheEndIsAnswered416WithTheSize() throws Exception {
        Client.Answer answer = client.send(client.download(job).header("Range", "bytes=" + whole.length + "-"));

        assertThat(answer.status()).isEqualTo(416);
        assertThat(answer.header("Content-Range")).isEqualTo("bytes */" + whole.length);
    }

    @ParameterizedTest
    @ValueSource(strings = {"bytes=0-1,5-6", "items=0-1", "bytes=-", "bytes=9-2", "bytes=x-"})
    void aRangeThatIsNotASingleOneIsIgnored(String range) throws Exception {
        Client.Answer answer = client.send(client.download(job).header("Range", range));

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.bytes()).isEqualTo(whole);
    }

    @Test
    void ifRangeOfTheSameFileContinuesAndOfAnotherStartsAgain() throws Exception {
        String etag = client.send(client.download(job)).header("ETag");

        Client.Answer same =
                client.send(client.download(job).header("Range", "bytes=5-").header("If-Range", etag));
        Client.Answer other =
                client.send(client.download(job).header("Range", "bytes=5-").header("If-Range", "\"other\""));

        assertThat(same.status()).isEqualTo(206);
        assertThat(other.status()).isEqualTo(200);
        assertThat(other.bytes()).isEqualTo(whole);
        assertThat(sandbox.counts().downloadsByRange()).isEqualTo(1);
    }

    @Test
    void everyGetOfTheJobSignsAnotherUrlAndEachIsValid() throws Exception {
        JsonNode again = client.job(job.path("job_id").asText());

        assertThat(again.path("download_url")).isNotEqualTo(job.path("download_url"));
        assertThat(client.send(client.download(again)).bytes()).isEqualTo(whole);
        assertThat(client.send(client.download(job)).bytes()).isEqualTo(whole);
    }

    @Test
    void anExpiredUrlIsAnswered403AndAFreshOneOpens() throws Exception {
        clock.advance(Duration.ofMinutes(15));

        Client.Answer answer = client.send(client.download(job));

        assertThat(answer.status()).isEqualTo(403);
        assertThat(answer.header("Content-Type")).startsWith("application/xml");
        assertThat(answer.text()).contains("<Code>ExpiredToken</Code>");
        JsonNode fresh = client.job(job.path("job_id").asText());
        assertThat(client.send(client.download(fresh)).status()).isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource({
        "Signature=., Signature=0",
        "Expires=1, Expires=9",
        "/part.step, /part.stl",
        "[?].*, ''",
        "Serial=1, Serial=7"
    })
    void aUrlThatWasChangedIsAnswered403(String part, String replacement) throws Exception {
        String changed = job.path("download_url").asText().replaceFirst(part, replacement);

        assertThat(client.send(HttpRequest.newBuilder(URI.create(changed))).status())
                .isEqualTo(403);
    }

    @Test
    void theApiKeyIsNotWantedHereAndItsLeakIsCounted() throws Exception {
        Client.Answer answer = client.send(client.download(job).header("Authorization", "Bearer " + sandbox.apiKey()));

        assertThat(answer.status()).isEqualTo(400);
        assertThat(sandbox.counts().downloadsWithAuthorization()).isEqualTo(1);
    }

    @Test
    void onlyReadingIsPossible() throws Exception {
        assertThat(client.send(client.download(job).DELETE()).status()).isEqualTo(405);
    }
}
