package dev.cadflow.activity.impl;

/** An image that breaks a rule; trying again would not change that. */
final class ImageRefused extends Exception {
    private static final long serialVersionUID = 1L;

    private final String rule;

    /**
     * A broken rule.
     *
     * @param rule what was expected, and where it helps in what way it was not so
     */
    ImageRefused(String rule) {
        super(rule);
        this.rule = rule;
    }

    String rule() {
        return rule;
    }
}
