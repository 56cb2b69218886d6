package dev.cadflow.makistry;

/**
 * A secret that Makistry signs webhooks with.
 *
 * @param value the secret; {@link #toString()} has it not
 */
public record SigningSecret(String value) {
    /** Says that there is one, not which. */
    @Override
    public String toString() {
        return "SigningSecret[not shown]";
    }
}
