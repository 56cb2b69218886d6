package dev.cadflow.archive;

import dev.cadflow.activity.ArchiveResult;
import dev.cadflow.workflow.CadFile;
import java.net.URI;

/**
 * A file that is in the archive, whole and with its manifest.
 *
 * @param uri where it is
 * @param manifestUri where its manifest is
 * @param manifest what the manifest says
 */
public record PublishedFile(URI uri, URI manifestUri, Manifest manifest) {
    /** The answer of the archive activity. */
    public ArchiveResult toResult(int makistryRequests) {
        Manifest.Content content = manifest.file();
        return new ArchiveResult(
                new CadFile(
                        uri,
                        content.sha256(),
                        content.sizeBytes(),
                        content.mediaType(),
                        content.outputFormat(),
                        content.measures()),
                manifestUri,
                makistryRequests);
    }
}
