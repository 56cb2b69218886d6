package dev.cadflow.activity.impl;

import dev.cadflow.makistry.MakistryException;
import dev.cadflow.workflow.CadFailure;
import dev.cadflow.workflow.FailureType;
import io.temporal.failure.ApplicationErrorCategory;
import io.temporal.failure.ApplicationFailure;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The one place where what went wrong in an activity becomes the failure that Temporal records. */
public final class ApplicationFailures {
    /** Both of Makistry's windows are over by then, whatever a server asks for. */
    private static final Duration LONGEST_WAIT = Duration.ofHours(1);

    private static final String HOW_TO_FIND_OUT =
            "Makistry may have taken the job. A further try under the same idempotency key returns that job and "
                    + "buys no other. To find out by hand, list the jobs and look for this workflow's id in their "
                    + "metadata under cadflow_workflow_id; a request with that job_id adopts it.";

    private ApplicationFailures() {}

    /**
     * What Makistry refused or could not do, with what to do next. No cause is attached: the history needs none, and
     * what is not there cannot leak.
     *
     * @param jobId the job that was asked for; null where none is known
     */
    public static ApplicationFailure of(MakistryException failure, @Nullable String jobId) {
        return of(failure, jobId, failure.isOutcomeUnknown() ? HOW_TO_FIND_OUT : nextStep(failure));
    }

    /** As {@link #of(MakistryException, String)}, for a submit of which an earlier try may have bought the job. */
    static ApplicationFailure ofMaybeBought(MakistryException failure) {
        return of(failure, null, HOW_TO_FIND_OUT);
    }

    private static ApplicationFailure of(MakistryException failure, @Nullable String jobId, String nextStep) {
        CadFailure.Details details = new CadFailure.Details(
                jobId,
                failure.errorCode().orElse(null),
                failure.errorMessage().orElse(null),
                failure.httpStatus().orElse(null),
                nextStep,
                List.of(),
                null);
        CadFailure value = new CadFailure(failure.type(), String.valueOf(failure.getMessage()), details);
        Duration asked = failure.retryAfter().orElse(Duration.ZERO);
        if (failure.type() == FailureType.QUOTA_EXCEEDED) {
            return expectedWait(value, asked);
        }
        boolean retriesLater = failure.type().isRetryable() && asked.compareTo(Duration.ZERO) > 0;
        return retriesLater ? retriedAfter(value, asked) : of(value);
    }

    /** A failure whose retries, where its type has any, follow the workflow's own retry policy. */
    public static ApplicationFailure of(CadFailure failure) {
        return failure.toApplicationFailure(null);
    }

    /** A failure that is retried after that delay, one hour at most, instead of the retry policy's own. */
    public static ApplicationFailure retriedAfter(CadFailure failure, Duration delay) {
        return builder(failure, delay).build();
    }

    /** As {@link #retriedAfter}, for a wait that is ordinary: Temporal then neither logs nor counts it as an error. */
    public static ApplicationFailure expectedWait(CadFailure failure, Duration delay) {
        return builder(failure, delay)
                .setCategory(ApplicationErrorCategory.BENIGN)
                .build();
    }

    private static ApplicationFailure.Builder builder(CadFailure failure, Duration delay) {
        Duration bounded = delay.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : delay;
        return ApplicationFailure.newBuilder(of(failure))
                .setDetails(failure.details())
                .setNextRetryDelay(bounded);
    }

    private static String nextStep(MakistryException failure) {
        return switch (failure.type()) {
            case INVALID_INPUT -> "Correct the request and start again; nothing was paid.";
            case IMAGE_PARSE_FAILED ->
                "Use an image that opens in an ordinary viewer, as PNG or JPEG; nothing was paid.";
            case INVALID_API_KEY -> "Give the worker a valid MAKISTRY_API_KEY, then start again.";
            case PAYMENT_REQUIRED -> "Top up the Makistry account, then start again; nothing was queued.";
            case BUDGET_EXHAUSTED -> "Start again tomorrow (UTC), or raise CADFLOW_MAX_SUBMITS_PER_DAY.";
            case JOB_NOT_FOUND -> "Check the job id and that the worker's API key is the one that submitted it.";
            case OUTPUT_EXPIRED -> "Makistry has deleted the file; start again to make it anew.";
            case QUOTA_EXCEEDED -> "Nothing: it is tried again by itself when its turn comes.";
            case SERVICE_UNAVAILABLE ->
                "Nothing at first: it is tried again by itself. If it lasts, check the network "
                        + "between worker and Makistry.";
            default -> "Read Makistry's error code and message, correct the request and start again.";
        };
    }
}
