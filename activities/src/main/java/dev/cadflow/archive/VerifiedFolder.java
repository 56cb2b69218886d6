package dev.cadflow.archive;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Files of a disk. */
final class VerifiedFolder implements VerifiedPlace {
    private final Path folder;
    private final List<String> names;

    private VerifiedFolder(Path folder, List<String> names) {
        this.folder = folder;
        this.names = names;
    }

    /** A folder with all below it, or one file. */
    static VerifiedFolder of(Path path) throws IOException {
        Path absolute = path.toAbsolutePath().normalize();
        Path parent = absolute.getParent();
        if (Files.isDirectory(absolute) || parent == null) {
            try (Stream<Path> below = Files.walk(absolute)) {
                return new VerifiedFolder(
                        absolute,
                        below.filter(Files::isRegularFile)
                                .map(file ->
                                        absolute.relativize(file).toString().replace(File.separatorChar, '/'))
                                .sorted()
                                .toList());
            }
        }
        if (!Files.exists(absolute)) {
            throw new NoSuchFileException(path.toString());
        }
        return new VerifiedFolder(parent, List.of(String.valueOf(absolute.getFileName())));
    }

    @Override
    public String shown(String name) {
        return folder.resolve(name).toString();
    }

    @Override
    public List<String> names() {
        return names;
    }

    @Override
    public boolean has(String name) {
        return Files.exists(folder.resolve(name));
    }

    @Override
    public InputStream open(String name) throws IOException {
        return Files.newInputStream(folder.resolve(name));
    }
}
