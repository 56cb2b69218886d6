package dev.cadflow.worker;

import dev.cadflow.archive.Archive;
import dev.cadflow.archive.ArchiveException;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finishes or removes what dead runs left on their way into an archive: at the start, and then every few hours. */
final class ArchiveUpkeep implements AutoCloseable {
    /** Longer than an activity ever pauses between two tries, so that what it has downloaded is kept for the next. */
    static final Duration OLDER_THAN = Duration.ofDays(7);

    private static final Logger LOG = LoggerFactory.getLogger(ArchiveUpkeep.class);
    private static final Duration EVERY = Duration.ofHours(6);

    private final Archive archive;
    private final Clock clock;
    private final ScheduledExecutorService sweeper = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "archive-upkeep");
        thread.setDaemon(true);
        return thread;
    });

    private ArchiveUpkeep(Archive archive, Clock clock) {
        this.archive = archive;
        this.clock = clock;
    }

    /** Begins at once, on a thread of its own. */
    static ArchiveUpkeep start(Archive archive, Clock clock) {
        ArchiveUpkeep upkeep = new ArchiveUpkeep(archive, clock);
        upkeep.sweeper.scheduleWithFixedDelay(upkeep::sweep, 0, EVERY.toSeconds(), TimeUnit.SECONDS);
        return upkeep;
    }

    // Whatever it throws would end the schedule; the next time may go well.
    private void sweep() {
        try {
            int removed = archive.sweep(OLDER_THAN, clock.instant());
            if (removed > 0) {
                LOG.info("Removed {} files or uploads that dead runs left in {}", removed, archive);
            }
        } catch (ArchiveException notNow) {
            LOG.warn(
                    "Could not tidy {}: {}. {}",
                    archive,
                    notNow.getMessage(),
                    notNow.failure().details().nextStep());
        } catch (RuntimeException unexpected) {
            LOG.warn("Could not tidy {}; it is tried again", archive, unexpected);
        }
    }

    /** Stops; what runs is interrupted. */
    @Override
    public void close() {
        sweeper.shutdownNow();
    }
}
