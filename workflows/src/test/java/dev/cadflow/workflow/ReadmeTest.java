package dev.cadflow.workflow;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class ReadmeTest {
    private static final Path README = Path.of("..", "README.md");

    @Test
    void theSnippetThatEmbedsTheWorkflowCompiles(@TempDir Path classes) throws IOException {
        Matcher snippet = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL).matcher(readme());
        assertThat(snippet.find()).isTrue();
        List<JavaFileObject> sources = List.of(
                source("QuoteWorkflowImpl", snippet.group(1)),
                source("QuoteWorkflow", "interface QuoteWorkflow { String quote(String part, String description); }"));

        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        DiagnosticCollector<JavaFileObject> diagnostics = new DiagnosticCollector<>();
        boolean compiled = compiler.getTask(
                        null,
                        null,
                        diagnostics,
                        List.of("-classpath", System.getProperty("java.class.path"), "-d", classes.toString()),
                        null,
                        sources)
                .call();

        assertThat(compiled).as(diagnostics.getDiagnostics().toString()).isTrue();
    }

    @ParameterizedTest
    @EnumSource(FailureType.class)
    void everyFailureTypeIsInTheTable(FailureType type) throws IOException {
        assertThat(readme().lines().filter(line -> line.startsWith("| `")))
                .anySatisfy(line -> assertThat(line).contains("`" + type.name().toLowerCase(Locale.ROOT) + "`"));
    }

    private static String readme() throws IOException {
        return Files.readString(README);
    }

    private static JavaFileObject source(String name, String code) {
        return new SimpleJavaFileObject(URI.create("string:///" + name + ".java"), JavaFileObject.Kind.SOURCE) {
            @Override
            public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                return code;
            }
        };
    }
}
