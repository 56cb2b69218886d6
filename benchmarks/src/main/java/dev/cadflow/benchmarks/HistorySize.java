package dev.cadflow.benchmarks;

import io.temporal.api.history.v1.HistoryEvent;
import io.temporal.client.WorkflowClient;
import io.temporal.common.WorkflowExecutionHistory;
import java.util.ArrayList;
import java.util.List;

/**
 * How large a workflow's history is.
 *
 * @param events how many
 * @param bytes of the history as the server sends it
 */
record HistorySize(int events, int bytes) {
    /** Of the newest run. */
    static HistorySize of(WorkflowClient client, String workflowId) {
        return of(client.fetchHistory(workflowId));
    }

    /** Of each run, the newest first, as far as each continued another as new. */
    static List<HistorySize> ofAllRuns(WorkflowClient client, String workflowId) {
        List<HistorySize> sizes = new ArrayList<>();
        WorkflowExecutionHistory history = client.fetchHistory(workflowId);
        while (true) {
            sizes.add(of(history));
            HistoryEvent first = history.getEvents().get(0);
            String earlier = first.getWorkflowExecutionStartedEventAttributes().getContinuedExecutionRunId();
            if (earlier.isEmpty()) {
                return sizes;
            }
            history = client.fetchHistory(workflowId, earlier);
        }
    }

    private static HistorySize of(WorkflowExecutionHistory history) {
        return new HistorySize(history.getEvents().size(), history.getHistory().getSerializedSize());
    }

    @Override
    public String toString() {
        return "%d events, %.1f KB".formatted(events, bytes / 1024.0);
    }
}
