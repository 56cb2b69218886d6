package dev.cadflow.archive;

import dev.cadflow.activity.ArchiveHeartbeat;
import dev.cadflow.workflow.FailureType;
import java.io.IOException;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where bytes are kept that were paid for and must not be published: in the same archive under {@code .quarantine/},
 * which no caller's key can name, with a manifest that says why.
 */
public final class Quarantine {
    private static final Logger LOG = LoggerFactory.getLogger(Quarantine.class);

    private final Archive archive;

    private final UnaryOperator<Manifest> signed;

    private Quarantine(Archive archive, UnaryOperator<Manifest> signed) {
        this.archive = archive;
        this.signed = signed;
    }

    /**
     * The quarantine of that archive.
     *
     * @param signed signs a manifest, or leaves it as it is
     */
    public static Quarantine in(Archive archive, UnaryOperator<Manifest> signed) {
        return new Quarantine(archive, signed);
    }

    /**
     * Keeps the file.
     *
     * @param key where it would have gone
     * @param reason why it does not go there
     * @param heartbeat as {@link Archive#publish} has it
     * @return the reason, which now says where the file is kept; unchanged where it can never be kept
     * @throws ArchiveException {@code archive_unavailable} where it cannot be kept now: the reason is final, and would
     *     leave bytes behind that nobody comes back for
     */
    public ArchiveException keep(
            ArchiveKey key,
            StagedFile file,
            Manifest manifest,
            ArchiveException reason,
            Consumer<? super ArchiveHeartbeat> heartbeat) {
        ArchiveKey aside = key.quarantined(file.sha256());
        Manifest explained = signed.apply(manifest.quarantined(
                aside,
                new Manifest.Quarantine(
                        reason.type().wireName(), reason.failure().message())));
        try {
            PublishedFile kept = archive.publish(aside, file, explained, heartbeat);
            clearStaging(key);
            return reason.keptAt(kept.uri().toString());
        } catch (ArchiveException notKept) {
            LOG.warn(
                    "Could not keep the file of {} in quarantine: {}; it goes there because of {}",
                    key,
                    notKept.getMessage(),
                    reason.getMessage());
            return switch (notKept.type()) {
                case ARCHIVE_CONFLICT -> reason.keptAt(keptEarlier(aside, file, notKept, heartbeat));
                case ARCHIVE_UNAVAILABLE -> throw notKept;
                // What went wrong first is what the caller must know.
                default -> reason;
            };
        }
    }

    /** The same bytes, which came of an earlier job; anything else is in the way, and not for good. */
    private String keptEarlier(
            ArchiveKey aside,
            StagedFile file,
            ArchiveException conflict,
            Consumer<? super ArchiveHeartbeat> heartbeat) {
        return find(aside, heartbeat)
                .filter(kept -> kept.manifest().file().sha256().equals(file.sha256()))
                .map(kept -> kept.uri().toString())
                .orElseThrow(() -> ArchiveException.unavailable(
                        "quarantine: " + conflict.getMessage(),
                        "Clear the archive's .quarantine folder of what is in the way; it is tried again by itself.",
                        conflict));
    }

    private Optional<PublishedFile> find(ArchiveKey aside, Consumer<? super ArchiveHeartbeat> heartbeat) {
        try {
            return archive.find(aside, heartbeat);
        } catch (ArchiveException failure) {
            if (failure.type() == FailureType.ARCHIVE_CONFLICT) {
                return Optional.empty();
            }
            throw failure;
        }
    }

    private void clearStaging(ArchiveKey key) {
        try {
            archive.staging().clear(key);
        } catch (IOException left) {
            LOG.warn("Could not clear the staging of {}, which a sweep will: {}", key, left.getMessage());
        }
    }
}
