package dev.cadflow.benchmarks;

import dev.cadflow.workflow.Cadflow;
import io.temporal.client.WorkflowClient;
import io.temporal.serviceclient.WorkflowServiceStubs;
import io.temporal.serviceclient.WorkflowServiceStubsOptions;
import io.temporal.worker.Worker;
import io.temporal.worker.WorkerFactory;

/** The one worker of {@link WaitingBenchmark}, in a process of its own so that its heap can be bounded and it be killed. */
final class WaitingWorker {
    private WaitingWorker() {}

    /** Takes the server's {@code HOST:PORT} and polls until it is killed. */
    public static void main(String[] args) throws InterruptedException {
        WorkflowServiceStubs stubs = WorkflowServiceStubs.newServiceStubs(
                WorkflowServiceStubsOptions.newBuilder().setTarget(args[0]).build());
        WorkerFactory factory = WorkerFactory.newInstance(WorkflowClient.newInstance(stubs));
        Worker worker = factory.newWorker(Cadflow.TASK_QUEUE);
        Cadflow.register(worker, new EmptyActivities(EmptyActivities.BY_WEBHOOK, submitted -> {}));
        factory.start();
        Thread.currentThread().join();
    }
}
