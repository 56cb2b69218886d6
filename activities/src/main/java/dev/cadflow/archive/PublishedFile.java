package dev.cadflow.archive;

import dev.cadflow.activity.ArchiveResult;
import dev.cadflow.workflow.CadFile;
import dev.cadflow.workflow.Expectation;
import dev.cadflow.workflow.Measures;
import java.net.URI;
import java.util.Optional;

/**
 * A file that is in the archive, whole and with its manifest.
 *
 * @param uri where it is
 * @param manifestUri where its manifest is
 * @param manifest what the manifest says
 */
public record PublishedFile(URI uri, URI manifestUri, Manifest manifest) {
    /** What about it is not as expected, naming both sides; empty where nothing is. */
    public Optional<String> difference(Expectation expect) {
        Manifest.Content content = manifest.file();
        Measures measures = content.measures() == null ? Measures.NONE : content.measures();
        return Optional.ofNullable(ExpectationGate.difference(expect, content.sizeBytes(), measures));
    }

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
