package dev.cadflow.archive;

import dev.cadflow.workflow.Measures;
import dev.cadflow.workflow.OutputFormat;
import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The files of real writers among the test resources. */
final class Corpus {
    private Corpus() {}

    /** Their names, sorted. */
    static Stream<String> names() throws IOException {
        try (Stream<Path> files = Files.list(folder())) {
            return files
                    .map(file -> file.getFileName().toString())
                    .filter(name -> name.matches(".+\\.(step|stl|glb|3mf)"))
                    .sorted()
                    .toList()
                    .stream();
        }
    }

    static byte[] bytes(String name) throws IOException {
        return Files.readAllBytes(folder().resolve(name));
    }

    static OutputFormat format(String name) {
        String extension = name.substring(name.lastIndexOf('.') + 1).toUpperCase(Locale.ROOT);
        return "3MF".equals(extension) ? OutputFormat.THREE_MF : OutputFormat.valueOf(extension);
    }

    /** What the check measures in these bytes. */
    static Measures prove(Path scratch, byte[] content, OutputFormat format) throws IOException, InvalidCadFile {
        Path file = Files.write(scratch.resolve("file"), content);
        return new CadFormatCheck().prove(file, format, bytes -> {});
    }

    /** Why the check refuses these bytes; null where it does not. */
    static @Nullable String refusal(Path scratch, byte[] content, OutputFormat format) throws IOException {
        try {
            prove(scratch, content, format);
            return null;
        } catch (InvalidCadFile invalid) {
            return String.valueOf(invalid.getMessage());
        }
    }

    private static Path folder() {
        URL url = Objects.requireNonNull(Corpus.class.getResource("corpus"), "corpus");
        try {
            return Path.of(url.toURI());
        } catch (URISyntaxException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
