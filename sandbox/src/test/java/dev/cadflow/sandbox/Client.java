package dev.cadflow.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;

/** A client of the sandbox that knows nothing but HTTP. */
final class Client {

    static final String PROMPT = "A 40x20x10mm rectangular box with a 5mm through-hole centered on the top face";

    private final SandboxServer sandbox;
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();

    Client(SandboxServer sandbox) {
        this.sandbox = sandbox;
    }

    /** An answer, its body in memory. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Answer(int status, HttpResponse<byte[]> response) {

        JsonNode json() throws IOException {
            return Json.read(response.body());
        }

        byte[] bytes() {
            return response.body();
        }

        String text() {
            return new String(response.body(), StandardCharsets.UTF_8);
        }

        String header(String name) {
            return response.headers().firstValue(name).orElse("");
        }
    }

    HttpRequest.Builder api(String path) {
        return HttpRequest.newBuilder(URI.create(sandbox.apiBaseUrl() + path))
                .timeout(Duration.ofSeconds(30))
                .header("Authorization", "Bearer " + sandbox.apiKey());
    }

    Answer send(HttpRequest.Builder request) throws IOException, InterruptedException {
        HttpResponse<byte[]> response = http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
        return new Answer(response.statusCode(), response);
    }

    Answer get(String path) throws IOException, InterruptedException {
        return send(api(path));
    }

    Answer submit(String json) throws IOException, InterruptedException {
        return send(submitRequest(json));
    }

    HttpRequest.Builder submitRequest(String json) {
        return api("/text-to-cad").header("Content-Type", "application/json").POST(BodyPublishers.ofString(json));
    }

    Answer submit(String json, UUID idempotencyKey) throws IOException, InterruptedException {
        return send(submitRequest(json).header("Idempotency-Key", idempotencyKey.toString()));
    }

    /** Submits the usual prompt and gives back the job's id. */
    String submitPart() throws IOException, InterruptedException {
        return jobId(submit(Json.object().put("prompt", PROMPT).toString()));
    }

    static String jobId(Answer answer) throws IOException {
        return answer.json().path("job_id").asText();
    }

    JsonNode job(String jobId) throws IOException, InterruptedException {
        return get("/jobs/" + jobId).json();
    }

    /** Asks for a job until it is as expected, without waiting longer than the test's own time-out. */
    JsonNode awaitJob(String jobId, Predicate<JsonNode> expected) throws IOException, InterruptedException {
        JsonNode job = job(jobId);
        while (!expected.test(job)) {
            beforeLookingAgain();
            job = job(jobId);
        }
        return job;
    }

    /** Leaves the processor to those who are waited for. */
    static void beforeLookingAgain() {
        LockSupport.parkNanos(2_000_000);
    }

    JsonNode awaitStatus(String jobId, String status) throws IOException, InterruptedException {
        return awaitJob(jobId, job -> job.path("status").asText().equals(status));
    }

    HttpRequest.Builder download(JsonNode job) {
        return HttpRequest.newBuilder(URI.create(job.path("download_url").asText()))
                .timeout(Duration.ofSeconds(30));
    }

    Answer control(String method, String path, String json) throws IOException, InterruptedException {
        return send(HttpRequest.newBuilder(URI.create(sandbox.controlUrl() + path))
                .timeout(Duration.ofSeconds(30))
                .header("Content-Type", "application/json")
                .method(method, BodyPublishers.ofString(json)));
    }
}
