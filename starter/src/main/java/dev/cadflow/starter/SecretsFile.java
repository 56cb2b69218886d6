package dev.cadflow.starter;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** A file of signing secrets, one a line, newest first, as {@code MAKISTRY_SIGNING_SECRETS_FILE} names it to a worker. */
final class SecretsFile {
    private static final FileAttribute<?> OWNER_ALONE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

    private final Path file;
    private final List<String> known;
    private final Path fresh;

    private SecretsFile(Path file, List<String> known, Path fresh) {
        this.file = file;
        this.known = known;
        this.fresh = fresh;
    }

    /**
     * Reads what is there and makes sure that it can be replaced, before there is a secret that could be lost.
     *
     * @throws UsageException where it cannot be read or replaced
     */
    static SecretsFile open(Path path) {
        Path file = path.toAbsolutePath();
        try {
            // Through a link, as deployments like to have them: the link stays.
            Path target = Files.exists(file) ? file.toRealPath() : file;
            List<String> known = Files.exists(target) ? Files.readAllLines(target) : List.of();
            Path fresh = target.resolveSibling(target.getFileName() + ".new");
            Files.deleteIfExists(fresh);
            Files.newByteChannel(fresh, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), OWNER_ALONE)
                    .close();
            return new SecretsFile(target, known, fresh);
        } catch (IOException unusable) {
            throw new UsageException(
                    "--secrets-file: expected a file in a folder that can be written to, found " + path + ": "
                            + unusable.getMessage(),
                    unusable);
        }
    }

    /** Puts the secret before those that are there; whoever reads sees the old lines or all. */
    void add(String secret) throws IOException {
        List<String> lines = new ArrayList<>(List.of(secret));
        lines.addAll(known);
        Files.write(fresh, lines);
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** Leaves the file as it was. */
    void giveUp() throws IOException {
        Files.deleteIfExists(fresh);
    }
}
