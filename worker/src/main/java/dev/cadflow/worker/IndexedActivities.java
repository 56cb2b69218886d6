package dev.cadflow.worker;

import dev.cadflow.activity.ArchiveInput;
import dev.cadflow.activity.ArchiveResult;
import dev.cadflow.activity.CadActivities;
import dev.cadflow.activity.FindArchivedInput;
import dev.cadflow.activity.FindArchivedResult;
import dev.cadflow.activity.PollInput;
import dev.cadflow.activity.PollResult;
import dev.cadflow.activity.SubmitInput;
import dev.cadflow.activity.SubmitResult;

/** Activities whose submit tells the workflow to set its search attributes. */
final class IndexedActivities implements CadActivities {
    private final CadActivities activities;

    IndexedActivities(CadActivities activities) {
        this.activities = activities;
    }

    @Override
    public FindArchivedResult findArchived(FindArchivedInput input) {
        return activities.findArchived(input);
    }

    @Override
    public SubmitResult submit(SubmitInput input) {
        return activities.submit(input).withSearchAttributes();
    }

    @Override
    public PollResult poll(PollInput input) {
        return activities.poll(input);
    }

    @Override
    public ArchiveResult archive(ArchiveInput input) {
        return activities.archive(input);
    }
}
