package dev.cadflow.workflow;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;

/**
 * How many parts of a batch ended how.
 *
 * @param total all parts; 0 until the file that lists them has been read
 * @param succeeded whose files are in the archive
 * @param failed without a file
 * @param cancelled without a file, because someone asked for it
 * @param alreadyStarted left to workflows of an earlier start of the same batch
 * @param skipped never started, because the batch ended before their turn
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public record CadBatchCounts(int total, int succeeded, int failed, int cancelled, int alreadyStarted, int skipped) {
    /** A batch of so many parts of which none has ended. */
    public static CadBatchCounts of(int total) {
        return new CadBatchCounts(total, 0, 0, 0, 0, 0);
    }

    /** How many parts have ended, those that were skipped not counted. */
    public int ended() {
        return succeeded + failed + cancelled + alreadyStarted;
    }

    /** The same with one more part that ended so. */
    public CadBatchCounts with(CadBatchPart.Status status) {
        return switch (status) {
            case SUCCEEDED -> new CadBatchCounts(total, succeeded + 1, failed, cancelled, alreadyStarted, skipped);
            case FAILED -> new CadBatchCounts(total, succeeded, failed + 1, cancelled, alreadyStarted, skipped);
            case CANCELLED -> new CadBatchCounts(total, succeeded, failed, cancelled + 1, alreadyStarted, skipped);
            case ALREADY_STARTED ->
                new CadBatchCounts(total, succeeded, failed, cancelled, alreadyStarted + 1, skipped);
        };
    }

    /** The same at the batch's end: what has not ended will not be made. */
    public CadBatchCounts atTheEnd() {
        return new CadBatchCounts(total, succeeded, failed, cancelled, alreadyStarted, total - ended());
    }
}
