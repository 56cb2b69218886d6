package dev.cadflow.archive;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.UUID;

/** Working files in the folder of a {@link FileArchive}. */
final class FileWorkingFiles implements WorkingFiles {
    private final Path root;

    /**
     * Files below that folder.
     *
     * @param root the archive's; made when the first file comes
     */
    FileWorkingFiles(Path root) {
        this.root = root.toAbsolutePath().normalize();
    }

    @Override
    public URI write(String name, InputStream content) {
        Path target = resolve(name);
        Path folder = target.getParent();
        try {
            Disk.createFolders(folder == null ? root : folder);
            // A name of its own for every try: a try that was given up may still be writing.
            Path fresh = target.resolveSibling(target.getFileName() + "." + UUID.randomUUID() + ".new");
            try {
                try (FileOutputStream out = Disk.createFile(fresh)) {
                    content.transferTo(out);
                    out.getFD().sync();
                }
                Files.move(fresh, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            } finally {
                Files.deleteIfExists(fresh);
            }
            Disk.flushFolder(folder == null ? root : folder);
            return target.toUri();
        } catch (IOException failure) {
            throw DiskFailures.of(failure, new ArchiveKey(name));
        }
    }

    @Override
    public InputStream open(String name) throws IOException {
        return Files.newInputStream(resolve(name));
    }

    private Path resolve(String name) {
        Path path = root.resolve(name).normalize();
        if (!name.startsWith(".") || !path.startsWith(root) || path.equals(root)) {
            throw new IllegalArgumentException(
                    "name: expected one that begins with a dot and stays in the archive, found \"" + name + "\"");
        }
        return path;
    }

    /** Names the folder. */
    @Override
    public String toString() {
        return "FileWorkingFiles[" + root + "]";
    }
}
