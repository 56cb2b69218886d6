package dev.cadflow.archive;

import java.time.Duration;

/**
 * How patient a download is. None of these times includes a retry: each bounds one step of one request.
 *
 * @param connect to the storage host, TLS included
 * @param firstByte from the request sent to the answer's headers
 * @param stall from one piece of the body to the next
 * @param slowest how little of the body may come in a time; less is taken for a stall
 * @param largestBytes the largest file that is taken
 */
public record DownloadLimits(Duration connect, Duration firstByte, Duration stall, Pace slowest, long largestBytes) {
    /**
     * 10 s to connect, 30 s to the first byte, 30 s between pieces, 64 KiB in each minute, 16 GiB. Connecting and waiting
     * for the first byte stay together below the minute of silence after which Temporal gives the work to another worker.
     */
    public static final DownloadLimits DEFAULT = new DownloadLimits(
            Duration.ofSeconds(10),
            Duration.ofSeconds(30),
            Duration.ofSeconds(30),
            new Pace(64 << 10, Duration.ofMinutes(1)),
            16L << 30);

    /**
     * So many bytes in a time. The time counts while the storage host is waited for, not while a disk is.
     *
     * @param bytes that come at least
     * @param within each such time
     */
    public record Pace(long bytes, Duration within) {
        /**
         * Checks that the time is positive.
         *
         * @throws IllegalArgumentException where it is not, or the bytes are negative
         */
        public Pace {
            requirePositive("pace", within);
            if (bytes < 0) {
                throw new IllegalArgumentException("pace: expected 0 bytes or more, found " + bytes);
            }
        }

        @Override
        public String toString() {
            return bytes + " bytes in " + within.toMillis() / 1000.0 + " s";
        }
    }

    /**
     * Checks that every limit is positive.
     *
     * @throws IllegalArgumentException where one is not
     */
    public DownloadLimits {
        requirePositive("connect", connect);
        requirePositive("first byte", firstByte);
        requirePositive("stall", stall);
        if (largestBytes <= 0) {
            throw new IllegalArgumentException("largest bytes: expected a positive number, found " + largestBytes);
        }
    }

    private static void requirePositive(String name, Duration value) {
        if (value.isNegative() || value.isZero()) {
            throw new IllegalArgumentException(name + ": expected a positive duration, found " + value);
        }
    }
}
