package dev.cadflow.sandbox;

import java.util.Map;

/**
 * What the sandbox counted since its start or the last reset.
 *
 * @param apiRequests requests to the API, whatever they were answered; neither downloads nor control calls
 * @param byRoute the same by route, and the downloads; a route without a request counts 0
 * @param refusedByQuota requests answered 429 because the quota was spent
 * @param submitsCharged jobs that were taken; a repeated idempotency key is not charged
 * @param submitsRepeated submits answered with an earlier job because of their idempotency key
 * @param creditsReserved for jobs that are not done yet
 * @param creditsConsumed for jobs that succeeded
 * @param downloadsWithAuthorization requests to the storage host that carried an {@code Authorization} header: a leak of
 *     the API key, must stay 0
 * @param downloadsByRange requests to the storage host that were answered with a part of the file
 */
public record SandboxCounts(
        long apiRequests,
        Map<Route, Long> byRoute,
        long refusedByQuota,
        long submitsCharged,
        long submitsRepeated,
        long creditsReserved,
        long creditsConsumed,
        long downloadsWithAuthorization,
        long downloadsByRange) {

    /** Copies the map. */
    public SandboxCounts {
        byRoute = Map.copyOf(byRoute);
    }

    /** How many requests asked for a route. */
    public long of(Route route) {
        return byRoute.getOrDefault(route, 0L);
    }
}
