package dev.cadflow.activity.impl;

import java.net.URI;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Opens the sealed download URL of a job. */
@FunctionalInterface
public interface SealedUrl {
    /**
     * The URL.
     *
     * @param jobId the job that it was sealed for
     * @param sealed as it travelled; null where there was none
     * @return empty where it cannot be opened here: a fresh one is needed
     */
    Optional<URI> open(String jobId, @Nullable String sealed);
}
