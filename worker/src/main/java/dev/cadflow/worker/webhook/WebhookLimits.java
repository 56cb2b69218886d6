package dev.cadflow.worker.webhook;

import java.time.Duration;

/**
 * What strangers can make the receiver spend. Bodies in memory are bounded by connections times the largest body.
 *
 * @param maxBodyBytes a longer body is answered 413
 * @param bodyTimeout bounds the whole of receiving a body, however steadily it trickles
 * @param idleTimeout bounds how long a connection may be silent
 * @param maxConnections open at once; more wait to be accepted
 * @param maxSignals under way to Temporal at once; more are answered 503, so that Makistry tries again
 */
public record WebhookLimits(
        int maxBodyBytes, Duration bodyTimeout, Duration idleTimeout, int maxConnections, int maxSignals) {

    /** 512 KiB, 10 s, 15 s, 128 connections, 64 signals: a job is a few KiB, and Makistry sends few at once. */
    public static final WebhookLimits DEFAULTS =
            new WebhookLimits(512 * 1024, Duration.ofSeconds(10), Duration.ofSeconds(15), 128, 64);

    /**
     * Checks that each limit lets something through.
     *
     * @throws IllegalArgumentException where one is not positive
     */
    public WebhookLimits {
        if (maxBodyBytes < 1
                || maxConnections < 1
                || maxSignals < 1
                || bodyTimeout.toMillis() < 1
                || idleTimeout.toMillis() < 1) {
            throw new IllegalArgumentException("limits: expected all to be positive, found " + maxBodyBytes + " bytes, "
                    + bodyTimeout + ", " + idleTimeout + ", " + maxConnections + " connections, " + maxSignals
                    + " signals");
        }
    }
}
