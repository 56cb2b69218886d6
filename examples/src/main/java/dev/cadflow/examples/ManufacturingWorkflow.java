package dev.cadflow.examples;

import io.temporal.workflow.QueryMethod;
import io.temporal.workflow.UpdateMethod;
import io.temporal.workflow.UpdateValidatorMethod;
import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;
import java.util.List;

/** From an order to files on the machines: quote, generate, review by a person, release. */
@WorkflowInterface
public interface ManufacturingWorkflow {
    /** The failure type of an order that would cost more than its budget. */
    String OVER_BUDGET = "over_budget";

    /**
     * Makes the parts of the order; a part that fails or is rejected holds up no other.
     *
     * @return what became of each part, in the order's order
     */
    @WorkflowMethod
    List<PartOutcome> manufacture(Order order);

    /**
     * Takes a person's word on a part.
     *
     * @return the part as it stands then
     */
    @UpdateMethod
    PartOutcome review(Review review);

    /** Refuses a word on a part that does not wait for one. */
    @UpdateValidatorMethod(updateName = "review")
    void checkReview(Review review);

    /** How each part stands. */
    @QueryMethod
    List<PartOutcome> parts();
}
