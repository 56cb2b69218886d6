package dev.cadflow.workflow;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import io.temporal.common.converter.DataConverterException;
import io.temporal.failure.ActivityFailure;
import io.temporal.failure.ApplicationFailure;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Why there is no file, as a value. Travels as a Temporal {@link ApplicationFailure} whose type is the wire name of
 * {@link #type()} and whose one detail is {@link #details()}.
 *
 * @param type what happened
 * @param message for a person: what was expected, what was found
 * @param details for a program, and for the person who must go on from here
 */
public record CadFailure(FailureType type, String message, Details details) {

    private static final int MOST_CAUSES = 32;
    private static final String UNDECODABLE = DataConverterException.class.getName();

    /**
     * What is known of a failure besides its type. Everything may be null.
     *
     * @param jobId the job, where one was submitted: paid for or not, it can be adopted by this id
     * @param errorCode Makistry's error code as it came
     * @param errorMessage Makistry's message as it came
     * @param httpStatus of Makistry's or the store's answer
     * @param nextStep what to do next, for a person
     * @param problems each broken rule of an invalid request; empty otherwise
     * @param location where bytes were kept that are no valid file, such as a quarantine
     */
    @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record Details(
            @Nullable String jobId,
            @Nullable String errorCode,
            @Nullable String errorMessage,
            @Nullable Integer httpStatus,
            @Nullable String nextStep,
            List<Problem> problems,
            @Nullable String location) {

        /** Nothing known. */
        public static final Details NONE = new Details(null, null, null, null, null, List.of(), null);

        /** Copies the problems. */
        public Details(
                @Nullable String jobId,
                @Nullable String errorCode,
                @Nullable String errorMessage,
                @Nullable Integer httpStatus,
                @Nullable String nextStep,
                @Nullable List<Problem> problems,
                @Nullable String location) {
            this.jobId = jobId;
            this.errorCode = errorCode;
            this.errorMessage = errorMessage;
            this.httpStatus = httpStatus;
            this.nextStep = nextStep;
            this.problems = problems == null ? List.of() : List.copyOf(problems);
            this.location = location;
        }

        /** The same, with what to do next. */
        public Details withNextStep(String step) {
            return new Details(jobId, errorCode, errorMessage, httpStatus, step, problems, location);
        }

        /** The same, with the job named where it was not. */
        public Details withJobId(@Nullable String job) {
            return new Details(
                    jobId == null ? job : jobId, errorCode, errorMessage, httpStatus, nextStep, problems, location);
        }
    }

    /**
     * One broken rule of a request.
     *
     * @param field the field as JSON names it, such as {@code output_format}
     * @param rule what was expected
     * @param value what was found, shortened
     */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record Problem(String field, String rule, String value) {
        /** Reads as {@code field: expected rule, found value}. */
        @Override
        public String toString() {
            return field + ": expected " + rule + ", found " + value;
        }
    }

    /** A failure of which no more is known. */
    public static CadFailure of(FailureType type, String message) {
        return new CadFailure(type, message, Details.NONE);
    }

    /**
     * The typed value of a failure that cadflow caused, wherever in the chain of causes it stands: in the
     * {@code ChildWorkflowFailure} that a parent catches, in the {@code WorkflowFailedException} that a client
     * catches, in an {@code ActivityFailure}.
     *
     * @param failure what was caught
     * @return empty where no cause is a failure of cadflow's, such as a cancellation
     */
    public static Optional<CadFailure> from(@Nullable Throwable failure) {
        Throwable cause = failure;
        boolean inActivity = false;
        for (int depth = 0; cause != null && depth < MOST_CAUSES; depth++) {
            inActivity |= cause instanceof ActivityFailure;
            if (cause instanceof ApplicationFailure application) {
                if (UNDECODABLE.equals(application.getType()) && !inActivity) {
                    return Optional.of(undecodableInput(application));
                }
                Optional<FailureType> type = FailureType.find(application.getType());
                if (type.isPresent()) {
                    return Optional.of(
                            new CadFailure(type.get(), application.getOriginalMessage(), detailsOf(application)));
                }
            }
            cause = cause.getCause();
        }
        return Optional.empty();
    }

    /** What Temporal itself fails a workflow with whose input is not even JSON. */
    private static CadFailure undecodableInput(ApplicationFailure failure) {
        Details details = Details.NONE.withNextStep("Start again with a JSON object as the one input, encoded as"
                + " json/plain; where payloads are encrypted, give the worker the key. Nothing was submitted.");
        return new CadFailure(FailureType.INVALID_INPUT, failure.getOriginalMessage(), details);
    }

    private static Details detailsOf(ApplicationFailure failure) {
        try {
            Details details = failure.getDetails().getSize() == 0
                    ? null
                    : failure.getDetails().get(0, Details.class);
            return details == null ? Details.NONE : details;
        } catch (RuntimeException undecodable) {
            // The type and the message still say what happened; details of another version must not hide them.
            return Details.NONE;
        }
    }

    /** The same failure with the job named where it was not. */
    public CadFailure withJobId(@Nullable String jobId) {
        return new CadFailure(type, message, details.withJobId(jobId));
    }

    /**
     * The failure as an activity throws it; retryable where the type is.
     *
     * @param cause what led to it; null where nothing did. It must hold no secret: it goes into the history
     */
    public ApplicationFailure toApplicationFailure(@Nullable Throwable cause) {
        return failure(cause, !type.isRetryable());
    }

    /**
     * The failure as a workflow throws it: never retried, whatever the type, because another run would buy another
     * job.
     *
     * @param cause what led to it; null where nothing did
     */
    public ApplicationFailure toFinalFailure(@Nullable Throwable cause) {
        return failure(cause, true);
    }

    private ApplicationFailure failure(@Nullable Throwable cause, boolean nonRetryable) {
        return ApplicationFailure.newBuilder()
                .setMessage(message)
                .setType(type.wireName())
                .setNonRetryable(nonRetryable)
                .setDetails(details)
                .setCause(cause)
                .build();
    }
}
