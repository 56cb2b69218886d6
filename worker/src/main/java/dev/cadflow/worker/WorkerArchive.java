package dev.cadflow.worker;

import dev.cadflow.archive.Archive;
import dev.cadflow.archive.Archives;
import dev.cadflow.worker.operations.HealthCheck;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import org.jspecify.annotations.Nullable;

/** Opens the archive that the configuration names, and keeps it tidy. */
final class WorkerArchive {
    private WorkerArchive() {}

    /**
     * Opens it.
     *
     * @throws WorkerStartException where it cannot be opened as it is configured; a store that is down is no reason
     */
    static Archive open(WorkerConfig config, StopSequence stops) throws WorkerStartException {
        Archives.Opened opened;
        try {
            opened = Archives.open(
                    config.archive(), config.staging(), config.archiveSettings().s3(), Clock.systemUTC());
        } catch (IllegalArgumentException unusable) {
            throw new WorkerStartException(
                    Setting.CADFLOW_ARCHIVE + ": expected an archive that can be opened, found " + config.archive()
                            + ": " + unusable.getMessage(),
                    unusable);
        }
        stops.closing("archive", opened);
        stops.closing("archive upkeep", ArchiveUpkeep.start(opened.archive(), Clock.systemUTC()));
        return opened.archive();
    }

    /**
     * What {@code /readyz} says: whether this machine's part of the way can take files. A store is everyone's, and its
     * trouble no reason to take this worker's receiver away, so for one the line names the staging alone.
     */
    static HealthCheck check(WorkerConfig config) {
        boolean isOnDisk = "file".equals(config.archive().getScheme());
        return new HealthCheck(isOnDisk ? "archive" : "staging", () -> isUsable(config));
    }

    /** As far as that can be told without doing it; a worker that archives nothing needs none. */
    private static boolean isUsable(WorkerConfig config) {
        TaskSettings.@Nullable ArchiveQueue queue = config.tasks().archive();
        if (queue != null && queue.atOnce() == 0) {
            return true;
        }
        boolean isOnDisk = "file".equals(config.archive().getScheme());
        // The folder is made when the first file comes, and then its parent must be writable.
        @Nullable Path folder = isOnDisk ? Path.of(config.archive()) : config.staging();
        while (folder != null && !Files.exists(folder)) {
            folder = folder.getParent();
        }
        return folder != null && Files.isDirectory(folder) && Files.isWritable(folder);
    }
}
