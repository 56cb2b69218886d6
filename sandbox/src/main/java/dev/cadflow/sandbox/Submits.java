package dev.cadflow.sandbox;

import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Takes submits: one job for each idempotency key, charged once. */
final class Submits {

    private static final Duration LIFETIME = Duration.ofDays(30);
    private static final Duration LONGEST_WAIT_FOR_EARLY_WEBHOOK = Duration.ofSeconds(10);
    private static final Pattern UUID_V4 = Pattern.compile(
            "[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}", Pattern.CASE_INSENSITIVE);

    private final SandboxOptions options;
    private final SandboxTime time;
    private final JobStore store;
    private final JobRunner runner;
    private final JobViews views;
    private final Counters counters;
    private final Faults faults;
    private final SecureRandom random = new SecureRandom();

    Submits(
            SandboxOptions options,
            SandboxTime time,
            JobStore store,
            JobRunner runner,
            JobViews views,
            Counters counters,
            Faults faults) {
        this.options = options;
        this.time = time;
        this.store = store;
        this.runner = runner;
        this.views = views;
        this.counters = counters;
        this.faults = faults;
    }

    Answer take(SubmitForm form, @Nullable String idempotencyKey) throws Refusal {
        if (idempotencyKey != null) {
            if (!UUID_V4.matcher(idempotencyKey).matches()) {
                throw Refusal.invalidInput("Idempotency-Key: expected a UUID of version 4, found something else");
            }
            Optional<Job> earlier = store.withKey(idempotencyKey);
            if (earlier.isPresent()) {
                return repeated(earlier.get());
            }
        }
        SubmitRequest request = form.validate();
        Job[] made = new Job[1];
        Job job;
        try {
            job = store.add(idempotencyKey, textBytes(request), time.now(), createdAt -> {
                made[0] = counters.reserve(request.designMode().credits())
                        ? create(request, idempotencyKey, createdAt)
                        : null;
                return made[0];
            });
        } catch (JobStore.FullException e) {
            throw new Refusal(503, null, String.valueOf(e.getMessage()));
        }
        if (job == null) {
            throw new Refusal(402, "payment_required", "The account has not enough credits; nothing was queued");
        }
        if (job != made[0]) {
            // The same key, at the same moment, on another connection.
            return repeated(job);
        }
        start(job);
        return Answer.json(202, views.accepted(job));
    }

    private Answer repeated(Job job) {
        counters.repeated();
        return Answer.json(202, views.accepted(job));
    }

    private Job create(SubmitRequest request, @Nullable String idempotencyKey, Instant createdAt) {
        byte[] id = new byte[6];
        random.nextBytes(id);
        FaultMatch.Subject subject = new FaultMatch.Subject(null, request.prompt(), request.metadata());
        return new Job(
                "pub_" + HexFormat.of().formatHex(id),
                request,
                idempotencyKey,
                createdAt,
                time.scaled(options.processingTime(request.designMode())),
                time.scaled(LIFETIME),
                faults.take(FaultKind.Stage.JOB, FaultTarget.SUBMIT, subject));
    }

    private void start(Job job) throws Refusal {
        Fault early = faults.take(FaultKind.Stage.EARLY, FaultTarget.WEBHOOK, job.subject());
        if (early == null) {
            runner.start(job);
            return;
        }
        try {
            runner.finish(job, job.plannedFailure())
                    .get(LONGEST_WAIT_FOR_EARLY_WEBHOOK.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            // The webhook did not get through in time: the submit is answered all the same.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Refusal(503, null, "The sandbox is closing");
        }
    }

    private static long textBytes(SubmitRequest request) {
        return 2L * request.promptOrEmpty().length() + Json.write(request.metadata()).length;
    }
}
