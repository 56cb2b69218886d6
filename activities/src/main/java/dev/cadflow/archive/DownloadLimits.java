package dev.cadflow.archive;

import java.time.Duration;

/**
 * How patient a download is. None of these times includes a retry: each bounds one step of one request.
 *
 * @param connect to the storage host
 * @param firstByte from the request sent to the answer's first byte; both times together bound all that comes before
 *     the body, TLS and the last header included
 * @param stall in which the next {@value #PIECE_BYTES} bytes of the body, or what is left of it, must come: so that a
 *     body that drips now and then is a stalled one too
 * @param largestBytes the largest file that is taken
 */
public record DownloadLimits(Duration connect, Duration firstByte, Duration stall, long largestBytes) {
    /** What a body is awaited by: with the default stall a body of less than about 1 KB/s is broken off. */
    static final int PIECE_BYTES = 1 << 15;

    /**
     * 10 s to connect, 30 s to the first byte, 30 s for each piece, 16 GiB. All that comes before the body stays below the
     * minute of silence after which Temporal gives the work to another worker.
     */
    public static final DownloadLimits DEFAULT =
            new DownloadLimits(Duration.ofSeconds(10), Duration.ofSeconds(30), Duration.ofSeconds(30), 16L << 30);

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

    /** From the begin of a request to the last header of its answer. */
    Duration answer() {
        return connect.plus(firstByte);
    }

    private static void requirePositive(String name, Duration value) {
        if (value.isNegative() || value.isZero()) {
            throw new IllegalArgumentException(name + ": expected a positive duration, found " + value);
        }
    }
}
