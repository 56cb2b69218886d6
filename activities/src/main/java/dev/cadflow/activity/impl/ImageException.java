package dev.cadflow.activity.impl;

import dev.cadflow.workflow.CadFailure;

/** Images that cannot be used, or not now; says which and why. */
public final class ImageException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient CadFailure failure;

    ImageException(CadFailure failure) {
        super(failure.message());
        this.failure = failure;
    }

    /** What happened, as a workflow records it. */
    public CadFailure failure() {
        return failure;
    }
}
