package dev.cadflow.worker;

import java.util.Objects;

/** A text that must not be shown. Only {@link #reveal()} gives it away, so that no log line does by accident. */
public final class Secret {
    private final String value;

    private Secret(String value) {
        this.value = value;
    }

    /**
     * Hides a text.
     *
     * @throws IllegalArgumentException where it is blank or has control characters, as a half-copied secret does; the
     *     message does not show it
     */
    public static Secret of(String value) {
        if (value.isBlank() || value.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException(
                    "expected a text without line breaks or other control characters, found one of " + value.length()
                            + " characters that is blank or has some");
        }
        return new Secret(value);
    }

    /** The text itself, for the one place that needs it. */
    public String reveal() {
        return value;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Secret secret && value.equals(secret.value);
    }

    @Override
    public int hashCode() {
        return Objects.hash(value);
    }

    /** Says only that there is one. */
    @Override
    public String toString() {
        return "<secret>";
    }
}
