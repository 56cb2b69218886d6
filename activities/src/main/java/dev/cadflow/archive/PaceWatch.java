package dev.cadflow.archive;

import java.time.Duration;

/** Watches one body come: a drip now and then keeps every read within its time-out, and would take for ever. */
final class PaceWatch {
    private final DownloadLimits.Pace slowest;
    private Duration waited = Duration.ZERO;
    private long come;

    PaceWatch(DownloadLimits.Pace slowest) {
        this.slowest = slowest;
    }

    /**
     * Notes a piece.
     *
     * @param bytes of it
     * @param wait how long it was waited for
     * @return whether a time has passed in which too little came
     */
    boolean isTooSlow(int bytes, Duration wait) {
        come += bytes;
        waited = waited.plus(wait);
        if (waited.compareTo(slowest.within()) < 0) {
            return false;
        }
        boolean tooSlow = come < slowest.bytes();
        waited = Duration.ZERO;
        come = 0;
        return tooSlow;
    }
}
