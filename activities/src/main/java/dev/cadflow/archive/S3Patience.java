package dev.cadflow.archive;

import java.time.Duration;

/**
 * How long a store is waited for. While a file goes up, the archive activity's heartbeat goes on; a question is over
 * before the silence could be taken for the worker's death.
 *
 * @param connect bounds one try to connect
 * @param oneTry bounds one try of a question or of a small write, its answer included
 * @param allTries bounds all tries of it, the SDK's pauses included
 * @param slowestBytesPerSecond an upload gets as much more as its bytes take at this speed, and twice that for all tries
 * @param completion bounds the completing of an upload in parts, in which a store may copy the whole file
 * @param pulse how often an upload says how far it is while the store says nothing
 */
public record S3Patience(
        Duration connect,
        Duration oneTry,
        Duration allTries,
        long slowestBytesPerSecond,
        Duration completion,
        Duration pulse) {
    /** What a store gets that is not very slow: 25 s for a question, 64 KiB/s for a file. */
    public static final S3Patience DEFAULT = new S3Patience(
            Duration.ofSeconds(5),
            Duration.ofSeconds(10),
            Duration.ofSeconds(25),
            64 << 10,
            Duration.ofMinutes(10),
            Duration.ofSeconds(10));

    /** Bounds one try to bring so many bytes up. */
    Duration oneTry(long bytes) {
        return oneTry.plusSeconds(bytes / slowestBytesPerSecond);
    }

    /** Bounds all tries to bring so many bytes up. */
    Duration allTries(long bytes) {
        return allTries.plusSeconds(2 * (bytes / slowestBytesPerSecond));
    }
}
