package dev.cadflow.archive;

import dev.cadflow.activity.ArchiveHeartbeat;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Says how far an upload is, and goes on saying it while a part is under way or the store is silent: each of those has a
 * limit of its own, and the work must not be taken for dead before.
 */
final class UploadPulse implements AutoCloseable {
    private final long sizeBytes;
    private final Consumer<? super ArchiveHeartbeat> heartbeat;
    private final ScheduledExecutorService beats = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "upload-pulse");
        thread.setDaemon(true);
        return thread;
    });
    private volatile long sentBytes;

    private UploadPulse(long sizeBytes, Consumer<? super ArchiveHeartbeat> heartbeat) {
        this.sizeBytes = sizeBytes;
        this.heartbeat = heartbeat;
    }

    /** Beats until it is closed, or until the heartbeat throws. */
    static UploadPulse start(long sizeBytes, Duration every, Consumer<? super ArchiveHeartbeat> heartbeat) {
        UploadPulse pulse = new UploadPulse(sizeBytes, heartbeat);
        // What the heartbeat throws ends the schedule here; the upload meets it at its next part.
        pulse.beats.scheduleAtFixedRate(pulse::beat, every.toMillis(), every.toMillis(), TimeUnit.MILLISECONDS);
        return pulse;
    }

    /** So many bytes are up; throws what the heartbeat throws. */
    void sent(long bytes) {
        sentBytes = bytes;
        beat();
    }

    private void beat() {
        heartbeat.accept(ArchiveHeartbeat.of(ArchiveHeartbeat.Stage.PUBLISHING, sentBytes, sizeBytes));
    }

    @Override
    public void close() {
        beats.shutdownNow();
    }
}
