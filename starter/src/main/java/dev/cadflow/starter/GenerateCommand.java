package dev.cadflow.starter;

import dev.cadflow.workflow.CadRequest;
import dev.cadflow.workflow.DesignMode;
import dev.cadflow.workflow.OutputFormat;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Makes one CAD file and waits for it. */
@Command(
        name = "generate",
        sortOptions = false,
        description = {
            "Turns a prompt into a verified, archived CAD file.",
            "Without TEMPORAL_ADDRESS or a Temporal profile it brings its own Temporal server, without"
                    + " MAKISTRY_API_KEY the sandbox, and it runs its own worker. Writes the file's path to standard"
                    + " output, everything else to standard error."
        })
final class GenerateCommand implements Callable<Integer> {
    private static final int ID_LENGTH = 8;

    private final Console console;
    private final Map<String, String> environment;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Mixin
    private RunOptions run = new RunOptions();

    @Parameters(arity = "0..1", paramLabel = "PROMPT", description = "What to make; quote it.")
    private @Nullable String prompt;

    @Option(
            names = {"-m", "--mode"},
            paramLabel = "MODE",
            description = "standard (default), pro or assembly.")
    private @Nullable DesignMode mode;

    @Option(
            names = {"-f", "--format"},
            paramLabel = "FORMAT",
            description = "STEP (default), STL, GLB or 3MF.")
    private @Nullable OutputFormat format;

    @Option(
            names = {"-i", "--image"},
            paramLabel = "URI",
            description = "An image to work from, a path or a URI; up to three.")
    private List<String> images = new ArrayList<>();

    @Option(
            names = "--metadata",
            paramLabel = "KEY=VALUE",
            description = "Goes with the job and comes back in the result; repeatable.")
    private Map<String, Object> metadata = new LinkedHashMap<>();

    @Option(
            names = "--archive-key",
            paramLabel = "KEY",
            description = "The file's name in the archive, with / between folders. Default: made of workflow id and job"
                    + " id.")
    private @Nullable String archiveKey;

    @Option(
            names = "--deadline",
            paramLabel = "DURATION",
            description = "How long to wait for the job, such as 10m or PT10M. Default: by mode.")
    private @Nullable Duration deadline;

    @Option(
            names = "--job-id",
            paramLabel = "ID",
            description = "Take up this job instead of submitting one: it was paid for already.")
    private @Nullable String jobId;

    @Option(
            names = "--workflow-id",
            paramLabel = "ID",
            description = "The workflow's id. The same id never buys twice: a workflow of that id that runs or has"
                    + " succeeded is followed instead.")
    private @Nullable String workflowId;

    /** Gets what it needs of the process. */
    GenerateCommand(Console console, Map<String, String> environment) {
        this.console = console;
        this.environment = environment;
    }

    @Override
    public Integer call() throws InterruptedException {
        Logging.toConsole(console, run.verbose);
        CadRequest request = request();
        String id = workflowId == null
                ? "cadflow-cli-"
                        + UUID.randomUUID().toString().substring(0, ID_LENGTH).toLowerCase(Locale.ROOT)
                : workflowId;
        return Generation.generate(console, environment, run, request, id);
    }

    private CadRequest request() {
        if (prompt == null && images.isEmpty() && jobId == null) {
            throw new ParameterException(
                    spec.commandLine(), "expected a PROMPT, an --image or a --job-id, found none of them");
        }
        return CadRequest.builder()
                .prompt(prompt)
                .images(images.stream().map(Places::uri).toList())
                .designMode(mode)
                .outputFormat(format)
                .metadata(metadata)
                .deadline(deadline)
                .jobId(jobId)
                .archiveKey(archiveKey)
                .build();
    }
}
