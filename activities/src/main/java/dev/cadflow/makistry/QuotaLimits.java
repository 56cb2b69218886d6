package dev.cadflow.makistry;

import java.time.Duration;

/**
 * How many requests one worker may make with an API key, in two sliding windows. A fleet that shares a key gives each
 * worker a part of it.
 *
 * @param perMinute requests in the short window
 * @param perHour requests in the long window
 * @param minute length of the short window; also the first back-off after a 429
 * @param hour length of the long window
 */
public record QuotaLimits(int perMinute, int perHour, Duration minute, Duration hour) {
    /** What Makistry documents for a key: 20 requests a minute and 100 an hour. */
    public static final QuotaLimits DEFAULT = of(20, 100);

    /**
     * Checks the limits.
     *
     * @throws IllegalArgumentException where a limit or a window is not positive, or the long window is the shorter one
     */
    public QuotaLimits {
        if (perMinute < 1 || perHour < 1) {
            throw new IllegalArgumentException("quota: expected at least 1 request per minute and per hour, found "
                    + perMinute + " and " + perHour);
        }
        if (minute.isNegative() || minute.isZero() || minute.compareTo(hour) > 0) {
            throw new IllegalArgumentException(
                    "quota windows: expected positive ones, the second not the shorter, found " + minute + " and "
                            + hour);
        }
    }

    /** That many requests in a minute and in an hour of 60 min. */
    public static QuotaLimits of(int perMinute, int perHour) {
        return new QuotaLimits(perMinute, perHour, Duration.ofMinutes(1), Duration.ofHours(1));
    }

    /**
     * The same for a Makistry whose time runs otherwise, as a sandbox's may.
     *
     * @param timeScale how long one of Makistry's seconds takes, in seconds
     */
    public QuotaLimits atTimeScale(double timeScale) {
        return new QuotaLimits(
                perMinute, perHour, TimeScale.applied(timeScale, minute), TimeScale.applied(timeScale, hour));
    }

    /** The share of the short window that submits leave to looks at jobs: a tenth, at least one. */
    int looksPerMinute() {
        return Math.max(1, perMinute / 10);
    }

    /** The share of the long window that submits leave to looks at jobs: a fifth, at least one. */
    int looksPerHour() {
        return Math.max(1, perHour / 5);
    }
}
