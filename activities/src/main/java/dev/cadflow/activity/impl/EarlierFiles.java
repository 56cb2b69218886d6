package dev.cadflow.activity.impl;

import dev.cadflow.activity.FindArchivedResult;
import dev.cadflow.archive.Archive;
import dev.cadflow.archive.ArchiveException;
import dev.cadflow.archive.ArchiveKey;
import dev.cadflow.archive.Manifest;
import dev.cadflow.archive.PublishedFile;
import dev.cadflow.archive.RequestFingerprint;
import dev.cadflow.workflow.CadRequest;
import dev.cadflow.workflow.FailureType;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds the files of earlier requests. What the archive noted is a hint alone: a file serves only where it is what its
 * manifest says, and its manifest says that it was made for just that request.
 */
public final class EarlierFiles {
    private static final Logger LOG = LoggerFactory.getLogger(EarlierFiles.class);

    private final Archive archive;

    /** The files of that archive. */
    public EarlierFiles(Archive archive) {
        this.archive = archive;
    }

    /**
     * The file of an earlier request with that fingerprint.
     *
     * @throws ArchiveException {@code archive_unavailable} where the archive cannot be read now
     */
    FindArchivedResult find(CadRequest request, RequestFingerprint fingerprint) {
        try {
            return archive.recall(fingerprint)
                    .flatMap(archive::find)
                    .filter(file -> wasMadeFor(file, request, fingerprint))
                    .map(EarlierFiles::result)
                    .orElse(FindArchivedResult.NOTHING);
        } catch (ArchiveException failure) {
            if (failure.type() == FailureType.ARCHIVE_UNAVAILABLE) {
                throw failure;
            }
            LOG.warn("A file that an identical request made cannot serve again: {}", failure.getMessage());
            return FindArchivedResult.NOTHING;
        }
    }

    /** Notes that the file under the key was made for that request; where that fails, the next one is made anew. */
    static void remember(Archive archive, String fingerprint, ArchiveKey key) {
        try {
            archive.remember(new RequestFingerprint(fingerprint), key);
        } catch (ArchiveException | IllegalArgumentException notNoted) {
            LOG.warn("Requests with reuse will not find {}: {}", key, notNoted.getMessage());
        }
    }

    private static boolean wasMadeFor(PublishedFile file, CadRequest request, RequestFingerprint fingerprint) {
        Optional<String> difference = Optional.ofNullable(request.expect()).flatMap(file::difference);
        difference.ifPresent(found -> LOG.info("The file of an identical request is no answer here: {}", found));
        return file.manifest().wasMadeFor(fingerprint)
                && file.manifest().file().outputFormat() == request.outputFormatOrDefault()
                && difference.isEmpty();
    }

    private static FindArchivedResult result(PublishedFile file) {
        Manifest.MakistryJob job = file.manifest().job();
        return new FindArchivedResult(new FindArchivedResult.Earlier(
                job.jobId(),
                file.toResult(0).file(),
                file.manifestUri(),
                job.brainstorm(),
                job.tokensUsed(),
                job.latencyMs()));
    }
}
