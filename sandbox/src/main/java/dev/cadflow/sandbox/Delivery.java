package dev.cadflow.sandbox;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One try to deliver a webhook.
 *
 * @param attempt counted from 1
 * @param at when it was sent
 * @param answer the receiver's HTTP status; null where no answer came
 * @param problem why no answer came; null where one did
 */
public record Delivery(
        int attempt,
        Instant at,
        @Nullable Integer answer,
        @Nullable String problem) {

    /** Whether the receiver acknowledged with a 2xx. */
    public boolean isAcknowledged() {
        return answer != null && answer / 100 == 2;
    }
}
