package dev.cadflow.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Refusals of the API, its quota and its expiry, on a clock that is set by hand. */
final class ErrorsAndLimitsTest {

    private final HandClock clock = new HandClock();
    private SandboxServer sandbox;
    private Client client;

    @BeforeEach
    void start() throws Exception {
        sandbox = SandboxServer.start(SandboxOptions.builder().clock(clock).build());
        client = new Client(sandbox);
    }

    @AfterEach
    void stop() {
        sandbox.close();
    }

    @ParameterizedTest
    @CsvSource({"Bearer mk_pub_00000000000000000000000000000000", "Basic abc", "''"})
    void anotherKeyIsAnswered401(String authorization) throws Exception {
        Client.Answer answer = client.send(client.api("/jobs").setHeader("Authorization", authorization));

        assertThat(answer.status()).isEqualTo(401);
        assertThat(answer.json().path("error_code").asText()).isEqualTo("invalid_api_key");
        assertThat(answer.text()).doesNotContain("mk_pub");
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /text-to-cad, 405",
        "POST, /jobs, 405",
        "DELETE, /jobs/pub_x, 405",
        "GET, /nothing, 404",
        "GET, /jobs/pub_000000000000, 404",
        "GET, /jobs/a/b, 404",
        "POST, /keys/other/rotate-secret, 404"
    })
    void whatIsNotThereIsRefused(String method, String path, int status) throws Exception {
        Client.Answer answer = client.send(client.api(path).method(method, BodyPublishers.noBody()));

        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.json().has("error_code")).isFalse();
        assertThat(answer.json().path("message").asText()).isNotEmpty();
    }

    @Test
    void theTwentyFirstRequestOfAMinuteIsRefusedUntilTheWindowHasSlidOn() throws Exception {
        clock.advance(Duration.ofSeconds(30));
        for (int i = 0; i < 20; i++) {
            assertThat(client.get("/jobs").status()).isEqualTo(200);
            clock.advance(Duration.ofSeconds(1));
        }

        Client.Answer refused = client.get("/jobs");
        clock.advance(Duration.ofSeconds(39));
        int justBefore = client.get("/jobs").status();
        clock.advance(Duration.ofSeconds(1));

        assertThat(refused.status()).isEqualTo(429);
        assertThat(refused.json().path("error_code").asText()).isEqualTo("quota_exceeded");
        assertThat(justBefore).isEqualTo(429);
        assertThat(client.get("/jobs").status()).isEqualTo(200);
        assertThat(client.get("/jobs").status()).isEqualTo(429);
        assertThat(sandbox.counts().refusedByQuota()).isEqualTo(3);
    }

    @Test
    void theHundredAndFirstRequestOfAnHourIsRefused() throws Exception {
        for (int i = 0; i < 100; i++) {
            assertThat(client.get("/jobs").status()).isEqualTo(200);
            clock.advance(Duration.ofSeconds(4));
        }

        assertThat(client.get("/jobs").status()).isEqualTo(429);
        clock.advance(Duration.ofHours(1).minusSeconds(400));
        assertThat(client.get("/jobs").status()).isEqualTo(200);
    }

    @Test
    void theTimeScaleShortensTheWindows() throws Exception {
        try (SandboxServer fast = SandboxServer.start(SandboxOptions.builder()
                .clock(clock)
                .timeScale(0.01)
                .quota(1, 100)
                .build())) {
            Client fastClient = new Client(fast);
            assertThat(fastClient.get("/jobs").status()).isEqualTo(200);
            assertThat(fastClient.get("/jobs").status()).isEqualTo(429);

            clock.advance(Duration.ofMillis(600));

            assertThat(fastClient.get("/jobs").status()).isEqualTo(200);
        }
    }

    @Test
    void downloadsAndControlCallsDoNotCount() throws Exception {
        String id = client.submitPart();
        sandbox.finish(id);
        var job = client.job(id);
        for (int i = 0; i < 25; i++) {
            assertThat(client.send(client.download(job)).status()).isEqualTo(200);
            assertThat(client.control("GET", "/state", "").status()).isEqualTo(200);
        }

        assertThat(sandbox.counts().apiRequests()).isEqualTo(2);
        assertThat(sandbox.counts().of(Route.DOWNLOAD)).isEqualTo(25);
        assertThat(sandbox.counts().of(Route.TEXT_TO_CAD)).isEqualTo(1);
        assertThat(sandbox.counts().of(Route.GET_JOB)).isEqualTo(1);
    }

    @Test
    void aJobPassesThroughItsStatesAsTimeGoesBy() throws Exception {
        String id = client.submitPart();

        assertThat(client.job(id).path("status").asText()).isEqualTo("queued");
        clock.advance(Duration.ofSeconds(6));
        assertThat(client.job(id).path("status").asText()).isEqualTo("processing");
        clock.advance(Duration.ofSeconds(54));
        assertThat(client.job(id).path("status").asText()).isEqualTo("success");
        assertThat(client.job(id).path("latency_ms").asLong()).isEqualTo(60_000);
        assertThat(client.job(id).path("created_at").asText()).isEqualTo("2026-05-30T10:00:00.000000+00:00");
        assertThat(client.job(id).path("expires_at").asText()).isEqualTo("2026-06-29T10:00:00.000000+00:00");
    }

    @Test
    void thirtyDaysAfterItsCreationAJobIsGone() throws Exception {
        String id = client.submitPart();
        clock.advance(Duration.ofDays(30).minusSeconds(1));
        assertThat(client.get("/jobs/" + id).status()).isEqualTo(200);

        clock.advance(Duration.ofSeconds(1));

        Client.Answer answer = client.get("/jobs/" + id);
        assertThat(answer.status()).isEqualTo(410);
        assertThat(answer.json().path("error_code").asText()).isEqualTo("output_expired");
    }

    @Test
    void pausedJobsEndWhenTheyAreResumed() throws Exception {
        String id = client.submitPart();
        sandbox.pause();
        clock.advance(Duration.ofMinutes(2));
        assertThat(client.job(id).path("status").asText()).isEqualTo("processing");

        sandbox.resume();

        assertThat(client.job(id).path("status").asText()).isEqualTo("success");
    }
}
