package dev.cadflow.sandbox;

import dev.cadflow.sandbox.part.PartFile;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Something that goes wrong on purpose, at the next requests or jobs that it matches. Which of the values a fault uses
 * says its {@link FaultKind}; a value that is null has the default named there.
 *
 * @param times how many matches it strikes, 1 to 1,000,000; default 1
 * @param match which requests or jobs it is meant for; default all
 * @param status an HTTP status from 200 to 599; default 500
 * @param body an answer's or a webhook's body, as text
 * @param contentType the media type of {@code body}; default JSON
 * @param headers of an answer
 * @param offsetBytes where in a body or file, from 0
 * @param lengthBytes how much of it, 1 to {@link PartFile#LARGEST_BYTES}
 * @param bytesPerSecond how slowly, from 1; default 1024
 * @param hold how long, at most an hour; default a minute
 * @param errorCode of a failed job; default {@code geometry_validation_failed}
 * @param errorMessage of a failed job; default the vendor's example
 * @param text the status to show; default {@code rendering}
 * @param jobId of another job
 * @param digestOfServedBytes whether ETag and {@code x-goog-hash} are those of the bytes that are sent; default false:
 *     those of the true file
 */
public record Fault(
        FaultTarget target,
        FaultKind kind,
        int times,
        FaultMatch match,
        @Nullable Integer status,
        @Nullable String body,
        @Nullable String contentType,
        Map<String, String> headers,
        @Nullable Long offsetBytes,
        @Nullable Long lengthBytes,
        @Nullable Integer bytesPerSecond,
        @Nullable Duration hold,
        @Nullable String errorCode,
        @Nullable String errorMessage,
        @Nullable String text,
        @Nullable String jobId,
        boolean digestOfServedBytes) {

    private static final int MOST_TIMES = 1_000_000;
    private static final Duration LONGEST_HOLD = Duration.ofHours(1);

    /**
     * Checks and copies.
     *
     * @throws IllegalArgumentException naming the value, what was expected and what was found
     */
    public Fault {
        headers = Map.copyOf(headers);
        require(
                kind.targets().contains(target),
                "target",
                "one of "
                        + kind.targets().stream()
                                .map(FaultTarget::wireName)
                                .sorted()
                                .collect(Collectors.joining(", "))
                        + " for " + kind.wireName(),
                target.wireName());
        require(times >= 1 && times <= MOST_TIMES, "times", "1 to " + MOST_TIMES, times);
        require(status == null || (status >= 200 && status <= 599), "status", "200 to 599", status);
        require(offsetBytes == null || offsetBytes >= 0, "offset_bytes", "0 or more", offsetBytes);
        require(
                lengthBytes == null || (lengthBytes >= 1 && lengthBytes <= PartFile.LARGEST_BYTES),
                "length_bytes",
                "1 to " + PartFile.LARGEST_BYTES,
                lengthBytes);
        require(lengthBytes != null || kind != FaultKind.LARGE_FILE, "length_bytes", "the size of the file", null);
        require(bytesPerSecond == null || bytesPerSecond >= 1, "bytes_per_second", "1 or more", bytesPerSecond);
        require(hold == null || hold.abs().compareTo(LONGEST_HOLD) <= 0, "hold", "at most " + LONGEST_HOLD, hold);
        require(
                hold == null || !hold.isNegative() || kind == FaultKind.WEBHOOK_STALE,
                "hold",
                "no negative duration for " + kind.wireName(),
                hold);
    }

    private static void require(boolean condition, String name, String expected, @Nullable Object found) {
        if (!condition) {
            throw new IllegalArgumentException(name + ": expected " + expected + ", found " + found);
        }
    }

    /** A fault of a kind, for one match, with the kind's defaults. */
    public static Fault of(FaultTarget target, FaultKind kind) {
        return builder(target, kind).build();
    }

    /** Starts a fault of a kind. */
    public static Builder builder(FaultTarget target, FaultKind kind) {
        return new Builder(target, kind);
    }

    Duration holdOr(Duration otherwise) {
        return hold == null ? otherwise : hold;
    }

    /** Collects the values of a fault; see {@link Fault} for each. */
    public static final class Builder {

        private final FaultTarget target;
        private final FaultKind kind;
        private int times = 1;
        private FaultMatch match = FaultMatch.ANY;
        private @Nullable Integer status;
        private @Nullable String body;
        private @Nullable String contentType;
        private Map<String, String> headers = Map.of();
        private @Nullable Long offsetBytes;
        private @Nullable Long lengthBytes;
        private @Nullable Integer bytesPerSecond;
        private @Nullable Duration hold;
        private @Nullable String errorCode;
        private @Nullable String errorMessage;
        private @Nullable String text;
        private @Nullable String jobId;
        private boolean digestOfServedBytes;

        private Builder(FaultTarget target, FaultKind kind) {
            this.target = target;
            this.kind = kind;
        }

        /** How many matches it strikes. */
        public Builder times(int times) {
            this.times = times;
            return this;
        }

        /** Which requests or jobs it is meant for. */
        public Builder match(FaultMatch match) {
            this.match = match;
            return this;
        }

        /** The HTTP status. */
        public Builder status(int status) {
            this.status = status;
            return this;
        }

        /** The body and its media type. */
        public Builder body(String contentType, String body) {
            this.contentType = contentType;
            this.body = body;
            return this;
        }

        /** The headers. */
        public Builder headers(Map<String, String> headers) {
            this.headers = headers;
            return this;
        }

        /** Where in a body or file. */
        public Builder offsetBytes(long offsetBytes) {
            this.offsetBytes = offsetBytes;
            return this;
        }

        /** How much of a body or file. */
        public Builder lengthBytes(long lengthBytes) {
            this.lengthBytes = lengthBytes;
            return this;
        }

        /** How slowly. */
        public Builder bytesPerSecond(int bytesPerSecond) {
            this.bytesPerSecond = bytesPerSecond;
            return this;
        }

        /** How long. */
        public Builder hold(Duration hold) {
            this.hold = hold;
            return this;
        }

        /** How the job fails. */
        public Builder error(String errorCode, String errorMessage) {
            this.errorCode = errorCode;
            this.errorMessage = errorMessage;
            return this;
        }

        /** The status to show. */
        public Builder text(String text) {
            this.text = text;
            return this;
        }

        /** Another job. */
        public Builder jobId(String jobId) {
            this.jobId = jobId;
            return this;
        }

        /** Whether the digests are those of the bytes that are sent. */
        public Builder digestOfServedBytes(boolean digestOfServedBytes) {
            this.digestOfServedBytes = digestOfServedBytes;
            return this;
        }

        Builder contentType(@Nullable String contentType) {
            this.contentType = contentType;
            return this;
        }

        Builder body(@Nullable String body) {
            this.body = body;
            return this;
        }

        Builder errorCode(@Nullable String errorCode) {
            this.errorCode = errorCode;
            return this;
        }

        Builder errorMessage(@Nullable String errorMessage) {
            this.errorMessage = errorMessage;
            return this;
        }

        /**
         * The fault.
         *
         * @throws IllegalArgumentException naming the value, what was expected and what was found
         */
        public Fault build() {
            return new Fault(
                    target,
                    kind,
                    times,
                    match,
                    status,
                    body,
                    contentType,
                    headers,
                    offsetBytes,
                    lengthBytes,
                    bytesPerSecond,
                    hold,
                    errorCode,
                    errorMessage,
                    text,
                    jobId,
                    digestOfServedBytes);
        }
    }
}
