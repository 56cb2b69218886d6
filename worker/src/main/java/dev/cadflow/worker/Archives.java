package dev.cadflow.worker;

import dev.cadflow.archive.Archive;
import dev.cadflow.archive.ArchiveException;
import dev.cadflow.archive.FileArchive;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Opens the archive that the configuration names, and keeps its staging clean. */
final class Archives {
    private static final Logger LOG = LoggerFactory.getLogger(Archives.class);
    /** Longer than an activity ever pauses between two tries, so that what it has downloaded is kept for the next. */
    private static final Duration SWEEP_OLDER_THAN = Duration.ofDays(7);

    private static final Duration SWEEP_FIRST = Duration.ofMinutes(1);
    private static final Duration SWEEP_EVERY = Duration.ofHours(6);

    private Archives() {}

    /**
     * Opens it.
     *
     * @throws WorkerStartException where it is of a kind that this build has not
     */
    static Archive open(URI location, StopSequence stops) throws WorkerStartException {
        if (!"file".equals(location.getScheme())) {
            throw new WorkerStartException(
                    "CADFLOW_ARCHIVE: expected a folder or a file: URI, found " + location, null);
        }
        FileArchive archive = new FileArchive(Path.of(location));
        ScheduledExecutorService sweeper = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "archive-sweeper");
            thread.setDaemon(true);
            return thread;
        });
        sweeper.scheduleWithFixedDelay(
                () -> sweep(archive), SWEEP_FIRST.toSeconds(), SWEEP_EVERY.toSeconds(), TimeUnit.SECONDS);
        stops.add("archive sweeper", remaining -> sweeper.shutdownNow());
        return archive;
    }

    private static void sweep(FileArchive archive) {
        try {
            int removed = archive.sweep(SWEEP_OLDER_THAN, Instant.now());
            if (removed > 0) {
                LOG.info("Removed {} files that dead runs left in the staging of {}", removed, archive);
            }
        } catch (ArchiveException notNow) {
            LOG.warn("Could not sweep the staging of {}: {}", archive, notNow.getMessage());
        }
    }

    /** Whether files can be put there, as far as that can be told without doing it. */
    static boolean isUsable(URI location) {
        if (!"file".equals(location.getScheme())) {
            return true;
        }
        // The folder is made when the first file comes, and then its parent must be writable.
        @Nullable Path folder = Path.of(location);
        while (folder != null && !Files.exists(folder)) {
            folder = folder.getParent();
        }
        return folder != null && Files.isDirectory(folder) && Files.isWritable(folder);
    }
}
