package dev.cadflow.activity.impl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import dev.cadflow.archive.Parts;
import dev.cadflow.archive.StorageHost;
import dev.cadflow.workflow.testing.Command;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a process that archives asks of the system: a kill cannot show whether a power cut would lose something. */
final class FlushOrderTest {
    private static final Pattern FLUSH = Pattern.compile("f(?:data)?sync\\(\\d+<(.*)>\\) += 0");
    private static final Pattern NAME = Pattern.compile("(?:link|rename)\\w*\\(.*\"(.*)\"(?:, \\w+)?\\) += 0");

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path root;

    @BeforeEach
    void requireThatStraceMayTrace() {
        try {
            Command tried = Command.run(List.of("strace", "-o", "/dev/null", "true"), Map.of());
            if (tried.exitCode() != 0) {
                abort("no strace that may trace: " + tried.output().strip());
            }
        } catch (UncheckedIOException missing) {
            abort("no strace: apt-get install strace");
        }
    }

    @Test
    void everythingIsOnTheDiskBeforeWhatRestsOnItIsNamed() throws IOException {
        Path archive = root.resolve("archive");
        List<String> command = new ArrayList<>(List.of("strace", "-ff", "-y"));
        command.addAll(List.of("-e", "trace=fsync,fdatasync,link,linkat,rename,renameat,renameat2"));
        command.addAll(List.of("-o", root.resolve("trace").toString()));
        try (StorageHost host = new StorageHost(StorageHost.content(Parts.step("part"), Map.of()))) {
            command.addAll(KilledArchiverTest.archiving(archive, host.url("part")));
            Command.run(command, Map.of()).orThrow();
        }

        List<String> done = done(archive);
        assertThat(done.subList(0, done.indexOf("name parts/1.step.manifest.json")))
                .containsSubsequence(
                        "flush .incoming/*.part",
                        "name .incoming/*.whole",
                        "flush .incoming/*.manifest.new",
                        "name .incoming/*.manifest",
                        "flush .incoming",
                        "name parts/0.step.manifest.json",
                        "flush parts",
                        "name parts/0.step",
                        "flush parts");
    }

    /** What the thread that archives did below the folder, without what is different in each run. */
    private List<String> done(Path archive) throws IOException {
        List<String> done = new ArrayList<>();
        try (Stream<Path> threads = Files.list(root)) {
            for (Path trace : threads.filter(Files::isRegularFile).toList()) {
                for (String call : Files.readAllLines(trace)) {
                    Matcher flush = FLUSH.matcher(call);
                    Matcher name = NAME.matcher(call);
                    if (flush.matches()) {
                        done.add("flush " + shown(archive, flush.group(1)));
                    } else if (name.matches()) {
                        done.add("name " + shown(archive, name.group(1)));
                    }
                }
            }
        }
        return done;
    }

    private static String shown(Path archive, String path) {
        return archive.relativize(Path.of(path)).toString().replaceFirst("/[0-9a-f]{32}\\.[0-9a-f.-]+\\.", "/*.");
    }
}
