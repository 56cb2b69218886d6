package dev.cadflow.archive;

import dev.cadflow.activity.ArchiveHeartbeat;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Where files are kept for good. A key is written once: after that it holds that file and its manifest, whole, for
 * every reader. Implementations are safe for use by many threads and by many workers at once.
 */
public interface Archive {
    /**
     * What is published under the key. Where a run died while it published, this finishes its work if it can, and clears
     * what it left in the staging.
     *
     * @param heartbeat told of the bytes that have been read, where the whole file is; what it throws ends that
     * @return empty where nothing is, although a manifest may be there of a run that died while it published
     * @throws ArchiveException {@code archive_conflict} where the key holds what cadflow did not put there whole,
     *     {@code archive_unavailable} where the archive cannot be read now
     */
    Optional<PublishedFile> find(ArchiveKey key, Consumer<? super ArchiveHeartbeat> heartbeat);

    /** The same, for whom nobody waits to hear from. */
    default Optional<PublishedFile> find(ArchiveKey key) {
        return find(key, beat -> {});
    }

    /**
     * Publishes the file with its manifest, both or neither. A crash at any instruction leaves the key empty for its
     * readers or holding the whole file with its manifest, and the same call made again finishes the work.
     *
     * @param file whole, proven and flushed to disk; the archive may take it away
     * @param manifest of that file under that key
     * @param heartbeat told of the bytes that have gone to the archive, where that takes long
     * @return what is published under the key now: this file, or what another run of the same job published first
     * @throws ArchiveException {@code archive_conflict} where the key holds another job's file or other content, which
     *     is left as it is; {@code archive_unavailable} where the archive cannot take the file now
     */
    PublishedFile publish(
            ArchiveKey key, StagedFile file, Manifest manifest, Consumer<? super ArchiveHeartbeat> heartbeat);

    /**
     * Notes for which request the file under a key was made. A note touches no file and no manifest; of several for the
     * same request the last one stands.
     *
     * @throws ArchiveException {@code archive_unavailable} where the archive cannot take it now
     */
    void remember(RequestFingerprint fingerprint, ArchiveKey key);

    /**
     * The key that was noted last for such a request. A hint: whether a file is there, {@link #find} says.
     *
     * @throws ArchiveException {@code archive_unavailable} where the archive cannot be read now
     */
    Optional<ArchiveKey> recall(RequestFingerprint fingerprint);

    /** Where bytes gather before they are published. */
    Staging staging();

    /** What cadflow keeps beside the parts. */
    WorkingFiles workingFiles();

    /**
     * Finishes or removes what runs that died long ago left on their way.
     *
     * @param olderThan how long nothing must have happened to it, longer than any activity pauses between two tries; a
     *     file that is removed too early is downloaded again as long as Makistry has it
     * @param now the time to count back from
     * @return how many files and uploads were removed
     * @throws ArchiveException {@code archive_unavailable} where the archive cannot be read or changed now
     */
    int sweep(Duration olderThan, Instant now);
}
