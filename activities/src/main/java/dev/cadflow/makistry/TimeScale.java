package dev.cadflow.makistry;

import java.time.Duration;

/** Turns Makistry's durations into those of a Makistry whose time runs otherwise, as a sandbox's may. */
public final class TimeScale {
    private static final double NANOS_IN_A_SECOND = 1e9;

    private TimeScale() {}

    /**
     * How long one of Makistry's durations takes there, to the nanosecond.
     *
     * @param timeScale how long one of Makistry's seconds takes, in seconds
     * @throws IllegalArgumentException where the scale is not above 0
     */
    public static Duration applied(double timeScale, Duration duration) {
        if (!(timeScale > 0)) {
            throw new IllegalArgumentException("time scale: expected above 0, found " + timeScale);
        }
        double seconds = duration.getSeconds() + duration.getNano() / NANOS_IN_A_SECOND;
        return Duration.ofNanos((long) (seconds * NANOS_IN_A_SECOND * timeScale));
    }
}
