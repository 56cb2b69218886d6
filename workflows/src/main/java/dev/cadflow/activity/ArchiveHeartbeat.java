package dev.cadflow.activity;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import org.jspecify.annotations.Nullable;

/**
 * How far the archive activity is, as its heartbeats say it to whoever describes the workflow.
 *
 * @param stage what is done now
 * @param bytesDone how much of it
 * @param bytesTotal out of how much; null where the storage host did not say
 * @param makistryRequests API requests that were needed so far, all tries together
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public record ArchiveHeartbeat(
        Stage stage, long bytesDone, @Nullable Long bytesTotal, int makistryRequests) {
    /** Progress that has cost no request. */
    public static ArchiveHeartbeat of(Stage stage, long bytesDone, @Nullable Long bytesTotal) {
        return new ArchiveHeartbeat(stage, bytesDone, bytesTotal, 0);
    }

    /** The same progress, having cost so many requests. */
    public ArchiveHeartbeat withMakistryRequests(int requests) {
        return new ArchiveHeartbeat(stage, bytesDone, bytesTotal, requests);
    }

    /** What the activity does with the bytes. */
    public enum Stage {
        /** They come from the storage host. */
        @JsonProperty("downloading")
        DOWNLOADING,
        /** The file is read to prove that it is what it claims. */
        @JsonProperty("proving")
        PROVING,
        /** They go to the archive. */
        @JsonProperty("publishing")
        PUBLISHING
    }
}
