package dev.cadflow.activity.impl;

import dev.cadflow.activity.ArchiveHeartbeat;
import dev.cadflow.activity.ArchiveInput;
import dev.cadflow.activity.ArchiveResult;
import dev.cadflow.archive.ArchiveException;
import dev.cadflow.makistry.MakistryException;
import io.temporal.activity.Activity;
import io.temporal.activity.ActivityExecutionContext;
import java.util.function.Function;

/** The archiver as an activity: its progress becomes heartbeats, its exceptions become failures. */
public final class ArchiveActivity implements Function<ArchiveInput, ArchiveResult> {
    private final CadFileArchiver archiver;

    /** The activity that this archiver does. */
    public ArchiveActivity(CadFileArchiver archiver) {
        this.archiver = archiver;
    }

    /**
     * Archives the file; to be called on an activity's thread.
     *
     * @throws io.temporal.failure.ApplicationFailure typed, as the contract has it
     */
    @Override
    public ArchiveResult apply(ArchiveInput input) {
        ActivityExecutionContext context = Activity.getExecutionContext();
        int earlierRequests = context.getHeartbeatDetails(ArchiveHeartbeat.class)
                .map(ArchiveHeartbeat::makistryRequests)
                .orElse(0);
        String jobId = input.job().jobId();
        try {
            return archiver.archive(input, earlierRequests, context::heartbeat);
        } catch (ArchiveException failure) {
            throw ApplicationFailures.of(failure.failure().withJobId(jobId));
        } catch (MakistryException failure) {
            throw ApplicationFailures.of(failure, jobId);
        }
    }
}
