package dev.cadflow.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.net.http.HttpRequest;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code /sandbox}. */
final class ControlEndpointTest {

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

    @Test
    void theStateTellsCountsJobsDeliveriesAndKeys() throws Exception {
        try (Receiver receiver = new Receiver()) {
            client.submit("{\"prompt\": \"a box\", \"callback_url\": \"" + receiver.url() + "\"}", UUID.randomUUID());
            String id = sandbox.jobs().get(0).jobId();
            client.control("POST", "/jobs/" + id + "/finish", "");
            receiver.next();
            while (sandbox.job(id).deliveries().isEmpty()) {
                Client.beforeLookingAgain();
            }

            Client.Answer answer = client.control("GET", "/state", "");

            JsonNode state = answer.json();
            assertThat(state.at("/counts/api_requests").asInt()).isEqualTo(1);
            assertThat(state.at("/counts/by_route/text_to_cad").asInt()).isEqualTo(1);
            assertThat(state.at("/counts/submits_charged").asInt()).isEqualTo(1);
            assertThat(state.at("/counts/credits_consumed").asInt()).isEqualTo(1);
            assertThat(state.path("idempotency_keys").asInt()).isEqualTo(1);
            assertThat(state.at("/jobs/0/job_id").asText()).isEqualTo(id);
            assertThat(state.at("/jobs/0/status").asText()).isEqualTo("success");
            assertThat(state.at("/jobs/0/deliveries/0/answer").asInt()).isEqualTo(204);
            assertThat(answer.text()).doesNotContain(sandbox.apiKey()).doesNotContain(sandbox.signingSecret());
        }
    }

    @Test
    void faultsAreTakenAsJsonAndShownUntilTheyHaveStruck() throws Exception {
        Client.Answer added = client.control("POST", "/faults", """
                [{"target": "submit", "kind": "answer", "count": 2, "status": 402, "content_type": "text/plain",
                  "body": "pay", "headers": {"X-Test": "1"},
                  "match": {"metadata_key": "k", "metadata_value": "v", "prompt_contains": "box"}},
                 {"target": "webhook", "kind": "webhook_delayed", "hold": "PT5S"}]
                """);

        assertThat(added.json().path("added").asInt()).isEqualTo(2);
        Client.Answer struck = client.submit("{\"prompt\": \"a box\", \"metadata\": {\"k\": \"v\"}}");
        assertThat(struck.status()).isEqualTo(402);
        assertThat(struck.text()).isEqualTo("pay");
        assertThat(struck.header("X-Test")).isEqualTo("1");
        JsonNode faults = client.control("GET", "/faults", "").json().path("faults");
        assertThat(faults).hasSize(2);
        assertThat(faults.at("/0/remaining").asInt()).isEqualTo(1);
        client.control("DELETE", "/faults", "");
        assertThat(sandbox.faults().pending()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "7                                                       | fault: expected a JSON object, found NUMBER",
                "{                                                       | body: expected JSON",
                "{}                                                      | target: expected one of submit, get_job",
                "{\"target\": \"submit\"}                                | kind: expected one of answer, cut_before",
                "{\"target\": \"submit\", \"kind\": \"webhook_dropped\"} | target: expected one of webhook for webhook_dropped, found submit",
                "{\"target\": \"submit\", \"kind\": \"answer\", \"count\": 0}       | times: expected 1 to 1000000, found 0",
                "{\"target\": \"submit\", \"kind\": \"answer\", \"status\": 42}     | status: expected 200 to 599, found 42",
                "{\"target\": \"submit\", \"kind\": \"answer\", \"status\": \"x\"}  | status: expected a whole number, found STRING",
                "{\"target\": \"submit\", \"kind\": \"answer\", \"delay\": 1}       | found [delay]",
                "{\"target\": \"submit\", \"kind\": \"stalled\", \"hold\": \"5s\"}  | hold: expected an ISO 8601 duration such as PT5S, found 5s",
                "{\"target\": \"submit\", \"kind\": \"stalled\", \"hold\": \"P1D\"} | hold: expected at most PT1H",
                "{\"target\": \"submit\", \"kind\": \"large_file\"}                 | length_bytes: expected the size of the file",
                "{\"target\": \"submit\", \"kind\": \"answer\", \"match\": {\"metadata_value\": \"v\"}} | metadataKey: expected a key",
            })
    void aBadFaultIsRefusedAndNamed(String json, String message) throws Exception {
        Client.Answer answer = client.control("POST", "/faults", json);

        assertThat(answer.status()).isEqualTo(422);
        assertThat(answer.json().path("message").asText()).contains(message);
        assertThat(sandbox.faults().pending()).isEmpty();
    }

    @Test
    void aJobIsFinishedAsFailed() throws Exception {
        String id = client.submitPart();

        client.control(
                "POST",
                "/jobs/" + id + "/finish",
                "{\"status\": \"failed\", \"error_code\": \"some_code\", \"error_message\": \"Some message\"}");

        assertThat(client.job(id).path("status").asText()).isEqualTo("failed");
        assertThat(client.job(id).path("error_code").asText()).isEqualTo("some_code");
    }

    @Test
    void aJobIsExpired() throws Exception {
        String id = client.submitPart();

        client.control("POST", "/jobs/" + id + "/expire", "");

        assertThat(client.get("/jobs/" + id).status()).isEqualTo(410);
    }

    @Test
    void aResetForgetsAllAndTheServerGoesOn() throws Exception {
        client.submitPart();
        client.control("POST", "/pause", "");
        client.control("POST", "/faults", "{\"target\": \"submit\", \"kind\": \"answer\"}");

        client.control("POST", "/reset", "");

        assertThat(sandbox.jobs()).isEmpty();
        assertThat(sandbox.counts().apiRequests()).isZero();
        assertThat(sandbox.counts().creditsReserved()).isZero();
        assertThat(client.submit("{\"prompt\": \"a box\"}").status()).isEqualTo(202);
    }

    @ParameterizedTest
    @CsvSource({
        "POST, /jobs/pub_000000000000/finish, 404",
        "GET, /jobs/pub_000000000000/finish, 405",
        "GET, /nothing, 404",
        "GET, '', 404"
    })
    void whatIsNotThereIsRefused(String method, String path, int status) throws Exception {
        assertThat(client.control(method, path, "").status()).isEqualTo(status);
    }

    @Test
    void aWebPageMayNotSteerTheSandbox() throws Exception {
        Client.Answer answer = client.send(HttpRequest.newBuilder(URI.create(sandbox.controlUrl() + "/reset"))
                .header("Origin", "https://example.com")
                .POST(HttpRequest.BodyPublishers.noBody()));

        assertThat(answer.status()).isEqualTo(403);
    }
}
