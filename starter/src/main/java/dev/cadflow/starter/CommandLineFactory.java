package dev.cadflow.starter;

import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import picocli.CommandLine;

/**
 * Puts the commands together.
 *
 * @param console where they write
 * @param environment the environment variables that they see
 */
record CommandLineFactory(Console console, Map<String, String> environment) {
    private static final int WIDTH = 100;

    CommandLineFactory {
        environment = Map.copyOf(environment);
    }

    CommandLine create() {
        return new CommandLine(new CadflowCommand())
                .addSubcommand(new CommandLine.HelpCommand())
                .setUsageHelpWidth(WIDTH)
                .setOut(writer(console.out()))
                .setErr(writer(console.err()));
    }

    private static PrintWriter writer(java.io.PrintStream stream) {
        return new PrintWriter(new OutputStreamWriter(stream, StandardCharsets.UTF_8), true);
    }
}
