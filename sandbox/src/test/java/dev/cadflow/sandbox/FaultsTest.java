package dev.cadflow.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What goes wrong with requests and jobs when it is asked for. */
final class FaultsTest {

    private static final String BOX = "{\"prompt\": \"a box\", \"metadata\": {\"part\": \"A-1\"}}";

    private SandboxServer sandbox;
    private Client client;

    @BeforeEach
    void start() throws Exception {
        sandbox = SandboxServer.start(SandboxOptions.builder().noQuota().build());
        client = new Client(sandbox);
    }

    @AfterEach
    void stop() {
        sandbox.close();
    }

    private void add(Fault.Builder fault) {
        sandbox.faults().add(fault.build());
    }

    private String finishedJob() throws Exception {
        String id = client.submitPart();
        sandbox.finish(id);
        return id;
    }

    @Test
    void anAnswerIsGivenInPlaceOfTheRealOneAsOftenAsAskedFor() throws Exception {
        add(Fault.builder(FaultTarget.SUBMIT, FaultKind.ANSWER)
                .times(2)
                .status(429)
                .body("text/html", "<h1>Too many</h1>")
                .headers(Map.of("Retry-After", "90")));

        for (int i = 0; i < 2; i++) {
            Client.Answer answer = client.submit(BOX);
            assertThat(answer.status()).isEqualTo(429);
            assertThat(answer.header("Retry-After")).isEqualTo("90");
            assertThat(answer.header("Content-Type")).isEqualTo("text/html");
            assertThat(answer.text()).isEqualTo("<h1>Too many</h1>");
        }
        assertThat(client.submit(BOX).status()).isEqualTo(202);
        assertThat(sandbox.counts().submitsCharged()).isEqualTo(1);
        assertThat(sandbox.faults().pending()).isEmpty();
    }

    @Test
    void aFaultStrikesOnlyWhatItMatches() throws Exception {
        add(Fault.builder(FaultTarget.SUBMIT, FaultKind.ANSWER).match(new FaultMatch("part", "A-1", "box", null)));

        assertThat(client.submit("{\"prompt\": \"a box\"}").status()).isEqualTo(202);
        assertThat(client.submit("{\"prompt\": \"a box\", \"metadata\": {\"part\": \"A-2\"}}")
                        .status())
                .isEqualTo(202);
        assertThat(client.submit("{\"prompt\": \"a plate\", \"metadata\": {\"part\": \"A-1\"}}")
                        .status())
                .isEqualTo(202);
        assertThat(client.submit(BOX).status()).isEqualTo(500);
    }

    @Test
    void aFaultMayBeMeantForOneJob() throws Exception {
        String one = client.submitPart();
        String other = client.submitPart();
        add(Fault.builder(FaultTarget.GET_JOB, FaultKind.ANSWER)
                .status(503)
                .match(new FaultMatch(null, null, null, other)));

        assertThat(client.get("/jobs/" + one).status()).isEqualTo(200);
        assertThat(client.get("/jobs/" + other).status()).isEqualTo(503);
    }

    @Test
    void aConnectionCutBeforeTheRequestWasProcessedLeavesNoJob() throws Exception {
        add(Fault.builder(FaultTarget.SUBMIT, FaultKind.CUT_BEFORE));

        assertThatIOException().isThrownBy(() -> client.submit(BOX));

        assertThat(sandbox.jobs()).isEmpty();
    }

    @Test
    void aConnectionCutAfterTheJobWasTakenLeavesAJobThatItsKeyFinds() throws Exception {
        UUID key = UUID.randomUUID();
        add(Fault.builder(FaultTarget.SUBMIT, FaultKind.CUT_AFTER));

        assertThatIOException().isThrownBy(() -> client.submit(BOX, key));

        assertThat(sandbox.jobs()).hasSize(1);
        assertThat(Client.jobId(client.submit(BOX, key)))
                .isEqualTo(sandbox.jobs().get(0).jobId());
        assertThat(sandbox.counts().submitsCharged()).isEqualTo(1);
    }

    @Test
    void anAnswerMayBreakOffInTheMiddleOfItsBody() throws Exception {
        add(Fault.builder(FaultTarget.SUBMIT, FaultKind.TRUNCATED));

        assertThatIOException().isThrownBy(() -> client.submit(BOX));

        assertThat(sandbox.jobs()).hasSize(1);
    }

    @Test
    void aStalledAnswerKeepsTheClientWaiting() throws Exception {
        add(Fault.builder(FaultTarget.LIST_JOBS, FaultKind.STALLED).hold(Duration.ofMinutes(5)));

        assertThatThrownBy(() -> client.send(client.api("/jobs").timeout(Duration.ofMillis(300))))
                .isInstanceOf(HttpTimeoutException.class);
    }

    @Test
    void aSlowAnswerComesInPiecesAndWhole() throws Exception {
        String id = client.submitPart();
        add(Fault.builder(FaultTarget.GET_JOB, FaultKind.SLOW).bytesPerSecond(5_000));

        assertThat(client.job(id).path("job_id").asText()).isEqualTo(id);
    }

    @Test
    void aHugeAnswerIsStreamed() throws Exception {
        add(Fault.builder(FaultTarget.LIST_JOBS, FaultKind.HUGE));

        HttpResponse<InputStream> answer =
                HttpClient.newHttpClient().send(client.api("/jobs").build(), HttpResponse.BodyHandlers.ofInputStream());

        assertThat(answer.headers().firstValue("Content-Length")).contains("200000000");
        try (InputStream body = answer.body()) {
            assertThat(new String(body.readNBytes(20), StandardCharsets.US_ASCII))
                    .isEqualTo("{\"padding\":\"xxxxxxxx");
        }
    }

    @Test
    void anAnswerMayClaimToBeGzip() throws Exception {
        add(Fault.builder(FaultTarget.LIST_JOBS, FaultKind.NOT_GZIP));

        Client.Answer answer = client.get("/jobs");

        assertThat(answer.header("Content-Encoding")).isEqualTo("gzip");
        assertThat(answer.text()).isEqualTo("{\"jobs\":[]}");
    }

    @Test
    void headersMayBeChangedAndLeftOut() throws Exception {
        add(Fault.builder(FaultTarget.LIST_JOBS, FaultKind.HEADERS)
                .headers(Map.of("Content-Type", "text/plain", "Content-Length", "")));

        Client.Answer answer = client.get("/jobs");

        assertThat(answer.header("Content-Type")).isEqualTo("text/plain");
        assertThat(answer.header("Content-Length")).isEmpty();
        assertThat(answer.text()).isEqualTo("{\"jobs\":[]}");
    }

    @Test
    void aJobFailsAsAskedFor() throws Exception {
        try (SandboxServer fast = SandboxServer.start(
                SandboxOptions.builder().noQuota().timeScale(0.001).build())) {
            Client fastClient = new Client(fast);
            fast.faults().add(Fault.of(FaultTarget.SUBMIT, FaultKind.JOB_FAILS));
            String id = Client.jobId(fastClient.submit(BOX));

            JsonNode job = fastClient.awaitStatus(id, "failed");

            assertThat(job.path("error_code").asText()).isEqualTo("geometry_validation_failed");
            assertThat(job.path("error_message").asText()).startsWith("Contract gate rejected");
            assertThat(job.has("download_url")).isFalse();
        }
    }

    @Test
    void aHeldJobEndsWhenItIsToldTo() throws Exception {
        HandClock clock = new HandClock();
        try (SandboxServer held = SandboxServer.start(
                SandboxOptions.builder().noQuota().clock(clock).build())) {
            Client heldClient = new Client(held);
            held.faults().add(Fault.of(FaultTarget.SUBMIT, FaultKind.JOB_HELD));
            String id = Client.jobId(heldClient.submit(BOX));
            clock.advance(Duration.ofDays(1));
            assertThat(heldClient.job(id).path("status").asText()).isEqualTo("processing");

            held.finish(id);

            assertThat(heldClient.job(id).path("status").asText()).isEqualTo("success");
        }
    }

    @Test
    void aJobIsShownInAStatusOfTomorrow() throws Exception {
        String id = finishedJob();
        add(Fault.builder(FaultTarget.GET_JOB, FaultKind.JOB_STATUS));
        add(Fault.builder(FaultTarget.GET_JOB, FaultKind.JOB_STATUS).text("paused"));

        JsonNode job = client.job(id);
        assertThat(job.path("status").asText()).isEqualTo("rendering");
        assertThat(job.has("download_url")).isFalse();
        assertThat(client.job(id).path("status").asText()).isEqualTo("paused");
        assertThat(client.job(id).path("status").asText()).isEqualTo("success");
    }

    @Test
    void aSuccessfulJobIsShownWithoutItsDownloadUrl() throws Exception {
        String id = finishedJob();
        add(Fault.builder(FaultTarget.GET_JOB, FaultKind.NO_DOWNLOAD_URL));

        assertThat(client.job(id).has("download_url")).isFalse();
        assertThat(client.job(id).has("download_url")).isTrue();
    }

    @ParameterizedTest
    @EnumSource(
            value = FaultTarget.class,
            names = {"SUBMIT", "GET_JOB"})
    void fieldsOfTomorrowAreAdded(FaultTarget target) throws Exception {
        add(Fault.builder(target, FaultKind.EXTRA_FIELDS));

        Client.Answer submitted = client.submit(BOX);
        JsonNode shown = target == FaultTarget.SUBMIT ? submitted.json() : client.job(Client.jobId(submitted));

        assertThat(shown.has("field_of_tomorrow")).isTrue();
        assertThat(shown.path("job_id").asText()).startsWith("pub_");
    }

    @Test
    void aListMayHaveABrokenJobInItsMiddle() throws Exception {
        client.submitPart();
        String middle = client.submitPart();
        client.submitPart();
        add(Fault.builder(FaultTarget.LIST_JOBS, FaultKind.BROKEN_JOB).match(new FaultMatch(null, null, null, middle)));

        JsonNode jobs = client.get("/jobs").json().path("jobs");

        assertThat(jobs.get(0).isObject()).isTrue();
        assertThat(jobs.get(1).isArray()).isTrue();
        assertThat(jobs.get(2).isObject()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 17})
    void aDownloadMayBreakOffAnywhere(long offset) throws Exception {
        JsonNode job = client.job(finishedJob());
        add(Fault.builder(FaultTarget.DOWNLOAD, FaultKind.TRUNCATED).offsetBytes(offset));

        HttpResponse<InputStream> answer = HttpClient.newHttpClient()
                .send(client.download(job).build(), HttpResponse.BodyHandlers.ofInputStream());

        try (InputStream body = answer.body()) {
            assertThat(body.readNBytes((int) offset)).hasSize((int) offset);
            assertThatThrownBy(body::readAllBytes).isInstanceOf(IOException.class);
        }
        assertThat(client.send(client.download(job)).status()).isEqualTo(200);
    }

    @Test
    void allFaultsAreTakenBack() throws Exception {
        add(Fault.builder(FaultTarget.LIST_JOBS, FaultKind.ANSWER).times(1000));

        sandbox.faults().clear();

        assertThat(client.get("/jobs").status()).isEqualTo(200);
    }

    @Test
    void closingLetsGoOfAnswersThatAreHeld() throws Exception {
        add(Fault.builder(FaultTarget.LIST_JOBS, FaultKind.STALLED).hold(Duration.ofHours(1)));
        var answer = HttpClient.newHttpClient()
                .sendAsync(client.api("/jobs").build(), HttpResponse.BodyHandlers.discarding());
        while (sandbox.counts().of(Route.LIST_JOBS) == 0) {
            Client.beforeLookingAgain();
        }

        sandbox.close();

        assertThat(answer).failsWithin(Duration.ofSeconds(20));
    }
}
