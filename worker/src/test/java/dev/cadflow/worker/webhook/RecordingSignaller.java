package dev.cadflow.worker.webhook;

import dev.cadflow.workflow.JobFinished;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Keeps what it is told, and answers what it is asked to. */
final class RecordingSignaller implements WorkflowSignaller {
    private final List<Signal> signals = new CopyOnWriteArrayList<>();
    private volatile Answer answer = () -> Delivery.SIGNALLED;

    record Signal(String workflowId, JobFinished job) {}

    interface Answer {
        Delivery give() throws SignalNotDeliveredException;
    }

    @Override
    public Delivery signal(String workflowId, JobFinished job) throws SignalNotDeliveredException {
        signals.add(new Signal(workflowId, job));
        return answer.give();
    }

    void answers(Answer next) {
        answer = next;
    }

    List<Signal> signals() {
        return List.copyOf(signals);
    }
}
