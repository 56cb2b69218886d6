package dev.cadflow.archive;

import java.time.Duration;

/**
 * How patient a download is. None of these times includes a retry: each bounds one step of one request.
 *
 * @param connect to the storage host, TLS included
 * @param firstByte from the request sent to the answer's headers
 * @param stall from one piece of the body to the next
 * @param largestBytes the largest file that is taken
 */
public record DownloadLimits(Duration connect, Duration firstByte, Duration stall, long largestBytes) {
    /** 10 s to connect, 60 s to the first byte, 30 s between pieces, 16 GiB. */
    public static final DownloadLimits DEFAULT =
            new DownloadLimits(Duration.ofSeconds(10), Duration.ofSeconds(60), Duration.ofSeconds(30), 16L << 30);

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
