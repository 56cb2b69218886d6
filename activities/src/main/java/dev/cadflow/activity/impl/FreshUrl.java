package dev.cadflow.activity.impl;

import java.net.URI;

/** Asks Makistry for a job's download URL, which it signs anew each time. */
@FunctionalInterface
public interface FreshUrl {
    /**
     * The URL; costs one request.
     *
     * @param jobId a job that succeeded
     * @throws RuntimeException where Makistry gives none, such as for a file that has expired
     */
    URI of(String jobId);
}
