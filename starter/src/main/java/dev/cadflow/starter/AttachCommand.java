package dev.cadflow.starter;

import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Follows a workflow that was started earlier, such as one whose command was interrupted. */
@Command(
        name = "attach",
        sortOptions = false,
        description = {
            "Follows a workflow at the Temporal server that TEMPORAL_ADDRESS or a profile names, and ends as generate"
                    + " does.",
            "Where generate ran the worker of that workflow itself, so does this."
        })
final class AttachCommand implements Callable<Integer> {
    private final Console console;
    private final Map<String, String> environment;

    @Mixin
    private RunOptions run = new RunOptions();

    @Parameters(paramLabel = "WORKFLOW_ID", description = "As generate printed it.")
    private String workflowId = "";

    /** Gets what it needs of the process. */
    AttachCommand(Console console, Map<String, String> environment) {
        this.console = console;
        this.environment = environment;
    }

    @Override
    public Integer call() throws InterruptedException {
        Logging.toConsole(console, run.verbose);
        return Generation.attach(console, environment, run, workflowId);
    }
}
