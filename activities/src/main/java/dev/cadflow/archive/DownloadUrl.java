package dev.cadflow.archive;

import java.net.URI;

/** The signed URL of one job's file, as long as the storage host honours it. */
public interface DownloadUrl {
    /** The newest URL that is known. */
    URI current();

    /**
     * Another one, because the host refuses the current. Costs one request to Makistry.
     *
     * @throws RuntimeException where Makistry gives none
     */
    URI fresh();
}
