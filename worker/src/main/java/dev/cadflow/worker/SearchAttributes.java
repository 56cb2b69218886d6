package dev.cadflow.worker;

import dev.cadflow.workflow.CadSearchAttributes;
import io.grpc.StatusRuntimeException;
import io.temporal.api.workflowservice.v1.CountWorkflowExecutionsRequest;
import io.temporal.client.WorkflowClient;
import io.temporal.common.SearchAttributeKey;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds out whether a namespace has cadflow's search attributes. */
final class SearchAttributes {
    private static final Logger LOG = LoggerFactory.getLogger(SearchAttributes.class);
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    private SearchAttributes() {}

    /**
     * Whether they all exist, by a question that uses them: that needs no operator's rights. Where they do not, or
     * where it cannot be told, a warning says what to do, and workflows go without.
     */
    static boolean exist(WorkflowClient client) {
        String namespace = client.getOptions().getNamespace();
        try {
            client.getWorkflowServiceStubs()
                    .blockingStub()
                    .withDeadlineAfter(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)
                    .countWorkflowExecutions(CountWorkflowExecutionsRequest.newBuilder()
                            .setNamespace(namespace)
                            .setQuery(CadSearchAttributes.ALL.stream()
                                    .map(key -> key.getName() + " = 'x'")
                                    .collect(Collectors.joining(" AND ")))
                            .build());
            return true;
        } catch (StatusRuntimeException refused) {
            LOG.warn(
                    "{}: expected the search attributes in namespace \"{}\", found {}. Workflows go on without them."
                            + " Create them and start the worker again: temporal operator search-attribute create {}",
                    Setting.CADFLOW_SEARCH_ATTRIBUTES,
                    namespace,
                    refused.getStatus(),
                    CadSearchAttributes.ALL.stream()
                            .map(SearchAttributeKey::getName)
                            .map(name -> "--name " + name + " --type Keyword")
                            .collect(Collectors.joining(" ")));
            return false;
        }
    }
}
