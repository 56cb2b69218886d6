package dev.cadflow.workflow.internal;

import dev.cadflow.activity.BatchPart;
import dev.cadflow.workflow.CadBatchPart;
import dev.cadflow.workflow.CadBatchPart.Status;
import dev.cadflow.workflow.CadFailure;
import dev.cadflow.workflow.CadResult;
import dev.cadflow.workflow.FailureType;
import io.temporal.client.WorkflowExecutionAlreadyStarted;
import io.temporal.failure.CanceledFailure;
import io.temporal.failure.TerminatedFailure;
import io.temporal.failure.TimeoutFailure;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What became of a part, as the batch reports it. */
final class PartOutcomes {
    /** Keeps a report page of any failures well below what a payload may hold. */
    private static final int LONGEST_MESSAGE = 500;

    private static final int MOST_CAUSES = 32;

    private PartOutcomes() {}

    static CadBatchPart succeeded(BatchPart part, String workflowId, CadResult result) {
        return new CadBatchPart(
                part.number(),
                part.name(),
                Status.SUCCEEDED,
                workflowId,
                result.jobId(),
                result.file(),
                null,
                result.makistryRequests());
    }

    /** A part that could not be read, so that it never had a workflow. */
    static CadBatchPart broken(BatchPart part, String problem) {
        CadBatchPart.Failure failure = new CadBatchPart.Failure(
                FailureType.INVALID_INPUT.wireName(),
                shorten(problem),
                "Correct the part and start the batch again under the same workflow id; nothing was submitted for it.");
        return new CadBatchPart(part.number(), part.name(), Status.FAILED, null, null, null, failure, 0);
    }

    /** A part whose workflow ended without a result, or was not started. */
    static CadBatchPart ended(BatchPart part, String workflowId, Throwable why) {
        if (has(why, WorkflowExecutionAlreadyStarted.class)) {
            return without(part, Status.ALREADY_STARTED, workflowId, null, null);
        }
        Optional<CadFailure> known = CadFailure.from(why);
        if (known.isPresent()) {
            CadFailure.Details details = known.get().details();
            return without(
                    part,
                    Status.FAILED,
                    workflowId,
                    details.jobId(),
                    new CadBatchPart.Failure(
                            known.get().type().wireName(), shorten(known.get().message()), details.nextStep()));
        }
        if (has(why, CanceledFailure.class)) {
            return without(part, Status.CANCELLED, workflowId, null, null);
        }
        String type = has(why, TerminatedFailure.class)
                ? "terminated"
                : has(why, TimeoutFailure.class) ? "timed_out" : "unknown";
        return without(
                part,
                Status.FAILED,
                workflowId,
                null,
                new CadBatchPart.Failure(
                        type,
                        shorten(String.valueOf(why.getMessage())),
                        "See whether its workflow has submitted a job; a request with that job_id adopts it."));
    }

    private static CadBatchPart without(
            BatchPart part,
            Status status,
            String workflowId,
            @Nullable String jobId,
            CadBatchPart.@Nullable Failure failure) {
        return new CadBatchPart(part.number(), part.name(), status, workflowId, jobId, null, failure, 0);
    }

    private static boolean has(Throwable failure, Class<? extends Throwable> type) {
        Throwable cause = failure;
        for (int depth = 0; cause != null && depth < MOST_CAUSES; depth++) {
            if (type.isInstance(cause)) {
                return true;
            }
            cause = cause.getCause();
        }
        return false;
    }

    private static String shorten(String message) {
        return message.codePointCount(0, message.length()) <= LONGEST_MESSAGE
                ? message
                : message.substring(0, message.offsetByCodePoints(0, LONGEST_MESSAGE)) + "…";
    }
}
