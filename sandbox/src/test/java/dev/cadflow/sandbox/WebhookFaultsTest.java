package dev.cadflow.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Webhooks that do not come as they should. */
final class WebhookFaultsTest {

    private SandboxServer sandbox;
    private Client client;
    private Receiver receiver;

    @BeforeEach
    void start() throws Exception {
        sandbox = SandboxServer.start(
                SandboxOptions.builder().noQuota().timeScale(0.001).build());
        client = new Client(sandbox);
        receiver = new Receiver();
    }

    @AfterEach
    void stop() {
        receiver.close();
        sandbox.close();
    }

    private String submit() throws Exception {
        ObjectNode json = Json.object().put("prompt", Client.PROMPT).put("callback_url", receiver.url());
        return Client.jobId(client.submit(json.toString()));
    }

    private static Fault.Builder fault(FaultKind kind) {
        return Fault.builder(FaultTarget.WEBHOOK, kind);
    }

    private void add(Fault.Builder fault) {
        sandbox.faults().add(fault.build());
    }

    @Test
    void aDroppedWebhookNeverComes() throws Exception {
        add(fault(FaultKind.WEBHOOK_DROPPED));
        String dropped = submit();
        client.awaitStatus(dropped, "success");

        String next = submit();

        assertThat(receiver.next().json().path("job_id").asText()).isEqualTo(next);
        assertThat(sandbox.job(dropped).deliveries()).isEmpty();
    }

    @Test
    void aDoubledWebhookComesTwice() throws Exception {
        add(fault(FaultKind.WEBHOOK_DOUBLED));
        String id = submit();

        assertThat(receiver.next().json().path("job_id").asText()).isEqualTo(id);
        assertThat(receiver.next().json().path("job_id").asText()).isEqualTo(id);
    }

    @Test
    void aDelayedWebhookComesAfterLaterOnes() throws Exception {
        // 1000 s at a thousandth: the second job takes 60 s.
        add(fault(FaultKind.WEBHOOK_DELAYED).hold(Duration.ofSeconds(1000)));
        String delayed = submit();
        client.awaitStatus(delayed, "success");
        String other = submit();

        assertThat(receiver.next().json().path("job_id").asText()).isEqualTo(other);
        assertThat(receiver.next().json().path("job_id").asText()).isEqualTo(delayed);
    }

    @Test
    void anEarlyWebhookIsAnsweredBeforeTheSubmitIs() throws Exception {
        add(fault(FaultKind.WEBHOOK_EARLY));

        String id = submit();

        assertThat(receiver.isEmpty()).isFalse();
        assertThat(receiver.next().json().path("job_id").asText()).isEqualTo(id);
    }

    @Test
    void aWrongSignatureIsWellFormedAndWrong() throws Exception {
        add(fault(FaultKind.WEBHOOK_WRONG_SIGNATURE));
        submit();

        Receiver.Webhook webhook = receiver.next();

        assertThat(webhook.signature()).matches("sha256=[0-9a-f]{64}");
        assertThat(webhook.isSignedWith(sandbox.signingSecret())).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"PT301S, -301", "PT-301S, 301"})
    void aStaleTimestampIsWellSigned(Duration hold, long secondsFromNow) throws Exception {
        add(fault(FaultKind.WEBHOOK_STALE).hold(hold));
        Instant before = Instant.now();
        submit();

        Receiver.Webhook webhook = receiver.next();

        assertThat(webhook.isSignedWith(sandbox.signingSecret())).isTrue();
        assertThat(Instant.ofEpochSecond(Long.parseLong(webhook.timestamp())))
                .isBetween(before.plusSeconds(secondsFromNow - 1), Instant.now().plusSeconds(secondsFromNow + 1));
    }

    @Test
    void theBodyMayBeThatOfAnotherJob() throws Exception {
        String other = client.submitPart();
        client.awaitStatus(other, "success");
        add(fault(FaultKind.WEBHOOK_OTHER_JOB));
        add(fault(FaultKind.WEBHOOK_OTHER_JOB).jobId(other));
        submit();
        assertThat(receiver.next().json().path("job_id").asText()).isEqualTo("pub_ffffffffffff");

        submit();
        Receiver.Webhook webhook = receiver.next();
        assertThat(webhook.json().path("job_id").asText()).isEqualTo(other);
        assertThat(webhook.isSignedWith(sandbox.signingSecret())).isTrue();
    }

    @Test
    void theBodyMayBeAnything() throws Exception {
        add(fault(FaultKind.WEBHOOK_BODY).body("application/json", "<html>"));
        submit();

        Receiver.Webhook webhook = receiver.next();

        assertThat(webhook.text()).isEqualTo("<html>");
        assertThat(webhook.isSignedWith(sandbox.signingSecret())).isTrue();
    }

    @Test
    void aWebhookMaySayAStatusOfTomorrow() throws Exception {
        add(fault(FaultKind.JOB_STATUS));
        submit();

        assertThat(receiver.next().json().path("status").asText()).isEqualTo("rendering");
    }
}
