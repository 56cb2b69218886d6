package dev.cadflow.starter;

import dev.cadflow.sandbox.SandboxOptions;
import dev.cadflow.sandbox.SandboxServer;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Runs the stand-in for Makistry until it is stopped. */
@Command(
        name = "sandbox",
        sortOptions = false,
        description = {
            "Runs a stand-in for the Makistry API on this machine until it is stopped.",
            "Writes to standard output the variables by which a worker, or generate, uses it."
        })
final class SandboxCommand implements Callable<Integer> {
    private final Console console;

    @Option(
            names = "--listen",
            paramLabel = "HOST:PORT",
            defaultValue = "127.0.0.1:8089",
            description = "Where it listens; port 0 for any free one. Default: ${DEFAULT-VALUE}.")
    private ListenAddress listen = ListenAddress.parse("127.0.0.1:8089");

    @Option(
            names = "--time-scale",
            paramLabel = "X",
            defaultValue = "1",
            description = "How long one of Makistry's seconds takes; 0.01 makes a job of a minute take 0.6 s."
                    + " Default: ${DEFAULT-VALUE}.")
    private double timeScale = 1;

    @Option(
            names = {"-v", "--verbose"},
            description = "Show what is logged, too.")
    private boolean verbose;

    /** Gets what it needs of the process. */
    SandboxCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws InterruptedException {
        Logging.toConsole(console, verbose);
        try (SandboxServer sandbox = SandboxServer.start(options())) {
            if (!console.result(variables(sandbox))) {
                return ExitCodes.FAILED;
            }
            console.say("The sandbox listens on " + sandbox.apiBaseUrl() + "; stop it with Ctrl-C.");
            sandbox.join();
            return ExitCodes.DONE;
        } catch (IOException notListening) {
            throw new UsageException(
                    "--listen: expected a free address of this machine, found " + listen + ": "
                            + notListening.getMessage(),
                    notListening);
        }
    }

    private SandboxOptions options() {
        try {
            return SandboxOptions.builder()
                    .listen(listen.host(), listen.port())
                    .timeScale(timeScale)
                    .build();
        } catch (IllegalArgumentException wrong) {
            throw new UsageException(String.valueOf(wrong.getMessage()), wrong);
        }
    }

    /** In the shell's form, so that they can be sourced, put into a file for a container, or copied by hand. */
    private static String variables(SandboxServer sandbox) {
        return "MAKISTRY_BASE_URL=" + sandbox.apiBaseUrl()
                + System.lineSeparator() + "MAKISTRY_API_KEY=" + sandbox.apiKey()
                + System.lineSeparator() + "MAKISTRY_SIGNING_SECRETS=" + sandbox.signingSecret();
    }
}
