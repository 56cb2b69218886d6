package dev.cadflow.workflow;

import com.fasterxml.jackson.annotation.JsonProperty;

/** How the workflow learned that its file can be had. */
public enum DeliveredBy {
    /** Makistry's signed webhook, passed on as the {@code jobFinished} signal. */
    @JsonProperty("webhook")
    WEBHOOK,
    /** A request of our own for the job. */
    @JsonProperty("poll")
    POLL,
    /** The archive, which had the file of an identical earlier request. */
    @JsonProperty("archive")
    ARCHIVE
}
