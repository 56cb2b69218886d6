package dev.cadflow.starter;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The script {@code ./cadflow} where there is no Java that it can use. */
final class LauncherTest {
    private static final Path SCRIPT = Path.of("..", "cadflow").toAbsolutePath().normalize();
    private static final String SYSTEM_TOOLS = ":/usr/bin:/bin";

    @TempDir
    private Path folder = Path.of("");

    @Test
    void anOlderJavaIsNamedInOneLine() throws Exception {
        java("echo 'java version \"1.8.0_292\"' >&2");

        CommandRun run = run(SCRIPT, Map.of("JAVA_HOME", folder.toString()));

        assertThat(run.err().lines()).singleElement().asString().contains("is Java 8", "install a JDK 17 or newer");
        assertThat(run.out()).isEmpty();
        assertThat(run.exitCode()).isEqualTo(2);
    }

    @Test
    void aJavaHomeWithoutJavaIsNamedInOneLine() throws Exception {
        CommandRun run = run(SCRIPT, Map.of("JAVA_HOME", "/no/such/folder"));

        assertThat(run.err().lines())
                .singleElement()
                .asString()
                .contains("JAVA_HOME is /no/such/folder", "point it at a JDK 17 or newer");
        assertThat(run.exitCode()).isEqualTo(2);
    }

    @Test
    void aJavaOnThePathIsUsedThroughASymbolicLinkFromAnywhere() throws Exception {
        Path bin = java("echo 'openjdk version \"11.0.2\" 2019-01-15' >&2");
        Path links = Files.createDirectory(folder.resolve("with space"));
        Path link = Files.createSymbolicLink(links.resolve("cf"), SCRIPT);

        CommandRun run = run(link, Map.of("PATH", bin.getParent() + SYSTEM_TOOLS));

        assertThat(run.err().lines()).singleElement().asString().contains(bin + " is Java 11");
        assertThat(run.exitCode()).isEqualTo(2);
    }

    private Path java(String body) throws IOException {
        Path java = Files.createDirectories(folder.resolve("bin")).resolve("java");
        Files.writeString(java, "#!/bin/sh\n" + body + "\n");
        return Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private CommandRun run(Path script, Map<String, String> environment) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(script.toString(), "--version").directory(folder.toFile());
        builder.environment().remove("JAVA_HOME");
        builder.environment().putAll(environment);
        Process process = builder.start();
        String out = new String(process.getInputStream().readAllBytes(), UTF_8);
        String err = new String(process.getErrorStream().readAllBytes(), UTF_8);
        return new CommandRun(process.waitFor(), out, err);
    }
}
