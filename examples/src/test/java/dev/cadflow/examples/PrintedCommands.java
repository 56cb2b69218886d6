package dev.cadflow.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cadflow.workflow.testing.Command;
import dev.cadflow.workflow.testing.RealTemporal;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * The commands of the Temporal CLI that a document prints, as blocks and within its sentences. A test runs each as it
 * stands there, and asks at its end whether it has run them all.
 */
final class PrintedCommands {
    private static final Pattern CODE = Pattern.compile("```\\w*\\n(.*?)```|`([^`]+)`", Pattern.DOTALL);
    private static final Pattern TEMPORAL = Pattern.compile("\\btemporal [a-z]");

    /** What no test can run as it stands, and why. */
    private static final Map<String, String> NOT_RUN =
            Map.of("temporal server start-dev", "it wants the ports 7233 and 8233; RealTemporal runs it on free ones");

    private final List<String> commands;
    private final Set<String> notRunYet;
    private final Map<String, String> environment;

    private PrintedCommands(List<String> commands, Map<String, String> environment) {
        this.commands = commands;
        this.notRunYet = new LinkedHashSet<>(commands);
        this.environment = environment;
    }

    /** Those of a document, to be run at a server in one of its namespaces. */
    static PrintedCommands of(String document, RealTemporal.Server server, String namespace) {
        Map<String, String> environment = new HashMap<>(server.environment());
        environment.put("TEMPORAL_NAMESPACE", namespace);
        environment.put("PATH", server.cli().getParent() + ":" + System.getenv("PATH"));
        return new PrintedCommands(in(DocumentsTest.ROOT.resolve(document)), environment);
    }

    /** The commands in a document. */
    static List<String> in(Path document) {
        try {
            return CODE.matcher(Files.readString(document))
                    .results()
                    .map((MatchResult code) ->
                            Optional.ofNullable(code.group(1)).orElseGet(() -> code.group(2)))
                    .filter(code -> TEMPORAL.matcher(code).find())
                    .filter(code -> !NOT_RUN.containsKey(code))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Runs a command, which must succeed.
     *
     * @param part what this command has and no other of the document
     * @param replacements texts that the document prints as an example, such as an address, each followed by what is
     *     true here
     * @return what it printed
     */
    String run(String part, String... replacements) {
        return tryToRun(part, replacements).orThrow();
    }

    /** Runs a command that may fail. */
    Command tryToRun(String part, String... replacements) {
        List<String> meant =
                commands.stream().filter(command -> command.contains(part)).toList();
        assertThat(meant).as("commands with \"" + part + "\"").hasSize(1);
        String command = meant.get(0);
        notRunYet.remove(command);
        for (int i = 0; i < replacements.length; i += 2) {
            assertThat(command).contains(replacements[i]);
            command = command.replace(replacements[i], replacements[i + 1]);
        }
        return Command.run(List.of("sh", "-euc", command), environment);
    }

    /** Fails where the document has a command that was not run. */
    void thatIsAll() {
        assertThat(notRunYet).as("commands that were not run").isEmpty();
    }
}
