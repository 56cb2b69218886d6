package dev.cadflow.benchmarks;

import dev.cadflow.activity.ArchiveHeartbeat;
import dev.cadflow.activity.ArchiveInput;
import dev.cadflow.activity.ArchiveResult;
import dev.cadflow.activity.impl.CadFileArchiver;
import dev.cadflow.archive.Download;
import dev.cadflow.archive.DownloadLimits;
import dev.cadflow.archive.FileArchive;
import dev.cadflow.archive.ProvenDownload;
import dev.cadflow.makistry.DownloadUrlSeal;
import dev.cadflow.makistry.MakistryClient;
import dev.cadflow.workflow.CadRequest;
import dev.cadflow.workflow.DeliveredBy;
import dev.cadflow.workflow.OutputFormat;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import okhttp3.OkHttpClient;

/** Archives one job as a worker does, in a process whose heap is bounded. */
final class ArchivingProcess {
    private ArchivingProcess() {}

    /** Prints the nanoseconds until the file was on disk and until it was published, and its SHA-256. */
    @SuppressWarnings("SystemOut")
    public static void main(String[] arguments) {
        try (MakistryClient makistry = MakistryClient.builder(arguments[1])
                .baseUrl(URI.create(arguments[0]))
                .build()) {
            DownloadUrlSeal seal = DownloadUrlSeal.forApiKey(arguments[1]);
            CadFileArchiver archiver = new CadFileArchiver(
                    new FileArchive(Path.of(arguments[3])),
                    new ProvenDownload(new Download(new OkHttpClient(), DownloadLimits.DEFAULT)),
                    seal::open,
                    jobId -> Objects.requireNonNull(makistry.job(jobId).downloadUrl()),
                    Clock.systemUTC(),
                    "benchmark");
            ArchiveInput input = new ArchiveInput(
                    "part",
                    OutputFormat.valueOf(arguments[4]),
                    seal.seal(makistry.job(arguments[2])),
                    CadRequest.builder().prompt("A box").build(),
                    "benchmark",
                    "run-1",
                    DeliveredBy.POLL,
                    null);
            long before = System.nanoTime();
            AtomicLong come = new AtomicLong();
            ArchiveResult result = archiver.archive(input, 0, beat -> {
                // The proof begins once the whole file is flushed to the disk and hashed.
                if (beat.stage() == ArchiveHeartbeat.Stage.PROVING) {
                    come.compareAndSet(0, System.nanoTime());
                }
            });
            System.out.println(come.get() - before);
            System.out.println(System.nanoTime() - before);
            System.out.println(result.file().sha256());
        }
    }
}
