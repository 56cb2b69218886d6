package dev.cadflow.starter;

import dev.cadflow.sandbox.SandboxOptions;
import dev.cadflow.sandbox.SandboxServer;
import dev.cadflow.worker.CodecSettings;
import dev.cadflow.worker.WorkerConfig;
import dev.cadflow.worker.WorkerRuntime;
import dev.cadflow.worker.WorkerStartException;
import dev.cadflow.workflow.Cadflow;
import io.temporal.client.WorkflowClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;

/**
 * Where a workflow runs, and what of it this command brought along.
 *
 * @param temporal the server
 * @param client of the server, which encrypts where {@code CADFLOW_CODEC_KEYS} is set
 * @param taskQueue of the workflow
 * @param ownWorker whether this command runs the worker
 * @param ownSandbox whether jobs are made by a sandbox inside this process, which takes them along when it ends
 * @param makistry where jobs are made, for a person
 * @param archive where files go, for a person
 */
record Workplace(
        Temporal temporal,
        WorkflowClient client,
        String taskQueue,
        boolean ownWorker,
        boolean ownSandbox,
        String makistry,
        String archive) {
    /** A standard job takes the vendor a minute and the command's own sandbox three seconds. */
    private static final double SANDBOX_TIME_SCALE = 0.05;

    /**
     * At the named server, whose workers do the work.
     *
     * @throws UsageException where no server is named, or it cannot be reached
     */
    static Workplace ofOthers(Map<String, String> environment, OpenResources open) {
        String queue = environment.getOrDefault("CADFLOW_TASK_QUEUE", "").strip();
        return ofOthers(
                environment, named("--no-worker", environment, open), queue.isEmpty() ? Cadflow.TASK_QUEUE : queue);
    }

    /** At a server whose workers do the work. */
    static Workplace ofOthers(Map<String, String> environment, Temporal temporal, String taskQueue) {
        WorkflowClient client = CodecSettings.from(environment).encrypting(temporal.client());
        return new Workplace(
                temporal, client, taskQueue, false, false, "as the workers are set up", "as the workers are set up");
    }

    /**
     * With a worker of this command, and with a server and a sandbox of its own where none is named.
     *
     * @param settings of the worker
     */
    static Workplace own(Map<String, String> settings, OpenResources open) {
        if (WorkerSettings.nameMakistry(settings)) {
            WorkerConfig config = WorkerConfig.from(settings);
            return withWorker(config, open.add(choose(config.temporal().variables())), false, open);
        }
        SandboxServer sandbox = open.add(startSandbox());
        WorkerConfig config =
                WorkerConfig.from(WorkerSettings.withSandbox(settings, sandbox)).withReceiverAsCallback();
        return withWorker(config, open.add(choose(config.temporal().variables())), true, open);
    }

    /**
     * With a worker of this command for a workflow that another command began at a server that lives on. Its job is
     * never the sandbox's: that one is gone.
     */
    static Workplace rejoining(Map<String, String> settings, Temporal temporal, OpenResources open) {
        return withWorker(WorkerConfig.from(settings), temporal, false, open);
    }

    private static SandboxServer startSandbox() {
        try {
            return SandboxServer.start(
                    SandboxOptions.builder().timeScale(SANDBOX_TIME_SCALE).build());
        } catch (IOException noPort) {
            throw new UncheckedIOException("the sandbox cannot listen on a free port of 127.0.0.1", noPort);
        }
    }

    private static Workplace withWorker(WorkerConfig config, Temporal temporal, boolean sandbox, OpenResources open) {
        try {
            WorkerRuntime worker = open.add(WorkerRuntime.start(config, temporal.client()));
            return ownWorker(config, temporal, worker.client(), sandbox);
        } catch (WorkerStartException unable) {
            throw new UsageException(String.valueOf(unable.getMessage()), unable);
        }
    }

    private static Workplace ownWorker(WorkerConfig config, Temporal temporal, WorkflowClient client, boolean sandbox) {
        return new Workplace(
                temporal,
                client,
                config.taskQueue(),
                true,
                sandbox,
                sandbox
                        ? "sandbox of this command, as no MAKISTRY_API_KEY is set; its simple parts cost nothing"
                        : config.baseUrl().toString(),
                Places.shown(config.archive()));
    }

    /** Connects to the server that lives on, which the option or command needs. */
    static Temporal named(String what, Map<String, String> environment, OpenResources open) {
        if (!ConfiguredTemporal.isNamed(environment)) {
            throw new UsageException(
                    what + ": expected a Temporal server that lives on, named by TEMPORAL_ADDRESS or by a"
                            + " profile of temporal.toml, found neither");
        }
        return open.add(ConfiguredTemporal.connect(environment));
    }

    private static Temporal choose(Map<String, String> environment) {
        if (ConfiguredTemporal.isNamed(environment)) {
            return ConfiguredTemporal.connect(environment);
        }
        return DevServer.findCli(environment).<Temporal>map(DevServer::start).orElseGet(InMemoryTemporal::start);
    }

    /** Says where the work is done. */
    void introduce(Console console, String workflowId) {
        console.say("Temporal  " + temporal.description());
        console.say("Makistry  " + makistry);
        console.say("Archive   " + archive);
        console.say("Workflow  " + workflowId);
        if (temporal.webUi(workflowId) != null) {
            console.say("Web UI    " + temporal.webUi(workflowId));
        }
    }
}
