package dev.cadflow.activity;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import dev.cadflow.workflow.CadFile;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * What the archive has for a request.
 *
 * @param earlier the file of an identical earlier request; null where there is none that can serve
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public record FindArchivedResult(@Nullable Earlier earlier) {
    /** The archive has nothing that can serve. */
    public static final FindArchivedResult NOTHING = new FindArchivedResult(null);

    /**
     * A file that an identical request has brought into the archive, as its manifest tells of it.
     *
     * @param jobId the job that made it
     * @param file found to be what its manifest says
     * @param manifestUri its manifest
     * @param brainstorm Makistry's design analysis as it came; null where there was none
     * @param tokensUsed billable tokens of that job; null where Makistry did not say
     * @param latencyMs wall-clock time of that job in milliseconds; null where Makistry did not say
     */
    @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
    @JsonInclude(JsonInclude.Include.NON_NULL)
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record Earlier(
            String jobId,
            CadFile file,
            URI manifestUri,
            @Nullable JsonNode brainstorm,
            @Nullable Long tokensUsed,
            @Nullable Long latencyMs) {}
}
