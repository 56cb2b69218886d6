package dev.cadflow.archive;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * The folder where bytes gather before they are published. Nothing in it means anything to a reader of the archive.
 *
 * <p>Every file here has exactly one writer, ever: a run gives its files names of its own, and takes what a dead run
 * left by copying it. So no lock is needed, a run that was thought dead and is not cannot spoil its successor's bytes,
 * and the folder may lie on a shared file system. All names of one archive key begin with the same 32 hex digits.
 *
 * <p>It is a folder of its own, and not a name beside the target, so that who lists a folder of parts never meets half
 * a file, and so that what dead runs left is found without walking the whole archive.
 */
public final class Staging {
    static final String PART = ".part";
    static final String STATE = ".state.json";
    static final String WHOLE = ".whole";
    static final String MANIFEST = ".manifest";
    static final String NOTE = ".note";

    private final Path folder;

    /**
     * A staging in that folder, which is made when it is first needed.
     *
     * @param folder for a file archive on the same file system as the archive itself
     */
    public Staging(Path folder) {
        this.folder = folder;
    }

    /** A name for a file of a new run. */
    Path freshPart(ArchiveKey key) throws IOException {
        Disk.createFolders(folder);
        return folder.resolve(prefix(key) + UUID.randomUUID() + PART);
    }

    /** The name of a file that came whole, by its content. */
    Path whole(ArchiveKey key, String sha256) {
        return folder.resolve(prefix(key) + sha256 + WHOLE);
    }

    /** A name for a manifest of a new run. */
    Path freshManifest(ArchiveKey key, String sha256) {
        return folder.resolve(prefix(key) + sha256 + "." + UUID.randomUUID() + MANIFEST);
    }

    /** A name for a note of a new run. */
    Path freshNote(ArchiveKey key) throws IOException {
        Disk.createFolders(folder);
        return folder.resolve(prefix(key) + UUID.randomUUID() + NOTE);
    }

    /** Where the state of a part is written. */
    static Path state(Path part) {
        String name = part.getFileName().toString();
        return part.resolveSibling(name.substring(0, name.length() - PART.length()) + STATE);
    }

    /** The part that a state speaks of. */
    static Path part(Path state) {
        String name = state.getFileName().toString();
        return state.resolveSibling(name.substring(0, name.length() - STATE.length()) + PART);
    }

    /** All files that this and earlier runs made for that key and with that ending. */
    List<Path> leftovers(ArchiveKey key, String ending) throws IOException {
        return list(prefix(key) + "*" + ending);
    }

    /**
     * Deletes everything of that key: it has been published, or it is of no use. A run that still works on the key finds
     * its file gone and looks what was published.
     */
    void clear(ArchiveKey key) throws IOException {
        for (Path file : list(prefix(key) + "*")) {
            Files.deleteIfExists(file);
        }
    }

    /** Everything that was last written to before that time. */
    List<Path> olderThan(Instant time) throws IOException {
        List<Path> old = new ArrayList<>();
        for (Path file : list("*")) {
            try {
                if (Files.getLastModifiedTime(file).toInstant().isBefore(time)) {
                    old.add(file);
                }
            } catch (NoSuchFileException taken) {
                continue;
            }
        }
        return old;
    }

    void flush() throws IOException {
        Disk.flushFolder(folder);
    }

    private List<Path> list(String glob) throws IOException {
        List<Path> files = new ArrayList<>();
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(folder, glob)) {
            stream.forEach(files::add);
        } catch (NoSuchFileException none) {
            return List.of();
        } catch (UncheckedIOException | java.nio.file.DirectoryIteratorException broken) {
            throw broken.getCause() instanceof IOException cause ? cause : new IOException(broken);
        }
        return files;
    }

    private static String prefix(ArchiveKey key) {
        byte[] hash = Disk.sha256().digest(key.value().getBytes(java.nio.charset.StandardCharsets.UTF_8));
        return Disk.hex(hash).substring(0, 32) + ".";
    }

    /** Names the folder. */
    @Override
    public String toString() {
        return "Staging[" + folder + "]";
    }
}
