package dev.cadflow.starter;

import dev.cadflow.activity.ArchiveHeartbeat;
import io.temporal.api.common.v1.Payloads;
import io.temporal.api.enums.v1.PendingActivityState;
import io.temporal.api.workflow.v1.PendingActivityInfo;
import io.temporal.client.WorkflowExecutionDescription;
import io.temporal.common.converter.DataConverter;
import io.temporal.common.converter.DataConverterException;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The archive activity at work, by its last heartbeat.
 *
 * @param stage what it does
 * @param bytesDone how much of it
 * @param bytesTotal out of how much; null where the storage host did not say
 */
record RunningArchive(
        ArchiveHeartbeat.Stage stage,
        long bytesDone,
        @Nullable Long bytesTotal) {
    private static final String ACTIVITY = "ArchiveCadFile";
    private static final double KILOBYTE = 1e3;
    private static final double MEGABYTE = 1e6;

    /** That of a workflow, as its server describes it; empty where none runs or has said anything yet. */
    static Optional<RunningArchive> of(WorkflowExecutionDescription description, DataConverter converter) {
        return description.getRawDescription().getPendingActivitiesList().stream()
                .filter(activity -> activity.getActivityType().getName().equals(ACTIVITY))
                .filter(activity -> activity.getState() == PendingActivityState.PENDING_ACTIVITY_STATE_STARTED)
                .filter(PendingActivityInfo::hasHeartbeatDetails)
                .flatMap(activity -> heartbeat(activity.getHeartbeatDetails(), converter).stream())
                .map(beat -> new RunningArchive(beat.stage(), beat.bytesDone(), beat.bytesTotal()))
                .findFirst();
    }

    // Another version's worker may say what this one does not understand.
    private static Optional<ArchiveHeartbeat> heartbeat(Payloads details, DataConverter converter) {
        try {
            return Optional.ofNullable(
                    converter.fromPayloads(0, Optional.of(details), ArchiveHeartbeat.class, ArchiveHeartbeat.class));
        } catch (DataConverterException notUnderstood) {
            return Optional.empty();
        }
    }

    /** What it does and how far it is, for a person. */
    @Override
    public String toString() {
        String doing = stage.name().toLowerCase(Locale.ROOT);
        if (bytesTotal == null || bytesTotal <= 0) {
            return doing + (bytesDone == 0 ? "" : ", " + size(bytesDone));
        }
        return doing + ", " + Math.min(100, 100 * bytesDone / bytesTotal) + " % of " + size(bytesTotal);
    }

    private static String size(long bytes) {
        return bytes < MEGABYTE
                ? String.format(Locale.ROOT, "%.1f kB", bytes / KILOBYTE)
                : String.format(Locale.ROOT, "%,.1f MB", bytes / MEGABYTE);
    }
}
