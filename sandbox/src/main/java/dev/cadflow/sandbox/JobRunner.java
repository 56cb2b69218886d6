package dev.cadflow.sandbox;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Ends jobs when their time is up, settles their credits and hands them to the webhook sender. */
final class JobRunner {

    private static final Duration SHORTEST_WAIT = Duration.ofMillis(1);
    private static final Duration WAIT_FOR_A_STANDING_CLOCK = Duration.ofMillis(20);

    private final JobStore store;
    private final SandboxTime time;
    private final Counters counters;
    private final WebhookSender webhooks;
    private final Background background;
    private volatile boolean paused;

    JobRunner(JobStore store, SandboxTime time, Counters counters, WebhookSender webhooks, Background background) {
        this.store = store;
        this.time = time;
        this.counters = counters;
        this.webhooks = webhooks;
        this.background = background;
    }

    void start(Job job) {
        if (!job.isHeld()) {
            schedule(job, SHORTEST_WAIT);
        }
    }

    /** Ends a job where its time is up, so that whoever looks at it sees it so, whatever the scheduler does. */
    void settle(Job job) {
        if (!paused && job.finishIfDue(time.now())) {
            var unused = ended(job);
        }
    }

    /** Ends a job now; completes when the receiver of its webhook, where it has one, was tried once. */
    CompletableFuture<Void> finish(Job job, Job.@Nullable Failure failure) {
        return job.finish(time.now(), failure) ? ended(job) : CompletableFuture.completedFuture(null);
    }

    void pause() {
        paused = true;
    }

    void resume() {
        paused = false;
        store.all().forEach(this::settle);
    }

    private void schedule(Job job, Duration shortest) {
        Duration remaining = Duration.between(time.now(), job.dueAt());
        Duration wait = remaining.compareTo(shortest) > 0 ? remaining : shortest;
        background.after(wait, () -> wake(job));
    }

    private void wake(Job job) {
        settle(job);
        Instant now = time.now();
        // A clock that is set by hand may stand still: look again, but not in a busy loop.
        if (!job.isFinished() && !job.isForgotten() && now.isBefore(job.dueAt())) {
            schedule(job, WAIT_FOR_A_STANDING_CLOCK);
        }
    }

    private CompletableFuture<Void> ended(Job job) {
        int credits = job.request().designMode().credits();
        if (job.failure() == null) {
            counters.consume(credits);
        } else {
            counters.giveBack(credits);
        }
        return webhooks.deliver(job);
    }
}
