package dev.cadflow.activity.impl;

import dev.cadflow.activity.SubmitInput;
import dev.cadflow.archive.RequestFingerprint;
import dev.cadflow.makistry.Job;
import dev.cadflow.makistry.JobPage;
import dev.cadflow.makistry.JobQuery;
import dev.cadflow.makistry.MakistryClient;
import dev.cadflow.makistry.MakistryException;
import dev.cadflow.makistry.Submission;
import dev.cadflow.makistry.SubmitBudget;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Buys each job once, whatever became of earlier tries of the same submit. Safe for use by many threads.
 *
 * @param callbackUrl given to Makistry with every job; null for none
 */
record Purchases(
        MakistryClient makistry,
        ImageSources images,
        SubmitBudget budget,
        @Nullable URI callbackUrl,
        Clock clock) {
    /** How long Makistry keeps an idempotency key is not documented; for so long a repeat is surely safe. */
    private static final Duration KEY_SURELY_KEPT = Duration.ofHours(1);
    /** The newest 300 jobs: three hours and more of a key's whole quota. */
    private static final JobQuery WHERE_A_LOST_SUBMIT_IS = new JobQuery(null, null, 100, 3);

    /**
     * A job that is paid for.
     *
     * @param fingerprint of the request; null where its images were not looked at again
     */
    record Bought(String jobId, @Nullable String fingerprint) {}

    /**
     * The job of this submit. Soon after a try that was never answered the idempotency key alone makes a repeat safe. Later
     * Makistry may have forgotten the key, so nobody pays again before its newest jobs were looked through; and at any time
     * nobody gives the submit up before.
     *
     * @throws MakistryException as Makistry refuses it
     * @throws ImageException where an image is no good, or cannot be read now
     */
    Bought buy(SubmitInput input, RequestCount requests) {
        UUID key = input.idempotencyKey();
        Instant unknownSince = requests.unknownSince().orElse(null);
        if (unknownSince == null) {
            return pay(input, requests);
        }
        if (!unknownSince.plus(KEY_SURELY_KEPT).isAfter(clock.instant())) {
            return listed(key, requests).orElseGet(() -> pay(input, requests));
        }
        try {
            return pay(input, requests);
        } catch (MakistryException refused) {
            if (refused.type().isRetryable()) {
                throw refused;
            }
            return listed(key, requests).orElseThrow(() -> refused);
        } catch (ImageException unusable) {
            if (unusable.failure().type().isRetryable()) {
                throw unusable;
            }
            return listed(key, requests).orElseThrow(() -> unusable);
        }
    }

    private Bought pay(SubmitInput input, RequestCount requests) {
        UUID key = input.idempotencyKey();
        budget.spend(key);
        boolean maybeBought = requests.unknownSince().isPresent();
        try (MakistryClient.SubmitTurn turn = turn(input, requests);
                FetchedImages fetched = images.fetch(input.request().images())) {
            String fingerprint =
                    RequestFingerprint.of(input.request(), fetched.sha256s()).value();
            String jobId =
                    turn.submit(Submission.of(input.request(), fetched.files(), key, input.workflowId(), callbackUrl));
            maybeBought = true;
            requests.add(1);
            return new Bought(jobId, fingerprint);
        } catch (MakistryException failure) {
            maybeBought |= failure.isOutcomeUnknown();
            throw failure;
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        } finally {
            if (!maybeBought) {
                budget.giveBack(key);
            }
        }
    }

    /** The turn comes before the images, so that they are read when they are needed; but a bad one is told of at once. */
    private MakistryClient.SubmitTurn turn(SubmitInput input, RequestCount requests) {
        try {
            return makistry.turnToSubmit(input.idempotencyKey(), callbackUrl != null);
        } catch (MakistryException notYet) {
            if (requests.isFirstTry()) {
                images.fetch(input.request().images()).close();
            }
            throw notYet;
        }
    }

    private Optional<Bought> listed(UUID key, RequestCount requests) {
        Iterator<JobPage> pages = makistry.jobs(WHERE_A_LOST_SUBMIT_IS).iterator();
        while (pages.hasNext()) {
            JobPage page = pages.next();
            requests.add(1);
            Optional<Job> made = page.jobs().stream()
                    .filter(job -> Submission.made(job, key))
                    .findFirst();
            if (made.isPresent()) {
                return made.map(job -> new Bought(job.jobId(), null));
            }
        }
        return Optional.empty();
    }
}
