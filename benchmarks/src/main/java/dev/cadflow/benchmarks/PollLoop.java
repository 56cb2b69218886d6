package dev.cadflow.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.cadflow.makistry.TimeScale;
import dev.cadflow.sandbox.SandboxServer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Collections;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * What Makistry's own example does for one job, done for many side by side: submit, ask after 5 s and ever less often up
 * to every 15 s, for 20 min at most, and end at the first answer that is an error.
 */
final class PollLoop {
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(5);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(15);
    private static final Duration LONGEST = Duration.ofMinutes(20);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final SandboxServer sandbox;
    private final double timeScale;
    private final HttpClient http = HttpClient.newHttpClient();

    PollLoop(SandboxServer sandbox, double timeScale) {
        this.sandbox = sandbox;
        this.timeScale = timeScale;
    }

    /** How many of the jobs ended with a file. */
    int run(int jobs) throws InterruptedException {
        ExecutorService threads = Executors.newFixedThreadPool(jobs);
        try {
            int done = 0;
            for (Future<Boolean> job : threads.invokeAll(Collections.<Callable<Boolean>>nCopies(jobs, this::one))) {
                done += endedWithAFile(job) ? 1 : 0;
            }
            return done;
        } finally {
            threads.shutdownNow();
        }
    }

    private static boolean endedWithAFile(Future<Boolean> job) throws InterruptedException {
        try {
            return job.get();
        } catch (ExecutionException anErrorEndsTheLoop) {
            return false;
        }
    }

    private boolean one() throws IOException, InterruptedException {
        HttpRequest.BodyPublisher body = HttpRequest.BodyPublishers.ofString("{\"prompt\": \"A box\"}");
        String jobId = send(request("/text-to-cad")
                        .header("Content-Type", "application/json")
                        .POST(body))
                .path("job_id")
                .asText();
        long deadline =
                System.nanoTime() + TimeScale.applied(timeScale, LONGEST).toNanos();
        Duration pause = FIRST_PAUSE;
        while (System.nanoTime() < deadline) {
            JsonNode job = send(request("/jobs/" + jobId));
            if (job.path("status").asText().equals("success")) {
                URI file = URI.create(job.path("download_url").asText());
                HttpRequest download = HttpRequest.newBuilder(file).build();
                return http.send(download, HttpResponse.BodyHandlers.discarding())
                                .statusCode()
                        == 200;
            }
            Thread.sleep(TimeScale.applied(timeScale, pause).toMillis());
            Duration longer = pause.multipliedBy(3).dividedBy(2);
            pause = longer.compareTo(LONGEST_PAUSE) < 0 ? longer : LONGEST_PAUSE;
        }
        return false;
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(sandbox.apiBaseUrl() + path))
                .header("Authorization", "Bearer " + sandbox.apiKey());
    }

    private JsonNode send(HttpRequest.Builder request) throws IOException, InterruptedException {
        HttpResponse<String> answer = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() >= 400) {
            throw new IOException("HTTP " + answer.statusCode());
        }
        return JSON.readTree(answer.body());
    }
}
