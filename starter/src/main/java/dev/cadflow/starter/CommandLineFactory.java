package dev.cadflow.starter;

import dev.cadflow.workflow.DesignMode;
import dev.cadflow.workflow.OutputFormat;
import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
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
                .addSubcommand(new GenerateCommand(console, environment))
                .addSubcommand(new AttachCommand(console, environment))
                .addSubcommand(new VerifyCommand(console, environment))
                .addSubcommand(new WorkerCommand(console, environment))
                .addSubcommand(new SandboxCommand(console))
                .addSubcommand(new RotateSecretCommand(console, environment))
                .addSubcommand(new CommandLine.HelpCommand())
                .registerConverter(DesignMode.class, Values::designMode)
                .registerConverter(OutputFormat.class, Values::outputFormat)
                .registerConverter(Duration.class, Values::duration)
                .registerConverter(ListenAddress.class, ListenAddress::parse)
                .setUsageHelpWidth(WIDTH)
                .setOut(writer(console.out()))
                .setErr(writer(console.err()))
                .setParameterExceptionHandler(new UsageErrors(console))
                .setExecutionExceptionHandler((problem, command, arguments) -> Problems.report(problem, console));
    }

    private static PrintWriter writer(PrintStream stream) {
        return new PrintWriter(new OutputStreamWriter(stream, StandardCharsets.UTF_8), true);
    }
}
