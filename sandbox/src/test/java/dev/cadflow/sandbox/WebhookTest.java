package dev.cadflow.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Webhooks as a receiver sees them. */
final class WebhookTest {

    private SandboxServer sandbox;
    private Client client;

    @BeforeEach
    void start() throws Exception {
        sandbox = SandboxServer.start(
                SandboxOptions.builder().noQuota().timeScale(0.001).build());
        client = new Client(sandbox);
    }

    @AfterEach
    void stop() {
        sandbox.close();
    }

    private String submit(Receiver receiver) throws Exception {
        ObjectNode json = Json.object().put("prompt", Client.PROMPT).put("callback_url", receiver.url());
        json.putObject("metadata").put("order", "A-7");
        return Client.jobId(client.submit(json.toString()));
    }

    /** What was recorded of a job's webhook, once it is as expected; the test's time-out bounds the wait. */
    private List<Delivery> deliveries(String jobId, Predicate<List<Delivery>> expected) {
        List<Delivery> deliveries = sandbox.job(jobId).deliveries();
        while (!expected.test(deliveries)) {
            Client.beforeLookingAgain();
            deliveries = sandbox.job(jobId).deliveries();
        }
        return deliveries;
    }

    @Test
    void aSuccessfulJobIsDeliveredSignedAndWhole() throws Exception {
        try (Receiver receiver = new Receiver()) {
            String id = submit(receiver);

            Receiver.Webhook webhook = receiver.next();

            assertThat(webhook.isSignedWith(sandbox.signingSecret())).isTrue();
            assertThat(webhook.signature()).matches("sha256=[0-9a-f]{64}");
            assertThat(Instant.ofEpochSecond(Long.parseLong(webhook.timestamp())))
                    .isBetween(Instant.now().minusSeconds(60), Instant.now());
            assertThat(webhook.contentType()).isEqualTo("application/json");
            assertThat(webhook.userAgent()).isEqualTo("Makistry-Webhook/1.0");
            assertThat(webhook.json().path("job_id").asText()).isEqualTo(id);
            assertThat(names(webhook.json())).isEqualTo(names(client.job(id)));
            assertThat(client.send(client.download(webhook.json())).status()).isEqualTo(200);
            assertThat(deliveries(id, found -> !found.isEmpty())).satisfiesExactly(delivery -> {
                assertThat(delivery.attempt()).isEqualTo(1);
                assertThat(delivery.isAcknowledged()).isTrue();
            });
        }
    }

    @Test
    void aFailedJobIsDeliveredInTheFewFieldsOfTheVendorsExample() throws Exception {
        sandbox.faults()
                .add(Fault.builder(FaultTarget.SUBMIT, FaultKind.JOB_FAILS)
                        .error("some_code", "Some message")
                        .build());
        try (Receiver receiver = new Receiver()) {
            submit(receiver);

            JsonNode payload = receiver.next().json();

            assertThat(names(payload))
                    .containsExactly(
                            "job_id", "status", "endpoint", "design_mode", "error_code", "error_message", "metadata");
            assertThat(payload.path("status").asText()).isEqualTo("failed");
            assertThat(payload.path("error_code").asText()).isEqualTo("some_code");
            assertThat(payload.at("/metadata/order").asText()).isEqualTo("A-7");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {500, 503, 408, 425, 429})
    void aReceiverThatIsNotReadyIsTriedFiveTimesAndEachTryIsSigned(int answer) throws Exception {
        try (Receiver receiver = new Receiver(answer, answer, answer, answer, answer, 204)) {
            String id = submit(receiver);

            for (int i = 0; i < 5; i++) {
                assertThat(receiver.next().isSignedWith(sandbox.signingSecret()))
                        .isTrue();
            }
            assertThat(deliveries(id, found -> found.size() == 5))
                    .extracting(Delivery::answer)
                    .containsOnly(answer);
            assertThat(receiver.isEmpty()).isTrue();
        }
    }

    @Test
    void aTryThatIsAcknowledgedIsTheLast() throws Exception {
        try (Receiver receiver = new Receiver(503, 200)) {
            String id = submit(receiver);
            receiver.next();
            receiver.next();

            assertThat(deliveries(id, found -> found.size() == 2))
                    .extracting(Delivery::answer)
                    .containsExactly(503, 200);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 401, 404, 413, 301, 307})
    void aReceiverThatRefusesIsNotTriedAgain(int answer) throws Exception {
        try (Receiver receiver = new Receiver(answer);
                Receiver later = new Receiver()) {
            String id = submit(receiver);
            receiver.next();
            // The second job takes 60 ms; a wrong retry of the first would have come after 2.
            submit(later);
            later.next();

            assertThat(deliveries(id, found -> !found.isEmpty()))
                    .extracting(Delivery::answer)
                    .containsExactly(answer);
            assertThat(receiver.isEmpty()).isTrue();
        }
    }

    @Test
    void aReceiverThatIsGoneIsTriedFiveTimesAndTheReasonIsRecorded() throws Exception {
        Receiver gone = new Receiver();
        gone.close();

        String id = submit(gone);

        assertThat(deliveries(id, found -> found.size() == 5)).allSatisfy(delivery -> {
            assertThat(delivery.answer()).isNull();
            assertThat(delivery.problem()).isNotEmpty();
        });
    }

    @Test
    void aRotatedSecretSignsTheNextWebhook() throws Exception {
        String old = sandbox.signingSecret();

        Client.Answer answer = client.send(
                client.api("/keys/" + sandbox.apiKeyId() + "/rotate-secret").POST(BodyPublishers.noBody()));

        assertThat(answer.status()).isEqualTo(200);
        String next = answer.json().path("signing_secret").asText();
        assertThat(next).isNotEqualTo(old).isEqualTo(sandbox.signingSecret());
        try (Receiver receiver = new Receiver()) {
            submit(receiver);
            Receiver.Webhook webhook = receiver.next();
            assertThat(webhook.isSignedWith(next)).isTrue();
            assertThat(webhook.isSignedWith(old)).isFalse();
        }
    }

    private static List<String> names(JsonNode node) {
        return node.properties().stream().map(Map.Entry::getKey).toList();
    }
}
