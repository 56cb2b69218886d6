package dev.cadflow.archive;

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
     * @return the reason, which now says where the file is kept; unchanged where it could not be kept
     */
    public ArchiveException keep(ArchiveKey key, StagedFile file, Manifest manifest, ArchiveException reason) {
        ArchiveKey aside = key.quarantined(file.sha256());
        Manifest explained = signed.apply(manifest.quarantined(
                aside,
                new Manifest.Quarantine(
                        reason.type().wireName(), reason.failure().message())));
        try {
            PublishedFile kept = archive.publish(aside, file, explained, beat -> {});
            archive.staging().clear(key);
            return reason.keptAt(kept.uri().toString());
        } catch (ArchiveException | java.io.IOException notKept) {
            // What went wrong first is what the caller must know.
            LOG.warn("Could not keep the file of {} in quarantine: {}", key, notKept.getMessage());
            return reason;
        }
    }
}
