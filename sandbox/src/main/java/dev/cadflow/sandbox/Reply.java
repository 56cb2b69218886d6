package dev.cadflow.sandbox;

import org.jspecify.annotations.Nullable;

/** An answer and what is to go wrong while it is sent. */
record Reply(Answer answer, @Nullable Fault fault) {

    static Reply of(Answer answer) {
        return new Reply(answer, null);
    }
}
