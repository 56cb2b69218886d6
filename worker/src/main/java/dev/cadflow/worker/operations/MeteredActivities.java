package dev.cadflow.worker.operations;

import dev.cadflow.activity.ArchiveInput;
import dev.cadflow.activity.ArchiveResult;
import dev.cadflow.activity.CadActivities;
import dev.cadflow.activity.FindArchivedInput;
import dev.cadflow.activity.FindArchivedResult;
import dev.cadflow.activity.PollInput;
import dev.cadflow.activity.PollResult;
import dev.cadflow.activity.SubmitInput;
import dev.cadflow.activity.SubmitResult;
import dev.cadflow.workflow.FailureType;
import io.temporal.failure.ApplicationFailure;
import java.util.function.Supplier;

/** The activities, each try counted by what became of it. */
public final class MeteredActivities implements CadActivities {
    private static final String DONE = "done";
    private static final String OTHER = "other";

    private final CadActivities activities;
    private final WorkerMetrics metrics;

    /** Counts what those activities do. */
    public MeteredActivities(CadActivities activities, WorkerMetrics metrics) {
        this.activities = activities;
        this.metrics = metrics;
    }

    @Override
    public FindArchivedResult findArchived(FindArchivedInput input) {
        return counted("find_archived", () -> activities.findArchived(input));
    }

    @Override
    public SubmitResult submit(SubmitInput input) {
        return counted("submit", () -> activities.submit(input));
    }

    @Override
    public PollResult poll(PollInput input) {
        return counted("poll", () -> activities.poll(input));
    }

    @Override
    public ArchiveResult archive(ArchiveInput input) {
        ArchiveResult result = counted("archive", () -> activities.archive(input));
        metrics.countArchived(result.file().sizeBytes());
        return result;
    }

    private <T> T counted(String activity, Supplier<T> work) {
        String outcome = OTHER;
        try {
            T result = work.get();
            outcome = DONE;
            return result;
        } catch (ApplicationFailure failure) {
            // Only types that are known, so that nothing from outside can make a label.
            outcome = FailureType.find(failure.getType())
                    .map(FailureType::wireName)
                    .orElse(OTHER);
            throw failure;
        } finally {
            metrics.countActivityTry(activity, outcome);
        }
    }
}
