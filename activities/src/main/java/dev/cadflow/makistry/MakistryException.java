package dev.cadflow.makistry;

import dev.cadflow.workflow.FailureType;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Makistry refused a request, could not be reached, or answered what is no answer.
 *
 * <p>The message is for a person and ends with what to do next. Neither it nor any other part ever holds the API key, a
 * signing secret or the query of a URL.
 */
public final class MakistryException extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private static final int LONGEST_FROM_OUTSIDE = 1000;

    private final FailureType type;
    private final @Nullable Integer httpStatus;
    private final @Nullable String errorCode;
    private final @Nullable String errorMessage;
    private final @Nullable Duration retryAfter;
    private final boolean requestSent;
    private final boolean outcomeUnknown;

    private MakistryException(Builder builder) {
        super(builder.message, builder.cause);
        this.type = builder.type;
        this.httpStatus = builder.httpStatus;
        this.errorCode = builder.errorCode;
        this.errorMessage = builder.errorMessage;
        this.retryAfter = builder.retryAfter;
        this.requestSent = builder.requestSent;
        this.outcomeUnknown = builder.outcomeUnknown;
    }

    /** A failure of which no more is known than its type and what a person should read. */
    public static MakistryException of(FailureType type, String message) {
        return builder(type, message).build();
    }

    /** A builder with nothing set but the type and what a person should read. */
    public static Builder builder(FailureType type, String message) {
        return new Builder(type, message);
    }

    /** What happened; also says whether trying again may help. */
    public FailureType type() {
        return type;
    }

    /** The status of Makistry's answer; empty where there was none. */
    public Optional<Integer> httpStatus() {
        return Optional.ofNullable(httpStatus);
    }

    /** Makistry's error code as it came, shortened to 1000 characters; empty where there was none. */
    public Optional<String> errorCode() {
        return Optional.ofNullable(errorCode);
    }

    /** Makistry's own message as it came, shortened to 1000 characters; empty where there was none. */
    public Optional<String> errorMessage() {
        return Optional.ofNullable(errorMessage);
    }

    /** How long Makistry, or our own share of its quota, asks to wait; empty where neither said. */
    public Optional<Duration> retryAfter() {
        return Optional.ofNullable(retryAfter);
    }

    /** Whether a request went out, so that it counts against Makistry's quota. */
    public boolean isRequestSent() {
        return requestSent;
    }

    /** The same failure, asking for that wait. */
    MakistryException withRetryAfter(Duration wait) {
        return copy(wait, requestSent);
    }

    /** The same failure for somebody who shared in the request and did not make it. */
    MakistryException atNoCost() {
        return copy(retryAfter, false);
    }

    /** The same failure for somebody who had made a request before it. */
    MakistryException atTheCostOfARequest() {
        return copy(retryAfter, true);
    }

    private MakistryException copy(@Nullable Duration wait, boolean sent) {
        return builder(type, String.valueOf(getMessage()))
                .httpStatus(httpStatus)
                .errorCode(errorCode)
                .errorMessage(errorMessage)
                .retryAfter(wait)
                .requestSent(sent)
                .outcomeUnknown(outcomeUnknown)
                .cause(getCause())
                .build();
    }

    /**
     * Whether the request may have been carried out although no answer came. Only a request under the same idempotency
     * key, or a look at the list of jobs, can tell.
     */
    public boolean isOutcomeUnknown() {
        return outcomeUnknown;
    }

    /** Builds a {@link MakistryException}; each setter's meaning is that of the accessor of its name. */
    public static final class Builder {
        private final FailureType type;
        private final String message;
        private @Nullable Integer httpStatus;
        private @Nullable String errorCode;
        private @Nullable String errorMessage;
        private @Nullable Duration retryAfter;
        private boolean requestSent;
        private boolean outcomeUnknown;
        private @Nullable Throwable cause;

        private Builder(FailureType type, String message) {
            this.type = Objects.requireNonNull(type, "type");
            this.message = Objects.requireNonNull(message, "message");
        }

        public Builder httpStatus(@Nullable Integer httpStatus) {
            this.httpStatus = httpStatus;
            return this;
        }

        public Builder errorCode(@Nullable String errorCode) {
            this.errorCode = shortened(errorCode);
            return this;
        }

        public Builder errorMessage(@Nullable String errorMessage) {
            this.errorMessage = shortened(errorMessage);
            return this;
        }

        public Builder retryAfter(@Nullable Duration retryAfter) {
            this.retryAfter = retryAfter;
            return this;
        }

        public Builder requestSent(boolean requestSent) {
            this.requestSent = requestSent;
            return this;
        }

        public Builder outcomeUnknown(boolean outcomeUnknown) {
            this.outcomeUnknown = outcomeUnknown;
            return this;
        }

        /** What led to it; it must hold no secret, for loggers print it. */
        public Builder cause(@Nullable Throwable cause) {
            this.cause = cause;
            return this;
        }

        public MakistryException build() {
            return new MakistryException(this);
        }

        private static @Nullable String shortened(@Nullable String text) {
            return text == null || text.length() <= LONGEST_FROM_OUTSIDE
                    ? text
                    : text.substring(0, LONGEST_FROM_OUTSIDE) + "…";
        }
    }
}
