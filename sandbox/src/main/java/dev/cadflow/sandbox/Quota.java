package dev.cadflow.sandbox;

/**
 * How many requests a key may make, in sliding windows.
 *
 * @param perMinute 1 or more
 * @param perHour 1 or more
 */
public record Quota(int perMinute, int perHour) {

    /** The vendor's: 20 a minute, 100 an hour. */
    public static final Quota MAKISTRY = new Quota(20, 100);

    /**
     * Checks the numbers.
     *
     * @throws IllegalArgumentException naming the number that is below 1
     */
    public Quota {
        if (perMinute < 1 || perHour < 1) {
            throw new IllegalArgumentException(
                    "perMinute and perHour: expected 1 or more, found " + perMinute + " and " + perHour);
        }
    }
}
