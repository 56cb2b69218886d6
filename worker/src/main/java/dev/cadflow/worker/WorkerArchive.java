package dev.cadflow.worker;

import dev.cadflow.archive.Archive;
import dev.cadflow.archive.Archives;
import dev.cadflow.archive.FileArchive;
import dev.cadflow.archive.S3Archive;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.exception.SdkClientException;

/** Opens the archive that the configuration names, and keeps its staging clean. */
final class WorkerArchive {
    private static final Logger LOG = LoggerFactory.getLogger(WorkerArchive.class);
    /** Longer than an activity ever pauses between two tries, so that what it has downloaded is kept for the next. */
    private static final Duration SWEEP_OLDER_THAN = Duration.ofDays(7);

    private static final Duration SWEEP_FIRST = Duration.ofMinutes(1);
    private static final Duration SWEEP_EVERY = Duration.ofHours(6);

    private WorkerArchive() {}

    /**
     * Opens it.
     *
     * @param staging where bytes gather for an archive that is not on a disk
     * @throws WorkerStartException where it cannot be opened, such as an S3 archive without a region
     */
    static Archive open(URI location, Path staging, StopSequence stops) throws WorkerStartException {
        Archive archive;
        try {
            archive = Archives.open(location, staging, Clock.systemUTC());
        } catch (IllegalArgumentException | SdkClientException unusable) {
            throw new WorkerStartException("CADFLOW_ARCHIVE: " + unusable.getMessage(), unusable);
        }
        if (archive instanceof FileArchive files) {
            keepClean(archive, () -> files.sweep(SWEEP_OLDER_THAN, Instant.now()), stops);
        } else if (archive instanceof S3Archive store) {
            keepClean(archive, () -> store.sweep(SWEEP_OLDER_THAN, Instant.now()), stops);
        }
        return archive;
    }

    private static void keepClean(Archive archive, IntSupplier sweep, StopSequence stops) {
        ScheduledExecutorService sweeper = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "archive-sweeper");
            thread.setDaemon(true);
            return thread;
        });
        sweeper.scheduleWithFixedDelay(
                () -> sweep(archive, sweep), SWEEP_FIRST.toSeconds(), SWEEP_EVERY.toSeconds(), TimeUnit.SECONDS);
        stops.add("archive sweeper", remaining -> sweeper.shutdownNow());
    }

    private static void sweep(Archive archive, IntSupplier sweep) {
        try {
            int removed = sweep.getAsInt();
            if (removed > 0) {
                LOG.info("Removed {} leftovers of dead runs from {}", removed, archive);
            }
        } catch (RuntimeException notNow) {
            // The next time may do: a sweep that fails must not be the last.
            LOG.warn("Could not sweep {}: {}", archive, notNow.getMessage());
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
