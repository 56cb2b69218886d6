package dev.cadflow.workflow.internal;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cadflow.activity.ArchiveInput;
import dev.cadflow.activity.ArchiveResult;
import dev.cadflow.activity.CadActivities;
import dev.cadflow.activity.FindArchivedInput;
import dev.cadflow.activity.FindArchivedResult;
import dev.cadflow.activity.PollInput;
import dev.cadflow.activity.PollResult;
import dev.cadflow.activity.SubmitInput;
import dev.cadflow.activity.SubmitResult;
import dev.cadflow.workflow.CadFailure;
import dev.cadflow.workflow.CadProgress;
import dev.cadflow.workflow.CadRequest;
import dev.cadflow.workflow.CadResult;
import dev.cadflow.workflow.Cadflow;
import dev.cadflow.workflow.DeliveredBy;
import dev.cadflow.workflow.FailureType;
import dev.cadflow.workflow.JobFinished;
import dev.cadflow.workflow.OutputFormat;
import io.temporal.activity.ActivityOptions;
import io.temporal.api.enums.v1.RetryState;
import io.temporal.failure.ActivityFailure;
import io.temporal.failure.ApplicationFailure;
import io.temporal.failure.CanceledFailure;
import io.temporal.workflow.Async;
import io.temporal.workflow.CancellationScope;
import io.temporal.workflow.Promise;
import io.temporal.workflow.TimerOptions;
import io.temporal.workflow.Workflow;
import io.temporal.workflow.WorkflowInfo;
import io.temporal.workflow.WorkflowInit;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The life of a job: submit, wait, archive, answer. */
public class GenerateCadWorkflowImpl implements GenerateCadWorkflowDefinition {
    private final FinishedJobs signals = new FinishedJobs();
    private final ProgressLog progress = new ProgressLog();

    /** Sets up what handlers need, so that a signal or a query before the first task finds it. */
    @WorkflowInit
    public GenerateCadWorkflowImpl(@Nullable JsonNode request) {}

    @Override
    public CadResult generate(@Nullable JsonNode json) {
        try {
            CadRequest request = RequestReader.read(json);
            CadResult result = earlierFile(request).orElseGet(() -> makeOrMakeAgain(request));
            progress.done(result);
            return result;
        } catch (ActivityFailure | ApplicationFailure failure) {
            throw ended(failure);
        } catch (CanceledFailure cancelled) {
            progress.cancelled();
            throw cancelled;
        }
    }

    @Override
    public void jobFinished(@Nullable JsonNode job) {
        signals.accept(job);
    }

    @Override
    public CadProgress progress() {
        return progress.snapshot(signals);
    }

    /** The file of an identical earlier request, where this one asks for it. */
    private Optional<CadResult> earlierFile(CadRequest request) {
        if (!request.reuse() || request.jobId() != null) {
            return Optional.empty();
        }
        progress.looking();
        FindArchivedResult found = activities(ActivityPolicies.find("Look for an identical request's file"))
                .findArchived(new FindArchivedInput(request));
        return Optional.ofNullable(found.earlier()).map(earlier -> {
            progress.found(earlier.jobId());
            return new CadResult(
                    earlier.jobId(),
                    earlier.file(),
                    earlier.manifestUri(),
                    earlier.brainstorm(),
                    earlier.tokensUsed(),
                    earlier.latencyMs(),
                    request.metadata(),
                    DeliveredBy.ARCHIVE,
                    progress.makistryRequests());
        });
    }

    private CadResult makeOrMakeAgain(CadRequest request) {
        try {
            return make(request, 1);
        } catch (ActivityFailure | ApplicationFailure failure) {
            boolean expired = CadFailure.from(failure)
                    .filter(known -> known.type() == FailureType.OUTPUT_EXPIRED)
                    .isPresent();
            if (!expired || !request.resubmitOnExpiry()) {
                throw failure;
            }
            return make(request.withoutJobId(), 2);
        }
    }

    private CadResult make(CadRequest request, int purchase) {
        SubmitResult submitted = submit(request, purchase);
        Finished finished = await(request, submitted);
        return archive(request, finished, submitted.fingerprint());
    }

    private SubmitResult submit(CadRequest request, int purchase) {
        String what = request.jobId() == null
                ? request.designModeOrDefault().wireName() + " "
                        + request.outputFormatOrDefault().wireName()
                : "adopt " + request.jobId();
        progress.submitting(what);
        WorkflowInfo info = Workflow.getInfo();
        SubmitResult submitted = activities(ActivityPolicies.submit("Submit: " + what))
                .submit(new SubmitInput(
                        request, IdempotencyKeys.forPurchase(info, request, purchase), info.getWorkflowId()));
        progress.spent(submitted.makistryRequests());
        return submitted;
    }

    /** The job that is over, and who said so. */
    private record Finished(JobFinished job, DeliveredBy deliveredBy) {
        static Finished told(JobFinished job) {
            return new Finished(job, job.deliveredBy() == null ? DeliveredBy.WEBHOOK : job.deliveredBy());
        }
    }

    private Finished await(CadRequest request, SubmitResult submitted) {
        String jobId = submitted.jobId();
        PollSchedule schedule = new PollSchedule(submitted.waitPlan(), ProgressLog.now());
        progress.waiting(jobId, submitted.waitPlan().callbackRegistered(), schedule.deadline());
        if (submitted.searchAttributes()) {
            progress.index(request);
        }
        while (true) {
            progress.nextPoll(schedule.nextPoll());
            boolean last = schedule.isLast();
            Optional<Finished> finished = awaitSignal(jobId, schedule.nextPoll());
            if (finished.isEmpty()) {
                finished = poll(jobId, schedule.deadline(), last);
            }
            if (finished.isPresent()) {
                return succeeded(finished.get());
            }
            if (last) {
                throw timedOut(jobId, submitted.waitPlan().deadline());
            }
            schedule.advance(ProgressLog.now());
        }
    }

    private Optional<Finished> awaitSignal(String jobId, Instant until) {
        Duration pause = Duration.between(ProgressLog.now(), until);
        if (!signals.has(jobId) && !pause.isNegative() && !pause.isZero()) {
            CancellationScope wait = Workflow.newCancellationScope(() -> {
                TimerOptions options = TimerOptions.newBuilder()
                        .setSummary(Cadflow.summary("Wait for job " + jobId + ", then poll"))
                        .build();
                Promise<Void> timer = Workflow.newTimer(pause, options);
                expectCancellation(timer);
                Workflow.await(() -> signals.has(jobId) || timer.isCompleted());
            });
            wait.run();
            wait.cancel("the wait is over");
        }
        return signals.find(jobId).map(Finished::told);
    }

    /** What is cancelled because it is not needed any more is no news; the SDK would log a warning. */
    private static void expectCancellation(Promise<?> promise) {
        Promise<?> unused = promise.handle((value, cancelled) -> null);
    }

    /** Asks Makistry, unless a signal comes first. A poll that cannot be answered is no reason to give up waiting. */
    private Optional<Finished> poll(String jobId, Instant deadline, boolean last) {
        Duration left = Duration.between(ProgressLog.now(), deadline);
        Duration allTries = last || left.compareTo(ActivityPolicies.LAST_POLL_ALL_TRIES) < 0
                ? ActivityPolicies.LAST_POLL_ALL_TRIES
                : left;
        List<Promise<PollResult>> asked = new ArrayList<>();
        CancellationScope scope = Workflow.newCancellationScope(() -> asked.add(Async.function(
                activities(ActivityPolicies.poll("Poll job " + jobId, allTries))::poll, new PollInput(jobId))));
        scope.run();
        Promise<PollResult> answer = asked.get(0);
        Workflow.await(() -> signals.has(jobId) || answer.isCompleted());
        if (!answer.isCompleted()) {
            expectCancellation(answer);
            scope.cancel("the webhook came first");
            progress.polled(null);
            return signals.find(jobId).map(Finished::told);
        }
        return answered(answer);
    }

    private Optional<Finished> answered(Promise<PollResult> answer) {
        try {
            PollResult result = answer.get();
            progress.spent(result.makistryRequests());
            progress.polled(result.status());
            return Optional.ofNullable(result.job())
                    .filter(JobFinished::isTerminal)
                    .map(job -> new Finished(job, DeliveredBy.POLL));
        } catch (ActivityFailure failure) {
            progress.polled(null);
            boolean goOn = CadFailure.from(failure)
                    .map(known -> known.type().isRetryable())
                    .orElse(!isCancelled(failure));
            if (!goOn) {
                throw failure;
            }
            return Optional.empty();
        }
    }

    private static Finished succeeded(Finished finished) {
        JobFinished job = finished.job();
        if (job.succeeded()) {
            return finished;
        }
        String code = job.errorCode() == null ? "" : job.errorCode();
        CadFailure.Details details = new CadFailure.Details(
                job.jobId(),
                job.errorCode(),
                job.errorMessage(),
                null,
                "Change the prompt as the message says and start a new request; this job will not succeed.",
                null,
                null);
        String said = job.errorMessage() == null ? "no message" : job.errorMessage();
        throw new CadFailure(
                        FailureType.ofFailedJob(code),
                        "Makistry gave up job " + job.jobId() + ": " + (code.isEmpty() ? "" : code + ": ") + said,
                        details)
                .toApplicationFailure(null);
    }

    private static RuntimeException timedOut(String jobId, Duration deadline) {
        CadFailure.Details details = CadFailure.Details.NONE
                .withJobId(jobId)
                .withNextStep("The job may yet succeed and has been paid for: start a request with \"job_id\": \""
                        + jobId + "\" to go on waiting for it.");
        return new CadFailure(
                        FailureType.GENERATION_TIMEOUT,
                        "Job " + jobId + " was not over " + deadline + " after it was accepted.",
                        details)
                .toApplicationFailure(null);
    }

    private CadResult archive(CadRequest request, Finished finished, @Nullable String fingerprint) {
        JobFinished job = finished.job();
        WorkflowInfo info = Workflow.getInfo();
        OutputFormat format = formatOf(job, request);
        String key = request.archiveKey() == null
                ? ArchiveKeys.byDefault(info.getWorkflowId(), job.jobId(), format)
                : ArchiveKeys.withExtension(request.archiveKey(), format);
        Duration untilExpiry = untilExpiry(job);
        progress.archiving(job.status(), key, untilExpiry);
        ArchiveInput input = new ArchiveInput(
                key, format, job, request, info.getWorkflowId(), info.getRunId(), finished.deliveredBy(), fingerprint);
        ArchiveResult archived;
        try {
            archived = activities(ActivityPolicies.archive("Archive " + key, untilExpiry))
                    .archive(input);
        } catch (ActivityFailure failure) {
            throw expiredMeanwhile(failure, job.jobId());
        }
        progress.spent(archived.makistryRequests());
        return new CadResult(
                job.jobId(),
                archived.file(),
                archived.manifestUri(),
                job.brainstorm(),
                job.tokensUsed(),
                job.latencyMs(),
                request.metadata(),
                finished.deliveredBy(),
                progress.makistryRequests());
    }

    /** Archiving is tried for as long as Makistry keeps the file: where that ended it, the file is no more. */
    private static RuntimeException expiredMeanwhile(ActivityFailure failure, String jobId) {
        if (failure.getRetryState() != RetryState.RETRY_STATE_TIMEOUT
                || Workflow.getVersion("expired-while-archiving", Workflow.DEFAULT_VERSION, 1)
                        == Workflow.DEFAULT_VERSION) {
            return failure;
        }
        String lastTry = CadFailure.from(failure)
                .map(known -> known.type().wireName() + ": " + known.message())
                .orElse("its last try did not end");
        return new CadFailure(
                        FailureType.OUTPUT_EXPIRED,
                        "Makistry has deleted the file of job " + jobId
                                + " by now, and until then it could not be archived: " + lastTry,
                        CadFailure.Details.NONE
                                .withJobId(jobId)
                                .withNextStep("Put the archive right, then submit again."))
                .toApplicationFailure(failure);
    }

    /** What the job says it made: an adopted job may have been submitted for another format than the request names. */
    private static OutputFormat formatOf(JobFinished job, CadRequest request) {
        for (OutputFormat format : OutputFormat.values()) {
            if (format.wireName().equals(job.outputFormat())) {
                return format;
            }
        }
        return request.outputFormatOrDefault();
    }

    /**
     * How long the file can still be had. Where the job does not say, or says nonsense, Makistry's 30 days; never less
     * than a few minutes, because clocks differ and only Makistry's answer is final.
     */
    private static Duration untilExpiry(JobFinished job) {
        Duration longest = ActivityPolicies.OUTPUT_LIFETIME;
        if (job.expiresAt() == null) {
            return longest;
        }
        try {
            Instant expiry = OffsetDateTime.parse(job.expiresAt()).toInstant();
            Duration left = Duration.between(ProgressLog.now(), expiry);
            Duration shortest = ActivityPolicies.SHORTEST_ARCHIVE;
            return left.compareTo(shortest) < 0 ? shortest : left.compareTo(longest) > 0 ? longest : left;
        } catch (DateTimeParseException e) {
            return longest;
        }
    }

    /** The workflow's own failure: typed, with the job named, and final, so that no retry policy buys a second job. */
    private RuntimeException ended(RuntimeException failure) {
        if (isCancelled(failure)) {
            progress.cancelled();
            return failure;
        }
        CadFailure known = CadFailure.from(failure)
                .orElseGet(() -> CadFailure.of(
                        FailureType.SERVICE_UNAVAILABLE,
                        "An activity did not end in time; its last try says why: " + failure.getMessage()))
                .withJobId(progress.jobId());
        progress.failed(known);
        return known.toFinalFailure(failure instanceof ActivityFailure ? failure : null);
    }

    private static boolean isCancelled(Throwable failure) {
        return failure instanceof ActivityFailure && failure.getCause() instanceof CanceledFailure;
    }

    private static CadActivities activities(ActivityOptions options) {
        return Workflow.newActivityStub(CadActivities.class, options);
    }
}
