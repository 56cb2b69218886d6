package dev.cadflow.archive;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.io.Closeable;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A file that is on its way: so many bytes of a body, and what is known of that body. It outlives its run: what was
 * flushed to disk by the last {@link #checkpoint} is taken up by {@link #open} in the next, on any worker that sees the
 * folder. Bytes behind the checkpoint are not trusted, for after a power cut they may be zeros.
 */
final class PartialFile implements Closeable {
    /** How much is lost at most when the process dies. */
    static final long CHECKPOINT_BYTES = 32L << 20;

    private static final int BUFFER_BYTES = 1 << 16;

    /**
     * What the state file says.
     *
     * @param jobId whose file it is
     * @param bytes how many are on disk for sure
     * @param complete whether that is all
     * @param body which body they are of
     */
    @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
    @JsonIgnoreProperties(ignoreUnknown = true)
    record State(String jobId, long bytes, boolean complete, BodyIdentity body) {}

    private record Found(Path stateFile, State state) {}

    private final Staging staging;
    private final ArchiveKey key;
    private final String jobId;
    private @Nullable Path path;
    private @Nullable FileOutputStream out;
    private @Nullable BodyIdentity body;
    private @Nullable BodyDigests digests;
    private boolean complete;
    private long length;
    private long checkpointed;

    private PartialFile(Staging staging, ArchiveKey key, String jobId) {
        this.staging = staging;
        this.key = key;
        this.jobId = jobId;
    }

    /**
     * The file of that job under that key: empty, or what an earlier run left.
     *
     * @param copied told how many bytes of what was left have been taken up
     */
    static PartialFile open(Staging staging, ArchiveKey key, String jobId, LongConsumer copied) throws IOException {
        PartialFile file = new PartialFile(staging, key, jobId);
        Optional<Found> left = longestLeft(staging, key, jobId);
        if (left.isPresent() && isRoomToTakeUp(left.get())) {
            try {
                file.takeUp(left.get(), copied);
            } catch (IOException failure) {
                file.discard();
                throw failure;
            }
        }
        return file;
    }

    /**
     * What was left is copied, for which there must be room. Where there is none, but would be for the whole file in its
     * place, it is deleted.
     */
    private static boolean isRoomToTakeUp(Found left) throws IOException {
        Path part = Staging.part(left.stateFile());
        long free = Files.getFileStore(part).getUsableSpace();
        if (free >= left.state().bytes()) {
            return true;
        }
        long freeWithoutIt = free + Files.size(part);
        Long total = left.state().body().totalBytes();
        if (freeWithoutIt < (total == null ? left.state().bytes() : total)) {
            throw new FileSystemException(part.toString(), null, "No space left on device");
        }
        Files.deleteIfExists(left.stateFile());
        Files.deleteIfExists(part);
        return false;
    }

    /** How many bytes have come. */
    long length() {
        return length;
    }

    /** Whether all bytes have come, as far as the host has said how many there are. */
    boolean isComplete() {
        Long total = body == null ? null : body.totalBytes();
        return complete || total != null && total == length;
    }

    /** Which body these bytes are of; empty where none have come. */
    Optional<BodyIdentity> body() {
        return Optional.ofNullable(body);
    }

    /** Forgets what has come and begins anew with that body. */
    void startOver(BodyIdentity newBody) throws IOException {
        discard();
        Path fresh = staging.freshPart(key);
        out = Disk.createFile(fresh);
        path = fresh;
        body = newBody;
        digests = new BodyDigests(newBody);
    }

    void append(byte[] buffer, int count) throws IOException {
        opened().write(buffer, 0, count);
        if (digests != null) {
            digests.update(buffer, count);
        }
        length += count;
        if (length - checkpointed >= CHECKPOINT_BYTES) {
            checkpoint();
        }
    }

    /** Flushes what has come, so that a later run can go on from here. */
    void checkpoint() throws IOException {
        if (path == null || body == null || length == 0) {
            return;
        }
        opened().getFD().sync();
        Disk.writeWhole(Staging.state(path), CanonicalJson.write(new State(jobId, length, complete, body)));
        checkpointed = length;
    }

    /** All bytes have come: flushes them and says what the digests say. */
    BodyDigests.Outcome finish() throws IOException {
        if (digests == null) {
            throw new IllegalStateException("no body has begun");
        }
        BodyDigests.Outcome outcome = digests.finish();
        digests = null;
        complete = true;
        checkpoint();
        return outcome;
    }

    /** The complete file, named by its digest. */
    StagedFile staged(String sha256) {
        if (path == null || body == null || !complete) {
            throw new IllegalStateException("not complete");
        }
        return new StagedFile(path, sha256, length, body.sourceHost());
    }

    /** Deletes what has come. */
    void discard() throws IOException {
        closeFile();
        if (path != null) {
            Files.deleteIfExists(Staging.state(path));
            Files.deleteIfExists(path);
        }
        path = null;
        body = null;
        digests = null;
        complete = false;
        length = 0;
        checkpointed = 0;
    }

    /** Leaves what has come where it is, for the next run. */
    @Override
    public void close() throws IOException {
        try {
            if (out != null && length > checkpointed) {
                checkpoint();
            }
        } catch (IOException notKept) {
            if (checkpointed == 0) {
                // Bytes without a state are of no use to a later run, and only fill the disk.
                discard();
            }
            throw notKept;
        } finally {
            closeFile();
        }
    }

    private void closeFile() throws IOException {
        if (out != null) {
            out.close();
            out = null;
        }
    }

    private FileOutputStream opened() {
        if (out == null) {
            throw new IllegalStateException("closed");
        }
        return out;
    }

    private void takeUp(Found found, LongConsumer copied) throws IOException {
        startOver(found.state().body());
        byte[] buffer = new byte[BUFFER_BYTES];
        try (InputStream in = Files.newInputStream(Staging.part(found.stateFile()))) {
            long missing = found.state().bytes();
            while (missing > 0) {
                int read = in.read(buffer, 0, (int) Math.min(buffer.length, missing));
                if (read < 0) {
                    discard();
                    return;
                }
                append(buffer, read);
                missing -= read;
                copied.accept(length);
            }
        } catch (NoSuchFileException taken) {
            discard();
            return;
        }
        complete = found.state().complete();
        checkpoint();
        Files.deleteIfExists(found.stateFile());
        Files.deleteIfExists(Staging.part(found.stateFile()));
    }

    private static Optional<Found> longestLeft(Staging staging, ArchiveKey key, String jobId) throws IOException {
        Found longest = null;
        List<Path> states = staging.leftovers(key, Staging.STATE);
        for (Path stateFile : states) {
            State state = readState(stateFile);
            if (state != null
                    && state.jobId().equals(jobId)
                    && Files.exists(Staging.part(stateFile))
                    && (longest == null || state.bytes() > longest.state().bytes())) {
                longest = new Found(stateFile, state);
            }
        }
        return Optional.ofNullable(longest);
    }

    // A state that cannot be read is worth nothing; the bytes come again. JSON can leave anything out.
    @SuppressWarnings("ConstantValue")
    private static @Nullable State readState(Path stateFile) {
        try {
            State state = CanonicalJson.read(Files.readAllBytes(stateFile), State.class);
            boolean usable = state.jobId() != null
                    && state.body() != null
                    && state.body().sourceHost() != null;
            return usable ? state : null;
        } catch (IOException unusable) {
            return null;
        }
    }
}
