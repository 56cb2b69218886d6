package dev.cadflow.archive;

import dev.cadflow.activity.ArchiveHeartbeat;
import dev.cadflow.workflow.Expectation;
import dev.cadflow.workflow.FailureType;
import dev.cadflow.workflow.Measures;
import dev.cadflow.workflow.OutputFormat;
import java.io.IOException;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Downloads a file until it is proven, three times at most: bytes may be damaged on the way. The same bad bytes twice are
 * what the host has, and are not asked for again.
 */
public final class ProvenDownload {
    private static final int MOST_DOWNLOADS = 3;

    private final Download download;
    private final CadFormatCheck check = new CadFormatCheck();

    /** Proves what that download brings. */
    public ProvenDownload(Download download) {
        this.download = download;
    }

    /**
     * What came.
     *
     * @param file in the staging
     * @param measures from its content; null where it is not valid
     * @param invalid why it is not what was ordered; null where it is
     */
    public record Outcome(
            StagedFile file,
            @Nullable Measures measures,
            @Nullable ArchiveException invalid) {}

    /**
     * What to bring.
     *
     * @param key where it will be published
     * @param jobId whose file it is
     * @param format what it must prove to be
     * @param expect what else it must be; null for nothing
     */
    public record Order(
            ArchiveKey key,
            String jobId,
            OutputFormat format,
            @Nullable Expectation expect) {}

    /**
     * Brings the file, going on from what an earlier run of the same job left in the staging.
     *
     * @throws ArchiveException {@code service_unavailable} where the host does not send it now,
     *     {@code archive_unavailable} where the disk does not take it, {@code output_invalid} where it is larger than
     *     the download takes
     */
    public Outcome bring(Order order, DownloadUrl url, Staging staging, Consumer<? super ArchiveHeartbeat> heartbeat) {
        try (PartialFile partial = PartialFile.open(
                staging,
                order.key(),
                order.jobId(),
                bytes -> heartbeat.accept(ArchiveHeartbeat.of(ArchiveHeartbeat.Stage.DOWNLOADING, bytes, null)))) {
            return bring(order, url, partial, heartbeat);
        } catch (IOException failure) {
            throw DiskFailures.of(failure, order.key());
        }
    }

    private Outcome bring(
            Order order, DownloadUrl url, PartialFile partial, Consumer<? super ArchiveHeartbeat> heartbeat)
            throws IOException {
        Set<String> seen = new HashSet<>();
        for (int downloads = 1; ; downloads++) {
            Download.Fetched fetched = download.fetch(url, partial, heartbeat);
            StagedFile file = fetched.file();
            boolean cameTwice = !seen.add(file.sha256());
            try {
                fetched.requireHostDigests(cameTwice);
                ProofProgress proving = bytes ->
                        heartbeat.accept(ArchiveHeartbeat.of(ArchiveHeartbeat.Stage.PROVING, bytes, file.sizeBytes()));
                proving.read(0);
                Measures measures = check.prove(file.path(), order.format(), proving);
                return accepted(file, measures, order.expect());
            } catch (InvalidCadFile invalid) {
                if (cameTwice || downloads >= MOST_DOWNLOADS) {
                    return new Outcome(file, null, invalid(invalid.getMessage() + ", in " + downloads + " downloads"));
                }
                partial.discard();
            }
        }
    }

    private static Outcome accepted(StagedFile file, Measures measures, @Nullable Expectation expect) {
        String difference = expect == null ? null : ExpectationGate.difference(expect, file.sizeBytes(), measures);
        return new Outcome(file, measures, difference == null ? null : invalid(difference));
    }

    private static ArchiveException invalid(String message) {
        return ArchiveException.of(
                FailureType.OUTPUT_INVALID,
                message,
                "Look at the file where it is kept. If it serves, take it from there; if not, submit again.");
    }
}
