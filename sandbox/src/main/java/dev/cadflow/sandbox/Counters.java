package dev.cadflow.sandbox;

import java.util.EnumMap;
import java.util.Map;

/** Counts under one lock, so that a snapshot is of one moment. */
final class Counters {

    private final long creditsAtStart;
    private final Map<Route, Long> byRoute = new EnumMap<>(Route.class);
    private long refusedByQuota;
    private long submitsCharged;
    private long submitsRepeated;
    private long creditsReserved;
    private long creditsConsumed;
    private long downloadsWithAuthorization;
    private long downloadsByRange;

    Counters(long creditsAtStart) {
        this.creditsAtStart = creditsAtStart;
        reset();
    }

    synchronized void reset() {
        for (Route route : Route.values()) {
            byRoute.put(route, 0L);
        }
        refusedByQuota = 0;
        submitsCharged = 0;
        submitsRepeated = 0;
        creditsReserved = 0;
        creditsConsumed = 0;
        downloadsWithAuthorization = 0;
        downloadsByRange = 0;
    }

    synchronized void request(Route route) {
        byRoute.merge(route, 1L, Long::sum);
    }

    synchronized void refusedByQuota() {
        refusedByQuota++;
    }

    synchronized void repeated() {
        submitsRepeated++;
    }

    synchronized void downloadWithAuthorization() {
        downloadsWithAuthorization++;
    }

    synchronized void downloadByRange() {
        downloadsByRange++;
    }

    /** Reserves the credits of a job, or says that there are not enough. */
    synchronized boolean reserve(int credits) {
        if (creditsReserved + creditsConsumed + credits > creditsAtStart) {
            return false;
        }
        creditsReserved += credits;
        submitsCharged++;
        return true;
    }

    synchronized void consume(int credits) {
        creditsReserved -= credits;
        creditsConsumed += credits;
    }

    synchronized void giveBack(int credits) {
        creditsReserved -= credits;
    }

    synchronized SandboxCounts snapshot() {
        long apiRequests =
                byRoute.values().stream().mapToLong(Long::longValue).sum() - byRoute.getOrDefault(Route.DOWNLOAD, 0L);
        return new SandboxCounts(
                apiRequests,
                byRoute,
                refusedByQuota,
                submitsCharged,
                submitsRepeated,
                creditsReserved,
                creditsConsumed,
                downloadsWithAuthorization,
                downloadsByRange);
    }
}
