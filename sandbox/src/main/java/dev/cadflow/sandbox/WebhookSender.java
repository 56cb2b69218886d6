package dev.cadflow.sandbox;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Delivers webhooks as the vendor does: at once, and after 5xx, 408, 425, 429 and network errors again, up to five tries
 * in all with pauses of 2, 4, 8 and 16 s between them. Each try is signed anew; the body stays the same.
 *
 * <p>The vendor names a fifth pause of 32 s, which can only follow a sixth try or lead up to the first. The sandbox takes
 * the reading with the fewest tries: what survives it survives the others.
 */
final class WebhookSender {

    static final int MOST_ATTEMPTS = 5;
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(2);
    private static final Set<Integer> RETRIED_STATUSES = Set.of(408, 425, 429);
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(10);
    private static final Duration STALE_AGE = Duration.ofSeconds(301);
    private static final String NOBODYS_SECRET = "a secret that no receiver has";
    private static final String UNKNOWN_JOB = "pub_ffffffffffff";

    private final SandboxTime time;
    private final Faults faults;
    private final Supplier<String> signingSecret;
    private final Function<Job, byte[]> payload;
    private final Function<String, @Nullable Job> jobs;
    private final Background background;
    private final HttpClient client;

    WebhookSender(
            SandboxTime time,
            Faults faults,
            Supplier<String> signingSecret,
            Function<Job, byte[]> payload,
            Function<String, @Nullable Job> jobs,
            Background background) {
        this.time = time;
        this.faults = faults;
        this.signingSecret = signingSecret;
        this.payload = payload;
        this.jobs = jobs;
        this.background = background;
        this.client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(CONNECT_TIMEOUT)
                .build();
    }

    /** What is delivered, and how it is signed. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Message(
            Job job,
            URI receiver,
            byte[] body,
            Duration age,
            @Nullable String otherSecret) {}

    /** Sends the webhook of a job that has ended; completes when the receiver was tried once. */
    CompletableFuture<Void> deliver(Job job) {
        URI receiver = job.request().callbackUrl();
        if (receiver == null) {
            return CompletableFuture.completedFuture(null);
        }
        Fault fault = faults.take(FaultKind.Stage.DELIVERY, FaultTarget.WEBHOOK, job.subject());
        if (fault == null) {
            return send(new Message(job, receiver, payload.apply(job), Duration.ZERO, null), Duration.ZERO);
        }
        byte[] body = body(job, fault);
        Message message = new Message(job, receiver, body, Duration.ZERO, null);
        return switch (fault.kind()) {
            case WEBHOOK_DROPPED -> CompletableFuture.completedFuture(null);
            case WEBHOOK_DOUBLED -> CompletableFuture.allOf(send(message, Duration.ZERO), send(message, Duration.ZERO));
            case WEBHOOK_DELAYED -> send(message, time.scaled(fault.holdOr(Duration.ofMinutes(1))));
            case WEBHOOK_STALE -> send(new Message(job, receiver, body, fault.holdOr(STALE_AGE), null), Duration.ZERO);
            case WEBHOOK_WRONG_SIGNATURE ->
                send(new Message(job, receiver, body, Duration.ZERO, NOBODYS_SECRET), Duration.ZERO);
            default -> send(message, Duration.ZERO);
        };
    }

    private byte[] body(Job job, Fault fault) {
        if (fault.kind() == FaultKind.WEBHOOK_BODY) {
            String body = fault.body();
            return (body == null ? "" : body).getBytes(StandardCharsets.UTF_8);
        }
        if (fault.kind() != FaultKind.WEBHOOK_OTHER_JOB) {
            return payload.apply(job);
        }
        String id = fault.jobId() == null ? UNKNOWN_JOB : fault.jobId();
        Job other = jobs.apply(id);
        if (other != null) {
            return payload.apply(other);
        }
        try {
            return Json.read(payload.apply(job)) instanceof ObjectNode view
                    ? Json.write(view.put("job_id", id))
                    : payload.apply(job);
        } catch (IOException e) {
            throw new IllegalStateException("A payload that was written here is not JSON", e);
        }
    }

    private CompletableFuture<Void> send(Message message, Duration pause) {
        CompletableFuture<Void> triedOnce = new CompletableFuture<>();
        background.after(pause, () -> attempt(message, 1, triedOnce));
        return triedOnce;
    }

    private void attempt(Message message, int attempt, CompletableFuture<Void> triedOnce) {
        if (message.job.isForgotten()) {
            triedOnce.complete(null);
            return;
        }
        Delivery delivery = post(message, attempt);
        message.job.delivered(delivery);
        if (isRetried(delivery) && attempt < MOST_ATTEMPTS) {
            Duration pause = FIRST_PAUSE.multipliedBy(1L << (attempt - 1));
            background.after(time.scaled(pause), () -> attempt(message, attempt + 1, triedOnce));
        }
        triedOnce.complete(null);
    }

    private Delivery post(Message message, int attempt) {
        Instant now = time.now();
        String timestamp = Long.toString(now.minus(message.age).getEpochSecond());
        String secret = message.otherSecret == null ? signingSecret.get() : message.otherSecret;
        HttpRequest request = HttpRequest.newBuilder(message.receiver)
                .timeout(ANSWER_TIMEOUT)
                .header("Content-Type", "application/json")
                .header("User-Agent", "Makistry-Webhook/1.0")
                .header("X-Makistry-Timestamp", timestamp)
                .header("X-Makistry-Signature", WebhookSignature.header(secret, timestamp, message.body))
                .POST(HttpRequest.BodyPublishers.ofByteArray(message.body))
                .build();
        try {
            HttpResponse<InputStream> response = client.send(request, HttpResponse.BodyHandlers.ofInputStream());
            // The status says all; whatever body follows is not waited for.
            response.body().close();
            return new Delivery(attempt, now, response.statusCode(), null);
        } catch (IOException e) {
            return new Delivery(attempt, now, null, String.valueOf(e));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Delivery(attempt, now, null, "The sandbox was closed");
        }
    }

    private static boolean isRetried(Delivery delivery) {
        Integer answer = delivery.answer();
        return answer == null || answer / 100 == 5 || RETRIED_STATUSES.contains(answer);
    }
}
