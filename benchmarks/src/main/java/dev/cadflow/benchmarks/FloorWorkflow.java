package dev.cadflow.benchmarks;

import io.temporal.activity.ActivityInterface;
import io.temporal.activity.ActivityOptions;
import io.temporal.workflow.Workflow;
import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;
import java.time.Duration;

/** The least that a workflow which does something outside twice can be: two empty activities, one after the other. */
@WorkflowInterface
public interface FloorWorkflow {
    /** Runs both. */
    @WorkflowMethod
    void run();

    /** The activity. */
    @ActivityInterface
    interface Nothing {
        /** Does nothing. */
        void doNothing();
    }

    /** Runs the activity twice. */
    final class Impl implements FloorWorkflow {
        private final Nothing nothing = Workflow.newActivityStub(
                Nothing.class,
                ActivityOptions.newBuilder()
                        .setStartToCloseTimeout(Duration.ofMinutes(1))
                        .build());

        @Override
        public void run() {
            nothing.doNothing();
            nothing.doNothing();
        }
    }
}
