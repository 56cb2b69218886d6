package dev.cadflow.examples;

import dev.cadflow.examples.PartOutcome.State;
import dev.cadflow.workflow.CadFailure;
import dev.cadflow.workflow.CadRequest;
import dev.cadflow.workflow.CadResult;
import dev.cadflow.workflow.Cadflow;
import dev.cadflow.workflow.FailureType;
import dev.cadflow.workflow.GenerateCadWorkflow;
import io.temporal.activity.ActivityOptions;
import io.temporal.api.enums.v1.ParentClosePolicy;
import io.temporal.api.enums.v1.WorkflowIdReusePolicy;
import io.temporal.client.WorkflowExecutionAlreadyStarted;
import io.temporal.failure.ApplicationFailure;
import io.temporal.failure.CanceledFailure;
import io.temporal.failure.ChildWorkflowFailure;
import io.temporal.workflow.Async;
import io.temporal.workflow.ChildWorkflowCancellationType;
import io.temporal.workflow.ChildWorkflowOptions;
import io.temporal.workflow.Promise;
import io.temporal.workflow.Workflow;
import java.math.BigDecimal;
import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The order's life, with one child workflow for each part. */
public final class ManufacturingWorkflowImpl implements ManufacturingWorkflow {
    private final ShopActivities shop = Workflow.newActivityStub(
            ShopActivities.class,
            ActivityOptions.newBuilder()
                    .setStartToCloseTimeout(Duration.ofMinutes(1))
                    .build());
    private final Map<String, PartOutcome> parts = new LinkedHashMap<>();

    @Override
    public List<PartOutcome> manufacture(Order order) {
        quote(order);
        order.parts().forEach(part -> set(part.name(), State.GENERATING, null, null));
        List<Promise<Void>> files = order.parts().stream()
                .map(part -> Async.procedure(() -> generate(order, part)))
                .toList();
        Promise.allOf(files).get();
        Workflow.await(() -> parts.values().stream().noneMatch(part -> part.state() == State.IN_REVIEW));
        release(order);
        return parts();
    }

    private void quote(Order order) {
        BigDecimal price = shop.quote(order);
        if (price.compareTo(order.budget()) > 0) {
            throw ApplicationFailure.newNonRetryableFailure(
                    "budget: expected a quote of at most " + order.budget() + ", found " + price, OVER_BUDGET);
        }
    }

    // snippet: child
    private void generate(Order order, Order.Part part) {
        try {
            CadResult result = make(order, part);
            set(part.name(), State.IN_REVIEW, result.file().uri(), null);
        } catch (ChildWorkflowFailure failure) {
            failed(order, part, failure);
        }
    }

    private static CadResult make(Order order, Order.Part part) {
        CadRequest request = CadRequest.builder()
                .prompt(part.description())
                // The same after a reset, so that whatever is started for the part gets the job that has been paid for.
                .idempotencyKey(Workflow.getInfo().getFirstExecutionRunId() + "/" + part.name())
                .build();
        try {
            return child(order, part, "").generate(request);
        } catch (ChildWorkflowFailure failure) {
            if (!(failure.getCause() instanceof WorkflowExecutionAlreadyStarted)) {
                throw failure;
            }
            // A reset workflow cannot await the child that it had before.
            return child(order, part, "-" + Workflow.getInfo().getRunId()).generate(request);
        }
    }

    private static GenerateCadWorkflow child(Order order, Order.Part part, String suffix) {
        return Workflow.newChildWorkflowStub(
                GenerateCadWorkflow.class,
                ChildWorkflowOptions.newBuilder()
                        .setTaskQueue(Cadflow.TASK_QUEUE)
                        .setWorkflowId(Cadflow.workflowId(order.number() + "-" + part.name() + suffix))
                        .setWorkflowIdReusePolicy(
                                WorkflowIdReusePolicy.WORKFLOW_ID_REUSE_POLICY_ALLOW_DUPLICATE_FAILED_ONLY)
                        .setStaticSummary(Cadflow.summary("Part " + part.name() + " of order " + order.number()))
                        // Cancelling the order cancels its parts, and waits until each has said which job it leaves.
                        .setCancellationType(ChildWorkflowCancellationType.WAIT_CANCELLATION_COMPLETED)
                        // But where the order is terminated, a job that was paid for still ends with its file.
                        .setParentClosePolicy(ParentClosePolicy.PARENT_CLOSE_POLICY_ABANDON)
                        .build());
    }
    // end snippet

    // snippet: failure
    private void failed(Order order, Order.Part part, ChildWorkflowFailure failure) {
        if (failure.getCause() instanceof CanceledFailure) {
            throw failure;
        }
        CadFailure why = CadFailure.from(failure).orElseThrow(() -> failure);
        String jobId = why.details().jobId();
        if (why.type() == FailureType.GENERATION_TIMEOUT && jobId != null) {
            adopt(order, part, jobId);
        } else {
            set(part.name(), State.FAILED, null, why.type().wireName() + ": " + why.message());
        }
    }

    /** The job has been paid for, so it gets a second chance before anything is bought again. */
    private void adopt(Order order, Order.Part part, String jobId) {
        try {
            CadResult result = child(order, part, "-adopted").generate(CadRequest.adopting(jobId));
            set(part.name(), State.IN_REVIEW, result.file().uri(), null);
        } catch (ChildWorkflowFailure again) {
            CadFailure why = CadFailure.from(again).orElseThrow(() -> again);
            set(part.name(), State.FAILED, null, why.type().wireName() + ": " + why.message());
        }
    }
    // end snippet

    private void release(Order order) {
        List<URI> files = parts.values().stream()
                .filter(part -> part.state() == State.APPROVED)
                .map(part -> Objects.requireNonNull(part.file()))
                .toList();
        if (!files.isEmpty()) {
            shop.release(order.number(), files);
        }
    }

    @Override
    public PartOutcome review(Review review) {
        PartOutcome part = Objects.requireNonNull(parts.get(review.part()));
        if (review.approved()) {
            return set(review.part(), State.APPROVED, part.file(), null);
        }
        return set(review.part(), State.REJECTED, part.file(), "rejected by " + review.reviewer());
    }

    @Override
    public void checkReview(Review review) {
        PartOutcome part = parts.get(review.part());
        if (part == null || part.state() != State.IN_REVIEW) {
            throw new IllegalArgumentException("part: expected one that is in review, found \"" + review.part()
                    + "\", which is " + (part == null ? "not of this order" : part.state()));
        }
        if (review.reviewer().isBlank()) {
            throw new IllegalArgumentException("reviewer: expected a name, found none");
        }
    }

    @Override
    public List<PartOutcome> parts() {
        return List.copyOf(parts.values());
    }

    private PartOutcome set(String part, State state, @Nullable URI file, @Nullable String reason) {
        PartOutcome outcome = new PartOutcome(part, state, file, reason);
        parts.put(part, outcome);
        return outcome;
    }
}
