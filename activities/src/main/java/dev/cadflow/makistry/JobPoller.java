package dev.cadflow.makistry;

import dev.cadflow.workflow.FailureType;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Asks how jobs stand, and gets as much as it can for each request.
 *
 * <p>Polls that wait for the quota together are answered by one list of the newest 100 jobs, as are those that were
 * told to come back later. A list also tells of jobs that nobody asked for yet but whose workflows run here. Only where
 * a single job is all there is to ask for, or where the list does not reach back to one, it is asked for singly. Safe
 * for use by many threads.
 */
public final class JobPoller {
    private static final int MOST_REMEMBERED = 10_000;
    /** The download URL in an answer is signed for a while only. */
    private static final Duration ANSWER_LIFETIME = Duration.ofMinutes(5);

    private final MakistryClient makistry;
    private final Consumer<Job> finished;
    private final Clock clock;
    private final Remembered<Instant> running = new Remembered<>(MOST_REMEMBERED);
    private final Remembered<Instant> toComeBack = new Remembered<>(MOST_REMEMBERED);
    private final Remembered<Answer> answers = new Remembered<>(MOST_REMEMBERED);
    private final Remembered<Instant> beyondTheList = new Remembered<>(MOST_REMEMBERED);
    private final Object gathering = new Object();
    private @Nullable PollBatch open;

    /**
     * A poller that knows of no job yet.
     *
     * @param makistry the client, whose quota the polls wait for
     * @param finished told of each job that a list shows to be over and that nobody asked for, once; called on the
     *     thread of a poll
     * @param clock tells how old an answer is
     */
    public JobPoller(MakistryClient makistry, Consumer<Job> finished, Clock clock) {
        this.makistry = makistry;
        this.finished = finished;
        this.clock = clock;
    }

    /**
     * How a job stands.
     *
     * @param job as Makistry told of it after it was asked for
     * @param requests what that cost; 0 where another's request served
     */
    public record Polled(Job job, int requests) {}

    private record Answer(Job job, Instant at) {}

    /** Says that a job has been submitted from here: lists that show its end are worth telling of. */
    public void watch(String jobId) {
        running.put(jobId, clock.instant());
    }

    /**
     * How the job stands.
     *
     * @throws MakistryException {@code quota_exceeded} where there is no turn within a few seconds: come back then, the
     *     answer may have come by itself; or as {@link MakistryClient#job} does
     */
    public Polled poll(String jobId) {
        Job.requireJobId(jobId);
        Answer known = answers.take(jobId);
        if (known != null && known.at.plus(ANSWER_LIFETIME).isAfter(clock.instant())) {
            toComeBack.take(jobId);
            return new Polled(known.job, 0);
        }
        if (beyondTheList.has(jobId)) {
            return new Polled(single(makistry.quota().look(), jobId), 1);
        }
        watch(jobId);
        PollBatch joined;
        synchronized (gathering) {
            joined = open;
            if (joined != null) {
                joined.add(jobId);
            } else {
                open = new PollBatch(jobId);
            }
        }
        return joined == null ? lead(jobId) : follow(joined, jobId);
    }

    private Polled follow(PollBatch batch, String jobId) {
        PollBatch.Outcome outcome = batch.await();
        Job job = outcome.jobs().get(jobId);
        return job == null ? new Polled(unlisted(jobId), 1) : new Polled(job, 0);
    }

    private Polled lead(String jobId) {
        PollBatch batch = null;
        List<Job> jobs;
        try {
            Quota.Turn turn = makistry.quota().look();
            batch = closeBatch();
            if (!worthAList(batch.jobIds())) {
                Job job = single(turn, jobId);
                batch.done(List.of(job));
                return new Polled(job, 1);
            }
            jobs = makistry.jobs(turn, JobQuery.NEWEST, null).jobs();
            batch.done(jobs);
        } catch (MakistryException failure) {
            PollBatch failed = batch == null ? closeBatch() : batch;
            if (!failure.isRequestSent()) {
                failed.jobIds().forEach(each -> toComeBack.put(each, clock.instant()));
            }
            failed.failed(failure);
            throw failure;
        } catch (RuntimeException | Error bug) {
            (batch == null ? closeBatch() : batch)
                    .failed(MakistryException.of(
                            FailureType.SERVICE_UNAVAILABLE, "Another's poll that this one had joined broke off"));
            throw bug;
        }
        take(jobs, batch.jobIds());
        return listed(jobs, jobId);
    }

    private Polled listed(List<Job> jobs, String jobId) {
        Job own = PollBatch.byId(jobs).get(jobId);
        if (own != null) {
            return new Polled(own, 1);
        }
        try {
            return new Polled(unlisted(jobId), 2);
        } catch (MakistryException failure) {
            throw failure.atTheCostOfARequest();
        }
    }

    private PollBatch closeBatch() {
        synchronized (gathering) {
            PollBatch closed = open;
            open = null;
            if (closed == null) {
                throw new IllegalStateException("Only who opened a batch closes it");
            }
            return closed;
        }
    }

    /** A list costs no more than a single job, and may tell of every other one that somebody here waits for. */
    private boolean worthAList(List<String> asked) {
        return Stream.concat(asked.stream(), Stream.concat(running.keys().stream(), toComeBack.keys().stream()))
                        .distinct()
                        .limit(2)
                        .count()
                > 1;
    }

    private void take(List<Job> jobs, List<String> asked) {
        List<Job> unasked = new ArrayList<>();
        for (Job job : jobs) {
            boolean over = JobStatus.isTerminal(job.status());
            boolean waitedFor = running.has(job.jobId());
            boolean answered = asked.contains(job.jobId());
            if (over) {
                running.take(job.jobId());
            }
            boolean comesBack = toComeBack.take(job.jobId()) != null;
            if (!answered && (comesBack || (over && waitedFor))) {
                answers.put(job.jobId(), new Answer(job, clock.instant()));
            }
            if (!answered && over && waitedFor) {
                unasked.add(job);
            }
        }
        unasked.forEach(finished);
    }

    private Job unlisted(String jobId) {
        beyondTheList.put(jobId, clock.instant());
        return single(makistry.quota().look(), jobId);
    }

    private Job single(Quota.Turn turn, String jobId) {
        Job job = makistry.job(turn, jobId);
        toComeBack.take(jobId);
        if (JobStatus.isTerminal(job.status())) {
            running.take(jobId);
        }
        return job;
    }
}
