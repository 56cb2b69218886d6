package dev.cadflow.activity.impl;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cadflow.activity.ArchiveInput;
import dev.cadflow.activity.ArchiveResult;
import dev.cadflow.activity.CadActivities;
import dev.cadflow.activity.FindArchivedInput;
import dev.cadflow.activity.FindArchivedResult;
import dev.cadflow.activity.PollInput;
import dev.cadflow.activity.PollResult;
import dev.cadflow.activity.SubmitInput;
import dev.cadflow.activity.SubmitResult;
import dev.cadflow.makistry.DownloadUrlSeal;
import dev.cadflow.makistry.MakistryClient;
import dev.cadflow.makistry.Submission;
import dev.cadflow.sandbox.Route;
import dev.cadflow.sandbox.SandboxOptions;
import dev.cadflow.sandbox.SandboxServer;
import dev.cadflow.workflow.CadRequest;
import io.temporal.activity.Activity;
import io.temporal.activity.ActivityOptions;
import io.temporal.client.WorkflowOptions;
import io.temporal.common.RetryOptions;
import io.temporal.testing.TestWorkflowEnvironment;
import io.temporal.worker.Worker;
import io.temporal.workflow.Workflow;
import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A worker that is killed right after it has submitted leaves no word of it; another one may come much later. */
final class KilledSubmitTest {
    private static final String TASK_QUEUE = "killed-submit";

    private final TestWorkflowEnvironment temporal = TestWorkflowEnvironment.newInstance();
    private SandboxServer sandbox;
    private MakistryClient client;

    @BeforeEach
    void start() throws Exception {
        sandbox = SandboxServer.start(SandboxOptions.builder().noQuota().build());
        client = MakistryClient.builder(sandbox.apiKey())
                .baseUrl(sandbox.apiBaseUrl())
                .build();
    }

    @AfterEach
    void stop() {
        temporal.close();
        client.close();
        sandbox.close();
    }

    /** Soon after, the idempotency key alone is trusted; later, nobody pays again before the list was looked through. */
    @ParameterizedTest
    @CsvSource({"PT5M, 0, 2", "PT3H, 1, 1"})
    void theNextTryFindsTheJobThatWasBought(Duration later, long lists, long submits) {
        Worker worker = temporal.newWorker(TASK_QUEUE);
        worker.registerWorkflowImplementationTypes(SubmitWorkflowImpl.class);
        worker.registerActivitiesImplementations(new KilledAtFirst());
        temporal.start();

        SubmitResult result = temporal.getWorkflowClient()
                .newWorkflowStub(
                        SubmitWorkflow.class,
                        WorkflowOptions.newBuilder().setTaskQueue(TASK_QUEUE).build())
                .submit(new SubmitInput(CadRequest.of("A box"), UUID.randomUUID(), "order-7"), later.toSeconds());

        assertThat(sandbox.jobs())
                .singleElement()
                .satisfies(job -> assertThat(job.jobId()).isEqualTo(result.jobId()));
        assertThat(sandbox.counts().of(Route.LIST_JOBS)).isEqualTo(lists);
        assertThat(sandbox.counts().of(Route.TEXT_TO_CAD)).isEqualTo(submits);
    }

    /** Submits, with tries that are far apart. */
    @WorkflowInterface
    public interface SubmitWorkflow {
        @WorkflowMethod
        SubmitResult submit(SubmitInput input, long secondsBetweenTries);
    }

    /** Submits. */
    public static final class SubmitWorkflowImpl implements SubmitWorkflow {
        @Override
        public SubmitResult submit(SubmitInput input, long secondsBetweenTries) {
            return Workflow.newActivityStub(
                            CadActivities.class,
                            ActivityOptions.newBuilder()
                                    .setStartToCloseTimeout(Duration.ofMinutes(5))
                                    .setRetryOptions(RetryOptions.newBuilder()
                                            .setInitialInterval(Duration.ofSeconds(secondsBetweenTries))
                                            .build())
                                    .build())
                    .submit(input);
        }
    }

    private final class KilledAtFirst implements CadActivities {
        private final CadActivities real = CadActivitiesImpl.builder(
                        client, DownloadUrlSeal.forApiKey(sandbox.apiKey()), input -> {
                            throw new AssertionError("Nothing is archived here");
                        })
                .clock(new TemporalsClock(temporal))
                .build();

        @Override
        public SubmitResult submit(SubmitInput input) {
            if (Activity.getExecutionContext().getInfo().getAttempt() == 1) {
                client.submit(
                        Submission.of(input.request(), List.of(), input.idempotencyKey(), input.workflowId(), null));
                throw new IllegalStateException("As much as Temporal learns of a worker that was killed");
            }
            return real.submit(input);
        }

        @Override
        public PollResult poll(PollInput input) {
            return real.poll(input);
        }

        @Override
        public ArchiveResult archive(ArchiveInput input) {
            return real.archive(input);
        }

        @Override
        public FindArchivedResult findArchived(FindArchivedInput input) {
            return real.findArchived(input);
        }
    }
}
