package dev.cadflow.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The life of a job over HTTP. */
final class JobsTest {

    private static final String TIME = "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{6}\\+00:00";

    private SandboxServer sandbox;
    private Client client;

    @BeforeEach
    void start() throws Exception {
        sandbox = SandboxServer.start(
                SandboxOptions.builder().timeScale(0.001).noQuota().build());
        client = new Client(sandbox);
    }

    @AfterEach
    void stop() {
        sandbox.close();
    }

    @Test
    void aSubmitIsAnswered202WithAnIdAndQueued() throws Exception {
        Client.Answer answer = client.submit("{\"prompt\": \"a box\"}");

        assertThat(answer.status()).isEqualTo(202);
        assertThat(answer.json().path("job_id").asText()).matches("pub_[0-9a-f]{12}");
        assertThat(answer.json().path("status").asText()).isEqualTo("queued");
    }

    @Test
    void aSuccessfulJobHasAllItsFieldsAndItsMetadata() throws Exception {
        String id = Client.jobId(client.submit("{\"prompt\": \"a box\", \"metadata\": {\"order\": {\"n\": 7}}}"));

        JsonNode job = client.awaitStatus(id, "success");

        assertThat(job.properties())
                .extracting(entry -> entry.getKey())
                .containsExactly(
                        "job_id",
                        "status",
                        "endpoint",
                        "design_mode",
                        "output_format",
                        "created_at",
                        "updated_at",
                        "download_url",
                        "expires_at",
                        "brainstorm",
                        "tokens_used",
                        "latency_ms",
                        "metadata");
        assertThat(job.path("created_at").asText()).matches(TIME);
        assertThat(job.path("updated_at").asText()).matches(TIME);
        assertThat(job.path("expires_at").asText()).matches(TIME);
        assertThat(job.path("metadata"))
                .isEqualTo(Json.read("{\"order\": {\"n\": 7}}".getBytes(StandardCharsets.UTF_8)));
        assertThat(job.path("brainstorm").properties())
                .extracting(entry -> entry.getKey())
                .containsExactly(
                        "project_name",
                        "key_features",
                        "design_components",
                        "optimal_geometry",
                        "material_recommendations",
                        "suggestions");
    }

    @Test
    void theFileIsServedWithoutTheApiKey() throws Exception {
        JsonNode job = client.awaitStatus(client.submitPart(), "success");

        Client.Answer file = client.send(client.download(job));

        assertThat(file.status()).isEqualTo(200);
        assertThat(file.header("Content-Type")).isEqualTo("application/step");
        assertThat(file.text()).startsWith("ISO-10303-21;").endsWith("END-ISO-10303-21;\n");
        assertThat(sandbox.counts().downloadsWithAuthorization()).isZero();
    }

    @Test
    void theSameIdempotencyKeyGivesTheSameJobAndIsChargedOnce() throws Exception {
        UUID key = UUID.randomUUID();

        String first = Client.jobId(client.submit("{\"prompt\": \"a box\"}", key));
        Client.Answer second = client.submit("{\"prompt\": \"another box\"}", key);

        assertThat(second.status()).isEqualTo(202);
        assertThat(Client.jobId(second)).isEqualTo(first);
        assertThat(sandbox.counts().submitsCharged()).isEqualTo(1);
        assertThat(sandbox.counts().apiRequests()).isEqualTo(2);
    }
}
