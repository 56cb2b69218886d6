package dev.cadflow.activity.impl;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What earlier tries of an activity leave to the next one.
 *
 * @param makistryRequests how many requests they cost
 * @param unknownSince when the outcome of a submit first stayed unknown; null where that never happened
 * @param attempt which try left this; 0 where none did
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
record EarlierTries(int makistryRequests, @Nullable Instant unknownSince, int attempt) {
    static final EarlierTries NONE = new EarlierTries(0, null, 0);
}
