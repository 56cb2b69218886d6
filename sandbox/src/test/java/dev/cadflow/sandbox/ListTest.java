package dev.cadflow.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code GET /v1/jobs}. */
final class ListTest {

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

    private List<String> submit(int jobs) throws Exception {
        List<String> newestFirst = new ArrayList<>();
        for (int i = 0; i < jobs; i++) {
            newestFirst.add(client.submitPart());
        }
        Collections.reverse(newestFirst);
        return newestFirst;
    }

    private static List<String> ids(JsonNode page) {
        List<String> ids = new ArrayList<>();
        page.path("jobs").forEach(job -> ids.add(job.path("job_id").asText()));
        return ids;
    }

    @Test
    void theNewestTwentyComeFirst() throws Exception {
        List<String> jobs = submit(21);

        assertThat(ids(client.get("/jobs").json())).isEqualTo(jobs.subList(0, 20));
    }

    @Test
    void theCursorLeadsThroughAllJobsOnceAndEnds() throws Exception {
        List<String> jobs = submit(5);
        List<String> seen = new ArrayList<>();
        JsonNode page = client.get("/jobs?limit=2").json();
        seen.addAll(ids(page));
        while (page.has("next_cursor")) {
            assertThat(page.path("next_cursor").asText()).matches("\\d{4}-.*T.*\\.\\d{6}\\+00:00");
            String cursor = URLEncoder.encode(page.path("next_cursor").asText(), StandardCharsets.UTF_8);
            page = client.get("/jobs?limit=2&cursor=" + cursor).json();
            seen.addAll(ids(page));
        }

        assertThat(seen).isEqualTo(jobs);
    }

    @Test
    void aLastPageThatIsFullHasNoCursor() throws Exception {
        submit(2);

        assertThat(client.get("/jobs?limit=2").json().has("next_cursor")).isFalse();
    }

    @Test
    void jobsAreFilteredByStatusAndEndpoint() throws Exception {
        List<String> jobs = submit(3);
        sandbox.finish(jobs.get(1));
        sandbox.fail(jobs.get(2), "some_code", "Some message");

        assertThat(ids(client.get("/jobs?status=success").json())).containsExactly(jobs.get(1));
        assertThat(ids(client.get("/jobs?status=failed&endpoint=text_to_cad").json()))
                .containsExactly(jobs.get(2));
        assertThat(ids(client.get("/jobs?endpoint=image_to_cad").json())).isEmpty();
    }

    @Test
    void anExpiredJobIsListedWithoutADownloadUrl() throws Exception {
        String id = client.submitPart();
        sandbox.finish(id);
        assertThat(client.get("/jobs").json().at("/jobs/0").has("download_url")).isTrue();

        sandbox.expire(id);

        assertThat(client.get("/jobs").json().at("/jobs/0").has("download_url")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"limit=0", "limit=101", "limit=x", "limit=-1", "status=done", "endpoint=x", "cursor=x"})
    void aBadQueryIsRefused(String query) throws Exception {
        Client.Answer answer = client.get("/jobs?" + query);

        assertThat(answer.status()).isEqualTo(422);
        assertThat(answer.json().path("message").asText())
                .startsWith(query.substring(0, query.indexOf('=')) + ": expected");
    }
}
