package dev.cadflow.benchmarks;

import dev.cadflow.workflow.CadRequest;
import io.temporal.api.workflowservice.v1.CountWorkflowExecutionsRequest;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowOptions;
import io.temporal.client.WorkflowStub;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;

/** What benchmarks do to many workflows. */
final class Workflows {
    static final CadRequest REQUEST = CadRequest.of("A 40x20x10mm box with a 5mm through-hole");

    /** Enough that a dev server never waits for its clients. */
    private static final int CALLERS = 16;

    private static final Duration PAUSE = Duration.ofMillis(200);

    private Workflows() {}

    static WorkflowStub start(
            WorkflowClient client, String taskQueue, String type, String workflowId, Object... input) {
        WorkflowStub workflow = client.newUntypedWorkflowStub(
                type,
                WorkflowOptions.newBuilder()
                        .setTaskQueue(taskQueue)
                        .setWorkflowId(workflowId)
                        .build());
        workflow.start(input);
        return workflow;
    }

    /** Does it for 0 to count - 1, by some threads, and returns when all is done. */
    static void forEach(int count, IntConsumer action) {
        ExecutorService callers = Executors.newFixedThreadPool(CALLERS);
        try {
            callers.invokeAll(IntStream.range(0, count)
                            .mapToObj(number -> Executors.callable(() -> action.accept(number)))
                            .toList())
                    .forEach(Workflows::result);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        } finally {
            callers.shutdownNow();
        }
    }

    private static void result(Future<?> done) {
        try {
            done.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("A call failed", e);
        }
    }

    /** How many workflows the server finds by that query. */
    static long count(WorkflowClient client, String query) {
        return client.getWorkflowServiceStubs()
                .blockingStub()
                .countWorkflowExecutions(CountWorkflowExecutionsRequest.newBuilder()
                        .setNamespace(client.getOptions().getNamespace())
                        .setQuery(query)
                        .build())
                .getCount();
    }

    /**
     * Returns once the condition holds.
     *
     * @throws IllegalStateException where it does not within that time
     */
    static void await(String what, Duration atMost, BooleanSupplier condition) {
        long end = System.nanoTime() + atMost.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end || Thread.interrupted()) {
                throw new IllegalStateException("expected " + what + " within " + atMost + ", found otherwise");
            }
            LockSupport.parkNanos(PAUSE.toNanos());
        }
    }

    /** How long that takes, in seconds. */
    static double seconds(Runnable action) {
        long start = System.nanoTime();
        action.run();
        return (System.nanoTime() - start) / (double) TimeUnit.SECONDS.toNanos(1);
    }
}
