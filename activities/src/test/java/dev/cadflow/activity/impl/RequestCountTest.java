package dev.cadflow.activity.impl;

import static dev.cadflow.makistry.RawServer.answer;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cadflow.activity.CadActivities;
import dev.cadflow.activity.SubmitInput;
import dev.cadflow.makistry.DownloadUrlSeal;
import dev.cadflow.makistry.MakistryClient;
import dev.cadflow.makistry.RawServer;
import dev.cadflow.workflow.CadRequest;
import io.temporal.activity.ActivityOptions;
import io.temporal.client.WorkflowOptions;
import io.temporal.testing.TestWorkflowEnvironment;
import io.temporal.worker.Worker;
import io.temporal.workflow.Workflow;
import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** The count goes from try to try by way of a server, which no activity environment shows. */
final class RequestCountTest {
    private static final String KEY = "mk_pub_0123456789abcdef0123456789abcdef";
    private static final String TASK_QUEUE = "request-count";

    /** Submits once and tells what it cost. */
    @WorkflowInterface
    public interface SubmitWorkflow {
        @WorkflowMethod
        int requestsOf(SubmitInput input);
    }

    /** Submits with the retries that Temporal gives an activity by itself. */
    public static final class SubmitWorkflowImpl implements SubmitWorkflow {
        private final CadActivities activities = Workflow.newActivityStub(
                CadActivities.class,
                ActivityOptions.newBuilder()
                        .setStartToCloseTimeout(Duration.ofSeconds(30))
                        .build());

        @Override
        public int requestsOf(SubmitInput input) {
            return activities.submit(input).makistryRequests();
        }
    }

    @Test
    void everyTryThatWentOutCounts() {
        try (RawServer server = new RawServer();
                MakistryClient client =
                        MakistryClient.builder(KEY).baseUrl(server.url()).build();
                TestWorkflowEnvironment temporal = TestWorkflowEnvironment.newInstance()) {
            server.reply(
                    answer(503, ""),
                    RawServer.cutAfter(10, 202, "{\"job_id\":\"pub_1\"}"),
                    answer(500, ""),
                    answer(202, "{\"job_id\":\"pub_1\"}"));
            Worker worker = temporal.newWorker(TASK_QUEUE);
            worker.registerWorkflowImplementationTypes(SubmitWorkflowImpl.class);
            worker.registerActivitiesImplementations(
                    CadActivitiesImpl.builder(client, DownloadUrlSeal.forApiKey(KEY), input -> {
                                throw new AssertionError("Nothing is archived here");
                            })
                            .build());
            temporal.start();

            int requests = temporal.getWorkflowClient()
                    .newWorkflowStub(
                            SubmitWorkflow.class,
                            WorkflowOptions.newBuilder()
                                    .setTaskQueue(TASK_QUEUE)
                                    .build())
                    .requestsOf(new SubmitInput(CadRequest.of("A box"), new UUID(0, 1), "order-7"));

            assertThat(requests).isEqualTo(4);
            assertThat(server.received()).hasSize(4);
            assertThat(server.received())
                    .allSatisfy(each -> assertThat(each.head()).contains("Idempotency-Key: " + new UUID(0, 1)));
        }
    }
}
