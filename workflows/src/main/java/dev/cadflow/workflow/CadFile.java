package dev.cadflow.workflow;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * A file in the archive, proven to be what it claims.
 *
 * @param uri where it is: {@code file:} or {@code s3:}
 * @param sha256 of its bytes, 64 lower-case hex digits
 * @param sizeBytes its length
 * @param mediaType such as {@code application/step}
 * @param outputFormat what its content was proven to be
 * @param measures what the proof measured; null where it measured nothing
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public record CadFile(
        URI uri,
        String sha256,
        long sizeBytes,
        String mediaType,
        OutputFormat outputFormat,
        @Nullable Measures measures) {}
