package dev.cadflow.starter;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * A command that was run inside this process.
 *
 * @param exitCode of the command
 * @param out what it wrote to standard output
 * @param err what it wrote to standard error
 */
record CommandRun(int exitCode, String out, String err) {

    /** Runs it to its end, its standard error being no terminal. */
    static CommandRun of(Map<String, String> environment, String... arguments) {
        return of(environment, false, arguments);
    }

    /** Runs it to its end on a terminal. */
    static CommandRun onTerminal(Map<String, String> environment, String... arguments) {
        return of(environment, true, arguments);
    }

    private static CommandRun of(Map<String, String> environment, boolean terminal, String... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Console console = new Console(new PrintStream(out, true, UTF_8), new PrintStream(err, true, UTF_8), terminal);
        int exitCode = new CommandLineFactory(console, environment).create().execute(arguments);
        return new CommandRun(exitCode, out.toString(UTF_8), err.toString(UTF_8));
    }

    /** An environment in which nothing is named: no server, no Temporal CLI, no Makistry. */
    static Map<String, String> bareEnvironment(Path folder) {
        try {
            Path unused = Files.writeString(folder.resolve("temporal.toml"), "[profile.unused]\n");
            Map<String, String> environment = new HashMap<>();
            environment.put("TEMPORAL_CONFIG_FILE", unused.toString());
            environment.put("CADFLOW_ARCHIVE", folder.resolve("archive").toString());
            return environment;
        } catch (IOException unwritable) {
            throw new UncheckedIOException(unwritable);
        }
    }
}
