package dev.cadflow.archive;

import dev.cadflow.activity.ArchiveHeartbeat;
import dev.cadflow.workflow.FailureType;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An archive in a folder of a file system with hard links.
 *
 * <p><b>What a reader sees.</b> A file is published when its name is there; it never changes after that. Its manifest is
 * always there before it. A manifest without its file says nothing but that a run died in between: the key is spoken
 * for, and {@link #find} answers that nothing is published.
 *
 * <p><b>How that holds at every instruction.</b> The steps of {@link #publish}, and what a crash behind each leaves:
 *
 * <ol>
 *   <li>The file lies in the {@linkplain Staging staging}, flushed, and gets a further name there, made of key and
 *       SHA-256. Left: nothing that is visible, and the file for the next run.
 *   <li>The manifest is written and flushed in the staging. Left: the same.
 *   <li>The manifest gets its name beside the target by a hard link, which fails where the name is taken, so that of
 *       any number of runs one succeeds; the folder is flushed. Left: a manifest alone. Its file still lies in the
 *       staging under a name that the manifest tells, so any later run for this key, and {@link #sweep}, can finish.
 *   <li>The file gets its name by a hard link. From this instruction on it is published. Left: names in the staging.
 *   <li>The folder is flushed, so that a power cut cannot take the name back, and the staging is cleared.
 * </ol>
 *
 * <p>Whoever finds a manifest without its file, {@link #find} too, links the file that this manifest names, and no other. So a run that was
 * thought dead can wake at any step and still do nothing but what has been agreed.
 *
 * <p>Files have mode 0640, new folders 0750. The folder of the archive and all below it must be one file system.
 */
public final class FileArchive implements Archive {
    private static final Logger LOG = LoggerFactory.getLogger(FileArchive.class);
    static final String STAGING = ".incoming";

    private final Path root;
    private final Staging staging;

    /**
     * An archive in that folder, which is made when the first file is published.
     *
     * @param root the folder
     */
    public FileArchive(Path root) {
        this.root = root.toAbsolutePath().normalize();
        this.staging = new Staging(this.root.resolve(STAGING));
    }

    @Override
    public Staging staging() {
        return staging;
    }

    @Override
    public WorkingFiles workingFiles() {
        return new FileWorkingFiles(root);
    }

    @Override
    public Optional<PublishedFile> find(ArchiveKey key, Consumer<? super ArchiveHeartbeat> heartbeat) {
        try {
            // The file first: whoever publishes it has put its manifest there before.
            boolean fileIsThere = Files.exists(target(key));
            Optional<Manifest> manifest = readManifest(key);
            if (manifest.isEmpty() && fileIsThere) {
                throw conflict(key, "a file without a manifest");
            }
            if (manifest.isPresent() && !fileIsThere) {
                fileIsThere = finishWhereWhole(key, manifest.get(), heartbeat);
            }
            if (manifest.isEmpty() || !fileIsThere) {
                return Optional.empty();
            }
            String found = sha256(target(key), heartbeat);
            if (!found.equals(manifest.get().file().sha256())) {
                throw conflict(key, "a file of SHA-256 " + found + ", which its manifest does not name");
            }
            staging.clear(key);
            return Optional.of(published(key, manifest.get()));
        } catch (IOException failure) {
            throw DiskFailures.of(failure, key);
        }
    }

    @Override
    public PublishedFile publish(
            ArchiveKey key, StagedFile file, Manifest manifest, Consumer<? super ArchiveHeartbeat> heartbeat) {
        heartbeat.accept(ArchiveHeartbeat.of(ArchiveHeartbeat.Stage.PUBLISHING, 0, file.sizeBytes()));
        try {
            PublishedFile published = publishOrThrow(key, file, manifest, heartbeat);
            staging.clear(key);
            return published;
        } catch (NoSuchFileException gone) {
            // Another run of the same job has published and cleared the staging.
            return find(key, heartbeat)
                    .filter(other -> isOfJob(other, manifest))
                    .orElseThrow(() -> DiskFailures.of(gone, key));
        } catch (IOException failure) {
            throw DiskFailures.of(failure, key);
        }
    }

    @Override
    public void remember(RequestFingerprint fingerprint, ArchiveKey key) {
        Path note = root.resolve(RememberedRequests.path(fingerprint));
        try {
            Disk.createFolders(folderOf(note));
            // A name of its own, so that two that write at once cannot mix their bytes.
            Disk.writeWhole(staging.freshNote(key), note, RememberedRequests.write(key));
        } catch (IOException failure) {
            throw DiskFailures.of(failure, key);
        }
    }

    @Override
    public Optional<ArchiveKey> recall(RequestFingerprint fingerprint) {
        Path note = root.resolve(RememberedRequests.path(fingerprint));
        try (InputStream in = Files.newInputStream(note)) {
            return RememberedRequests.read(in.readNBytes(RememberedRequests.LONGEST_NOTE + 1));
        } catch (NoSuchFileException none) {
            return Optional.empty();
        } catch (IOException failure) {
            throw DiskFailures.of(failure, new ArchiveKey(RememberedRequests.path(fingerprint)));
        }
    }

    /** Finishes what died between the two names, and deletes the rest from the staging. */
    @Override
    public int sweep(Duration olderThan, Instant now) {
        int removed = 0;
        ArchiveKey current = new ArchiveKey(STAGING);
        try {
            for (Path file : staging.olderThan(now.minus(olderThan))) {
                if (file.toString().endsWith(Staging.MANIFEST)) {
                    finishWhereSpokenFor(file);
                }
            }
            for (Path file : staging.olderThan(now.minus(olderThan))) {
                removed += Files.deleteIfExists(file) ? 1 : 0;
            }
            return removed;
        } catch (IOException failure) {
            throw DiskFailures.of(failure, current);
        }
    }

    private PublishedFile publishOrThrow(
            ArchiveKey key, StagedFile file, Manifest manifest, Consumer<? super ArchiveHeartbeat> heartbeat)
            throws IOException {
        Path target = target(key);
        Disk.createFolders(folderOf(target));
        Path whole = staging.whole(key, file.sha256());
        link(file.path(), whole);
        Path staged = staging.freshManifest(key, file.sha256());
        Disk.writeWhole(staged, manifest.toJson());
        staging.flush();

        boolean fileIsThere = Files.exists(target);
        Optional<Manifest> known = readManifest(key);
        if (known.isEmpty() && fileIsThere && !sha256(target, heartbeat).equals(file.sha256())) {
            throw conflict(key, "a file without a manifest and with other content");
        }
        if (known.isEmpty() && link(staged, manifestTarget(key))) {
            known = Optional.of(manifest);
        } else if (known.isEmpty()) {
            known = readManifest(key);
        }
        Manifest agreed = known.orElseThrow(() -> new NoSuchFileException(key.manifest()));
        if (!agreed.job().jobId().equals(manifest.job().jobId())) {
            throw conflict(key, "the file of job " + agreed.job().jobId());
        }
        Disk.flushFolder(folderOf(target));
        linkAgreed(key, agreed, heartbeat);
        return published(key, agreed);
    }

    private boolean finishWhereWhole(ArchiveKey key, Manifest agreed, Consumer<? super ArchiveHeartbeat> heartbeat)
            throws IOException {
        if (!Files.exists(staging.whole(key, agreed.file().sha256()))) {
            return false;
        }
        linkAgreed(key, agreed, heartbeat);
        return true;
    }

    /** Gives the file that the manifest names its own name, unless it has it. */
    private void linkAgreed(ArchiveKey key, Manifest agreed, Consumer<? super ArchiveHeartbeat> heartbeat)
            throws IOException {
        Path target = target(key);
        Path whole = staging.whole(key, agreed.file().sha256());
        if (!Files.exists(whole) && !Files.exists(target)) {
            throw conflict(
                    key,
                    "a manifest of other content whose file is nowhere; remove " + manifestTarget(key)
                            + " if nobody needs it");
        }
        boolean isOurs = Files.exists(whole) && link(whole, target);
        if (!isOurs && !sha256(target, heartbeat).equals(agreed.file().sha256())) {
            throw conflict(key, "a file that is not cadflow's");
        }
        Disk.flushFolder(folderOf(target));
    }

    /** Publishes what died between the two names. Where that cannot be, the key's next run says why. */
    private void finishWhereSpokenFor(Path stagedManifest) throws IOException {
        Manifest staged;
        try {
            staged = Manifest.parse(Files.readAllBytes(stagedManifest));
        } catch (IOException notWritten) {
            return;
        }
        ArchiveKey key = new ArchiveKey(staged.archiveKey());
        try {
            Optional<Manifest> agreed = readManifest(key);
            if (agreed.isPresent() && agreed.get().sameFile(staged)) {
                linkAgreed(key, agreed.get(), beat -> {});
            }
        } catch (ArchiveException takenByOthers) {
            LOG.warn("Swept what was left of archive key {}: {}", key, takenByOthers.getMessage());
        }
    }

    /** A large file is read for longer than a try may be silent. */
    private static String sha256(Path file, Consumer<? super ArchiveHeartbeat> heartbeat) throws IOException {
        long size = Files.size(file);
        return Disk.sha256(
                file, bytes -> heartbeat.accept(ArchiveHeartbeat.of(ArchiveHeartbeat.Stage.PROVING, bytes, size)));
    }

    /** Whether the name was free and is now a further name of the file. */
    private static boolean link(Path file, Path name) throws IOException {
        try {
            Files.createLink(name, file);
            return true;
        } catch (FileAlreadyExistsException taken) {
            return false;
        }
    }

    private Optional<Manifest> readManifest(ArchiveKey key) throws IOException {
        byte[] json;
        try {
            json = Files.readAllBytes(manifestTarget(key));
        } catch (NoSuchFileException none) {
            return Optional.empty();
        }
        try {
            return Optional.of(Manifest.parse(json));
        } catch (IOException unreadable) {
            throw conflict(key, "a manifest that cannot be read");
        }
    }

    private static boolean isOfJob(PublishedFile file, Manifest manifest) {
        return file.manifest().job().jobId().equals(manifest.job().jobId());
    }

    private PublishedFile published(ArchiveKey key, Manifest manifest) {
        return new PublishedFile(target(key).toUri(), manifestTarget(key).toUri(), manifest);
    }

    private Path target(ArchiveKey key) {
        return root.resolve(key.value());
    }

    private Path manifestTarget(ArchiveKey key) {
        return root.resolve(key.manifest());
    }

    private Path folderOf(Path target) {
        Path folder = target.getParent();
        return folder == null ? root : folder;
    }

    static ArchiveException conflict(ArchiveKey key, String found) {
        return ArchiveException.of(
                FailureType.ARCHIVE_CONFLICT,
                "archive_key: expected " + key + " to be free, found " + found,
                "Start again with the job's job_id, so that it is not paid twice, and another archive_key.");
    }

    /** Names the folder. */
    @Override
    public String toString() {
        return "FileArchive[" + root + "]";
    }
}
