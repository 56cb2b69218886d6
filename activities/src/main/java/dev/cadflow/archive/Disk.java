package dev.cadflow.archive;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Set;
import java.util.function.LongConsumer;

/** The few file operations that durable publishing is made of. */
final class Disk {
    /** Owner writes, group reads, others nothing. */
    private static final Set<PosixFilePermission> FILE_MODE = PosixFilePermissions.fromString("rw-r-----");

    private static final Set<PosixFilePermission> FOLDER_MODE = PosixFilePermissions.fromString("rwxr-x---");
    private static final int BUFFER_BYTES = 1 << 16;

    private Disk() {}

    /** Makes the folder and what is missing above it, each entry flushed to disk. */
    static void createFolders(Path folder) throws IOException {
        if (Files.isDirectory(folder)) {
            return;
        }
        Path parent = folder.getParent();
        if (parent != null) {
            createFolders(parent);
        }
        try {
            Files.createDirectory(folder);
            if (isPosix(folder)) {
                Files.setPosixFilePermissions(folder, FOLDER_MODE);
            }
        } catch (FileAlreadyExistsException exists) {
            if (!Files.isDirectory(folder)) {
                throw exists;
            }
        }
        if (parent != null) {
            flushFolder(parent);
        }
    }

    /**
     * A new file, open for writing, that only the owner may write and the group may read. It is no channel, which an
     * interrupt would close: what has come must be kept just when a worker stops.
     */
    static FileOutputStream createFile(Path file) throws IOException {
        Files.createFile(file);
        if (isPosix(file)) {
            Files.setPosixFilePermissions(file, FILE_MODE);
        }
        return new FileOutputStream(file.toFile());
    }

    /** Writes a whole small file and flushes it, so that it is there whole or not at all. */
    static void writeWhole(Path file, byte[] content) throws IOException {
        Path fresh = file.resolveSibling(file.getFileName() + ".new");
        Files.deleteIfExists(fresh);
        writeWhole(fresh, file, content);
    }

    /** The same by way of a name that is free and on the same file system. */
    static void writeWhole(Path fresh, Path file, byte[] content) throws IOException {
        try (FileOutputStream out = createFile(fresh)) {
            out.write(content);
            out.getFD().sync();
        } catch (IOException notWritten) {
            Files.deleteIfExists(fresh);
            throw notWritten;
        }
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** Flushes the names in a folder to disk, where the system can. */
    static void flushFolder(Path folder) throws IOException {
        if (isPosix(folder)) {
            try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
                channel.force(true);
            }
        }
    }

    /** The SHA-256 of a file's content in 64 lower-case hex digits. */
    static String sha256(Path file) throws IOException {
        return sha256(file, bytes -> {});
    }

    /** The same, and says again and again how many bytes have been read. */
    static String sha256(Path file, LongConsumer progress) throws IOException {
        MessageDigest digest = sha256();
        byte[] buffer = new byte[BUFFER_BYTES];
        long bytes = 0;
        try (InputStream in = Files.newInputStream(file)) {
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                digest.update(buffer, 0, read);
                bytes += read;
                progress.accept(bytes);
            }
        }
        return hex(digest.digest());
    }

    static MessageDigest sha256() {
        return digest("SHA-256");
    }

    /** A digest that every Java has. */
    static MessageDigest digest(String algorithm) {
        try {
            return MessageDigest.getInstance(algorithm);
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException("This Java has no " + algorithm, missing);
        }
    }

    static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }

    private static boolean isPosix(Path path) {
        return path.getFileSystem().supportedFileAttributeViews().contains("posix");
    }
}
