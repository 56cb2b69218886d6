package dev.cadflow.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The snippets of the documents are code that is compiled and run: each names its source and the marker in it. With
 * {@code -Dcadflow.documents.update=true} the documents are written anew from the sources.
 */
final class DocumentsTest {
    static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final Pattern SNIPPET =
            Pattern.compile("<!-- snippet: (\\S+)#(\\S+) -->\\n```java\\n(.*?)```\\n", Pattern.DOTALL);

    @ParameterizedTest
    @MethodSource("documents")
    void everySnippetIsTheCodeThatItNames(Path document) throws IOException {
        String text = Files.readString(document);
        if (Boolean.getBoolean("cadflow.documents.update")) {
            text = SNIPPET.matcher(text).replaceAll(DocumentsTest::withSource);
            Files.writeString(document, text);
        }

        for (MatchResult snippet : SNIPPET.matcher(text).results().toList()) {
            assertThat(snippet.group(3)).as(snippet.group(1)).isEqualTo(source(snippet.group(1), snippet.group(2)));
        }
    }

    /** Their tests ask whether each command was run: {@link OperatingTest} and {@link NexusTest}. */
    @Test
    void noOtherDocumentHasCommandsThatNoTestRuns() throws IOException {
        try (Stream<Path> root = Files.list(ROOT);
                Stream<Path> docs = Files.list(ROOT.resolve("docs"))) {
            assertThat(Stream.concat(root, docs)
                            .filter(file -> file.toString().endsWith(".md"))
                            .filter(file -> !PrintedCommands.in(file).isEmpty())
                            .map(file -> ROOT.relativize(file).toString()))
                    .containsExactlyInAnyOrder("README.md", "docs/operating.md", "docs/batch.md", "docs/nexus.md");
        }
    }

    static List<Path> documents() throws IOException {
        try (Stream<Path> files = Files.list(ROOT.resolve("docs"))) {
            List<Path> documents = files.filter(file -> file.toString().endsWith(".md"))
                    .filter(file -> SNIPPET.matcher(read(file)).find())
                    .toList();
            assertThat(documents).isNotEmpty();
            return documents;
        }
    }

    private static String withSource(MatchResult snippet) {
        return Matcher.quoteReplacement("<!-- snippet: " + snippet.group(1) + "#" + snippet.group(2) + " -->\n```java\n"
                + source(snippet.group(1), snippet.group(2)) + "```\n");
    }

    /** The lines between the markers, without the indentation that they share. */
    private static String source(String file, String name) {
        Matcher marked = Pattern.compile(
                        "// snippet: " + Pattern.quote(name) + "\\n(.*?)\\n *// end snippet", Pattern.DOTALL)
                .matcher(read(ROOT.resolve(file)));
        assertThat(marked.find()).as(file + " has a snippet " + name).isTrue();
        return marked.group(1).stripIndent() + "\n";
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
