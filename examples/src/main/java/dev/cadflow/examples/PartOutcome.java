package dev.cadflow.examples;

import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * What became of a part.
 *
 * @param part its name
 * @param state how far it is
 * @param file the archived file; null where there is none
 * @param reason why there is no file or why it was not approved; null otherwise
 */
public record PartOutcome(
        String part,
        State state,
        @Nullable URI file,
        @Nullable String reason) {
    /** How far a part is. */
    public enum State {
        /** Its file is being made. */
        GENERATING,
        /** Its file waits for a person. */
        IN_REVIEW,
        /** A person approved it. */
        APPROVED,
        /** A person did not approve it. */
        REJECTED,
        /** There is no file. */
        FAILED
    }
}
