package dev.cadflow.makistry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cadflow.sandbox.SandboxOptions;
import dev.cadflow.sandbox.SandboxServer;
import dev.cadflow.workflow.CadRequest;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A hundred jobs at once under one key, in virtual time, against the sandbox with Makistry's quota on. */
final class BatchTest {
    private static final int JOBS = 100;
    private static final Duration GENERATION = Duration.ofSeconds(60);

    private final SteppedClock clock = new SteppedClock();
    private final PriorityQueue<Event> events =
            new PriorityQueue<>(Comparator.comparing(Event::at).thenComparing(Event::number));
    private final Set<String> done = new HashSet<>();
    private long numbers;
    private SandboxServer sandbox;
    private MakistryClient client;
    private JobPoller poller;

    private record Event(Instant at, long number, Runnable action) {}

    @BeforeEach
    void start() throws IOException {
        sandbox = SandboxServer.start(SandboxOptions.builder().clock(clock).build());
        client = MakistryClient.builder(sandbox.apiKey())
                .baseUrl(sandbox.apiBaseUrl())
                .quota(new Quota(QuotaLimits.DEFAULT, Duration.ZERO, clock))
                .build();
        poller = new JobPoller(client, job -> done.add(job.jobId()), clock);
    }

    @AfterEach
    void stop() {
        client.close();
        sandbox.close();
    }

    @Test
    void byWebhookEachJobCostsItsSubmitAndTheBatchTakesAsLongAsTheQuotaAllows() {
        Instant begin = clock.instant();

        submitAll(URI.create("https://cad.example/hook"), jobId -> in(GENERATION, () -> done.add(jobId)));

        assertThat(done).hasSize(JOBS);
        assertThat(sandbox.counts().apiRequests()).isEqualTo(JOBS);
        assertThat(sandbox.counts().refusedByQuota()).isZero();
        // 20 a minute are 5 rounds with 4 min between the first and the last.
        Duration allowed = Duration.ofMinutes(4).plus(GENERATION);
        assertThat(Duration.between(begin, clock.instant())).isLessThan(allowed.plus(allowed.dividedBy(10)));
    }

    @Test
    void byPollsAloneAFewListsServeThemAll() {
        Instant begin = clock.instant();

        submitAll(null, jobId -> {
            Instant submitted = clock.instant();
            in(GENERATION, () -> sandbox.finish(jobId));
            in(Duration.ofSeconds(5), () -> poll(jobId, submitted));
        });

        assertThat(done).hasSize(JOBS);
        assertThat(sandbox.counts().submitsCharged()).isEqualTo(JOBS);
        assertThat(sandbox.counts().apiRequests()).isLessThanOrEqualTo(130);
        assertThat(sandbox.counts().refusedByQuota()).isZero();
        // More than the 100 requests of one hour: the last of them cannot go out before the first hour is over.
        Duration allowed = Duration.ofHours(1).plus(GENERATION);
        assertThat(Duration.between(begin, clock.instant())).isLessThan(allowed.plus(allowed.dividedBy(10)));
    }

    private void submitAll(@Nullable URI callback, Consumer<String> submitted) {
        for (int i = 0; i < JOBS; i++) {
            UUID key = UUID.randomUUID();
            in(Duration.ZERO, () -> submit(key, callback, submitted));
        }
        while (!events.isEmpty()) {
            Event next = events.remove();
            Duration wait = Duration.between(clock.instant(), next.at());
            if (!wait.isNegative()) {
                clock.advance(wait);
            }
            next.action().run();
        }
    }

    private void submit(UUID key, @Nullable URI callback, Consumer<String> submitted) {
        try {
            String jobId =
                    client.submit(Submission.of(CadRequest.of("A box"), List.of(), key, "order-" + key, callback));
            poller.watch(jobId);
            submitted.accept(jobId);
        } catch (MakistryException notYet) {
            in(notYet.retryAfter().orElseThrow(), () -> submit(key, callback, submitted));
        }
    }

    private void poll(String jobId, Instant submitted) {
        if (done.contains(jobId)) {
            return;
        }
        try {
            if (JobStatus.isTerminal(poller.poll(jobId).job().status())) {
                done.add(jobId);
                return;
            }
            boolean early = Duration.between(submitted, clock.instant()).compareTo(Duration.ofSeconds(30)) < 0;
            in(Duration.ofSeconds(early ? 5 : 15), () -> poll(jobId, submitted));
        } catch (MakistryException notYet) {
            in(notYet.retryAfter().orElseThrow(), () -> poll(jobId, submitted));
        }
    }

    private void in(Duration wait, Runnable action) {
        events.add(new Event(clock.instant().plus(wait), numbers++, action));
    }
}
