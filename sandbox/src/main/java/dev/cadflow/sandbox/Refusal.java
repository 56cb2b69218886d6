package dev.cadflow.sandbox;

import org.jspecify.annotations.Nullable;

/** A request that is answered with an error. */
final class Refusal extends Exception {

    private static final long serialVersionUID = 1L;

    private final int status;
    private final @Nullable String errorCode;

    Refusal(int status, @Nullable String errorCode, String message) {
        super(message, null, false, false);
        this.status = status;
        this.errorCode = errorCode;
    }

    static Refusal invalidInput(String message) {
        return new Refusal(422, "invalid_input", message);
    }

    static Refusal notFound(String message) {
        return new Refusal(404, null, message);
    }

    static Refusal methodNotAllowed(String method, String allowed) {
        return new Refusal(405, null, "method: expected " + allowed + ", found " + method);
    }

    Answer answer() {
        String message = getMessage();
        return Answer.error(status, errorCode, message == null ? "" : message);
    }
}
