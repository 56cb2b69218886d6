package dev.cadflow.starter;

import dev.cadflow.worker.WorkerMain;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** Runs a worker with its webhook receiver until it is stopped. */
@Command(
        name = "worker",
        description = {
            "Runs a worker with its webhook receiver until SIGTERM or Ctrl-C.",
            "Variables such as MAKISTRY_API_KEY and TEMPORAL_ADDRESS configure it; the README has the table."
        })
final class WorkerCommand implements Callable<Integer> {
    private final Console console;
    private final Map<String, String> environment;

    /** Gets what it needs of the process. */
    WorkerCommand(Console console, Map<String, String> environment) {
        this.console = console;
        this.environment = environment;
    }

    @Override
    public Integer call() {
        return WorkerMain.run(environment, console.err());
    }
}
