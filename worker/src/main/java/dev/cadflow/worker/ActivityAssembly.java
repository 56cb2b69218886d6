package dev.cadflow.worker;

import dev.cadflow.activity.CadActivities;
import dev.cadflow.activity.CadBatchActivities;
import dev.cadflow.activity.impl.ArchiveActivity;
import dev.cadflow.activity.impl.CadActivitiesImpl;
import dev.cadflow.activity.impl.CadBatchActivitiesImpl;
import dev.cadflow.activity.impl.CadFileArchiver;
import dev.cadflow.activity.impl.EarlierFiles;
import dev.cadflow.activity.impl.FinishedJobs;
import dev.cadflow.activity.impl.ImagePrefixes;
import dev.cadflow.activity.impl.ImageSources;
import dev.cadflow.activity.impl.ImageStore;
import dev.cadflow.activity.impl.S3ImageStore;
import dev.cadflow.archive.Archive;
import dev.cadflow.archive.Download;
import dev.cadflow.archive.DownloadLimits;
import dev.cadflow.archive.ProvenDownload;
import dev.cadflow.archive.S3Clients;
import dev.cadflow.makistry.DownloadUrlSeal;
import dev.cadflow.makistry.MakistryClient;
import dev.cadflow.makistry.MakistryException;
import dev.cadflow.makistry.Quota;
import dev.cadflow.makistry.SubmitBudget;
import dev.cadflow.workflow.FailureType;
import java.net.URI;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import okhttp3.ConnectionPool;
import okhttp3.OkHttpClient;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.S3Client;

/** Puts the activities together as the configuration says. */
final class ActivityAssembly {
    private final WorkerConfig config;
    private final StopSequence stops;
    private final OkHttpClient storage;
    private final Download download;
    private final @Nullable ImageStore objects;

    /**
     * Opens what the activities share.
     *
     * @param stops told how to stop what is opened
     * @throws WorkerStartException where the AWS SDK cannot make a client
     */
    ActivityAssembly(WorkerConfig config, StopSequence stops) throws WorkerStartException {
        this.config = config;
        this.stops = stops;
        this.objects = objects(config, stops);
        // A client of its own: what goes to the storage host must never carry the API key.
        this.storage = new OkHttpClient.Builder()
                .connectionPool(new ConnectionPool(5, 30, TimeUnit.SECONDS))
                .build();
        this.download = new Download(storage, DownloadLimits.DEFAULT);
        stops.add("downloads", remaining -> {
            download.breakOff();
            storage.connectionPool().evictAll();
        });
    }

    /** Lets activities whose threads have been interrupted hear of it, where they wait for a storage host. */
    void breakOffDownloads() {
        download.breakOff();
    }

    /** The activities of single jobs. */
    CadActivities activities(Archive archive, @Nullable URI callbackUrl, FinishedJobs finishedJobs) {
        String apiKey = config.apiKey().reveal();
        MakistryClient makistry = stops.closing(
                "Makistry client",
                MakistryClient.builder(apiKey)
                        .baseUrl(config.baseUrl())
                        .quota(new Quota(config.quota()))
                        .build());
        DownloadUrlSeal seal = DownloadUrlSeal.forApiKey(apiKey);
        CadFileArchiver archiver = new CadFileArchiver(
                archive,
                new ProvenDownload(download),
                seal::open,
                jobId -> freshUrl(makistry, jobId),
                Clock.systemUTC(),
                version(),
                config.archiveSettings().signer());
        return CadActivitiesImpl.builder(makistry, seal, new ArchiveActivity(archiver))
                .waitPlans(config.waits())
                .callbackUrl(callbackUrl)
                .images(new ImageSources(ImagePrefixes.of(config.imagePrefixes()), storage, objects))
                .budget(budget(config.maxSubmitsPerDay()))
                .finishedJobs(finishedJobs)
                .earlierFiles(new EarlierFiles(archive))
                .build();
    }

    /** The activities of batches, which read lists of parts where images may be read, and from the archive's folder. */
    CadBatchActivities batchActivities(Archive archive) {
        List<URI> places = new ArrayList<>(config.imagePrefixes());
        if ("file".equals(config.archive().getScheme()) && ImagePrefixes.canBe(config.archive())) {
            places.add(config.archive());
        }
        return new CadBatchActivitiesImpl(
                new ImageSources(ImagePrefixes.of(places), new OkHttpClient(), objects), archive.workingFiles());
    }

    /** Reads the {@code s3:} places that images, and lists of parts, may be read from; null where there are none. */
    private static @Nullable ImageStore objects(WorkerConfig config, StopSequence stops) throws WorkerStartException {
        if (config.imagePrefixes().stream().noneMatch(prefix -> "s3".equals(prefix.getScheme()))) {
            return null;
        }
        try {
            S3Client client = S3Clients.open(config.archiveSettings().s3());
            return stops.closing("images in S3", new S3ImageStore(client));
        } catch (IllegalArgumentException unusable) {
            throw new WorkerStartException("CADFLOW_IMAGES: " + unusable.getMessage(), unusable);
        }
    }

    private static SubmitBudget budget(@Nullable Integer perDay) {
        return perDay == null ? SubmitBudget.unlimited() : new SubmitBudget(perDay, Clock.systemUTC());
    }

    private static URI freshUrl(MakistryClient makistry, String jobId) {
        URI url = makistry.job(jobId).downloadUrl();
        if (url == null) {
            throw MakistryException.builder(
                            FailureType.SERVICE_UNAVAILABLE,
                            "Makistry was asked for the download URL of job " + jobId + " and gave none")
                    .requestSent(true)
                    .build();
        }
        return url;
    }

    private static String version() {
        String version = WorkerMain.class.getPackage().getImplementationVersion();
        return version == null ? "development" : version;
    }
}
