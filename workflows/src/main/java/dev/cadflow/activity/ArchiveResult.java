package dev.cadflow.activity;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import dev.cadflow.workflow.CadFile;
import java.net.URI;

/**
 * The archived file.
 *
 * @param file proven and published
 * @param manifestUri its manifest
 * @param makistryRequests API requests that were needed, such as for a fresh download URL; normally 0
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public record ArchiveResult(CadFile file, URI manifestUri, int makistryRequests) {}
