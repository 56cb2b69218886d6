package dev.cadflow.starter;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.cadflow.workflow.CadRequest;
import dev.cadflow.workflow.CadResult;
import dev.cadflow.workflow.Cadflow;
import io.temporal.api.enums.v1.WorkflowIdReusePolicy;
import io.temporal.client.WorkflowExecutionAlreadyStarted;
import io.temporal.client.WorkflowFailedException;
import io.temporal.client.WorkflowNotFoundException;
import io.temporal.client.WorkflowOptions;
import io.temporal.client.WorkflowServiceException;
import io.temporal.client.WorkflowStub;
import io.temporal.common.converter.DataConverterException;
import io.temporal.common.converter.JacksonJsonPayloadConverter;
import io.temporal.payload.codec.PayloadCodecException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One run of {@code generate} or {@code attach}: prepares what it needs, follows the workflow, writes the result. */
final class Generation {
    private static final Duration LOOK_INTERVAL = Duration.ofMillis(300);

    private final Console console;
    private final Map<String, String> environment;
    private final RunOptions run;
    private final String workflowId;
    private final OpenResources open;
    private final Narrator narrator;
    private final Farewell farewell;

    private Generation(
            Console console,
            Map<String, String> environment,
            RunOptions run,
            @Nullable CadRequest request,
            String workflowId,
            OpenResources open) {
        this.console = console;
        this.environment = environment;
        this.run = run;
        this.workflowId = workflowId;
        this.open = open;
        this.narrator = new Narrator(console, Clock.systemUTC());
        this.farewell = new Farewell(console, open, narrator, request, workflowId);
    }

    /**
     * Starts a workflow, or takes up that of the same id, and follows it.
     *
     * @return the exit code
     * @throws UsageException where it cannot even be started
     */
    static int generate(
            Console console, Map<String, String> environment, RunOptions run, CadRequest request, String workflowId)
            throws InterruptedException {
        try (OpenResources open = new OpenResources()) {
            Generation generation = new Generation(console, environment, run, request, workflowId, open);
            try (Interruption ignored = Interruption.handledBy(generation.farewell::interrupted)) {
                return generation.start(request);
            }
        }
    }

    /**
     * Follows a workflow that is there.
     *
     * @return the exit code
     * @throws UsageException where it is not there
     */
    static int attach(Console console, Map<String, String> environment, RunOptions run, String workflowId)
            throws InterruptedException {
        try (OpenResources open = new OpenResources()) {
            Generation generation = new Generation(console, environment, run, null, workflowId, open);
            try (Interruption ignored = Interruption.handledBy(generation.farewell::interrupted)) {
                return generation.rejoin();
            }
        }
    }

    private int start(CadRequest request) throws InterruptedException {
        if (run.noWorker && run.archive != null) {
            throw new UsageException(
                    "--archive: expected it without --no-worker, found both; the workers that run already"
                            + " have an archive");
        }
        console.status("starting ...");
        Workplace workplace =
                run.noWorker ? Workplace.ofOthers(environment, open) : Workplace.own(settings(request.images()), open);
        console.status("");
        workplace.introduce(console, workflowId);
        if (request.jobId() != null) {
            narrator.adopting(request.jobId());
        }
        WorkflowOptions options = WorkflowOptions.newBuilder()
                .setWorkflowId(workflowId)
                .setTaskQueue(workplace.taskQueue())
                .setWorkflowIdReusePolicy(WorkflowIdReusePolicy.WORKFLOW_ID_REUSE_POLICY_ALLOW_DUPLICATE_FAILED_ONLY)
                .setStaticSummary(summary(request))
                .setMemo(Cadflow.memo(request))
                .build();
        farewell.startedAt(workplace);
        try {
            workplace
                    .client()
                    .newUntypedWorkflowStub(Cadflow.WORKFLOW_TYPE, options)
                    .start(request);
        } catch (WorkflowExecutionAlreadyStarted there) {
            console.say("A workflow of this id is there already: following it, nothing is submitted again.");
        } catch (WorkflowServiceException refused) {
            throw new UsageException("Temporal did not start the workflow: " + reason(refused), refused);
        }
        return follow(workplace);
    }

    private int rejoin() throws InterruptedException {
        Temporal temporal = Workplace.named("attach", environment, open);
        String taskQueue = taskQueueOfWorkflow(temporal);
        // Only generate gives a workflow a queue of its own name: then its worker was that command's.
        Workplace workplace = taskQueue.equals(workflowId) && !run.noWorker
                ? Workplace.rejoining(settings(List.of()), temporal, open)
                : Workplace.ofOthers(environment, temporal, taskQueue);
        workplace.introduce(console, workflowId);
        farewell.startedAt(workplace);
        return follow(workplace);
    }

    private String taskQueueOfWorkflow(Temporal temporal) {
        WorkflowStub workflow = temporal.client().newUntypedWorkflowStub(workflowId);
        try {
            return workflow.describe()
                    .getRawDescription()
                    .getExecutionConfig()
                    .getTaskQueue()
                    .getName();
        } catch (WorkflowNotFoundException unknown) {
            throw new UsageException(
                    "attach: expected the id of a workflow at " + temporal.description() + ", found \"" + workflowId
                            + "\", which is not there",
                    unknown);
        } catch (WorkflowServiceException refused) {
            throw new UsageException("Temporal did not find the workflow: " + reason(refused), refused);
        }
    }

    private Map<String, String> settings(List<String> images) {
        return WorkerSettings.of(environment, run.archive, images, workflowId);
    }

    private int follow(Workplace workplace) throws InterruptedException {
        try (WorkflowWatch watch = new WorkflowWatch(workplace.client(), workflowId, narrator, LOOK_INTERVAL)) {
            return write(watch.await());
        } catch (WorkflowFailedException failed) {
            Failures.tell(failed, narrator.jobId(), console);
            return ExitCodes.FAILED;
        } catch (WorkflowServiceException lost) {
            if (isUnreadable(lost)) {
                throw new UsageException(
                        "the workflow's payloads are encrypted: set CADFLOW_CODEC_KEYS as its workers have it ("
                                + reason(lost) + ")",
                        lost);
            }
            console.say("Temporal does not answer any more: " + reason(lost));
            return ExitCodes.FAILED;
        }
    }

    private static boolean isUnreadable(WorkflowServiceException exception) {
        return exception.getCause() instanceof DataConverterException
                || exception.getCause() instanceof PayloadCodecException;
    }

    private int write(CadResult result) {
        if (console.result(run.json ? json(result) : Places.shown(result.file().uri()))) {
            return ExitCodes.DONE;
        }
        console.say("cadflow: the result could not be written to standard output; the file is there all the same");
        return ExitCodes.FAILED;
    }

    private static String json(CadResult result) {
        try {
            return JacksonJsonPayloadConverter.newDefaultObjectMapper().writeValueAsString(result);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException("a result that came as JSON", impossible);
        }
    }

    private static String summary(CadRequest request) {
        String prompt = request.prompt();
        if (prompt == null || prompt.isBlank()) {
            return request.jobId() == null ? "from images" : "job " + request.jobId();
        }
        return Cadflow.summary(prompt);
    }

    private static String reason(WorkflowServiceException exception) {
        Throwable cause = exception.getCause() == null ? exception : exception.getCause();
        return String.valueOf(cause.getMessage());
    }
}
