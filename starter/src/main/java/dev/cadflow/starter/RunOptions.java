package dev.cadflow.starter;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What commands that follow a workflow have in common. */
final class RunOptions {
    @Option(
            names = "--archive",
            paramLabel = "URI",
            description = "Where files are archived: a folder, a file: URI or s3://bucket/prefix."
                    + " Default: CADFLOW_ARCHIVE, else ./archive.")
    @Nullable String archive;

    @Option(
            names = "--no-worker",
            description = "Leave the work to the workers that run already at the Temporal server"
                    + " that TEMPORAL_ADDRESS or a profile names, on task queue CADFLOW_TASK_QUEUE.")
    boolean noWorker;

    @Option(names = "--json", description = "Write the result to standard output as JSON, and nothing else.")
    boolean json;

    @Option(
            names = {"-v", "--verbose"},
            description = "Show what is logged, too.")
    boolean verbose;
}
