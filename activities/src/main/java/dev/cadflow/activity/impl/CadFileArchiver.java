package dev.cadflow.activity.impl;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.cadflow.activity.ArchiveHeartbeat;
import dev.cadflow.activity.ArchiveInput;
import dev.cadflow.activity.ArchiveResult;
import dev.cadflow.archive.Archive;
import dev.cadflow.archive.ArchiveException;
import dev.cadflow.archive.ArchiveKey;
import dev.cadflow.archive.Manifest;
import dev.cadflow.archive.ManifestSigner;
import dev.cadflow.archive.ProvenDownload;
import dev.cadflow.archive.PublishedFile;
import dev.cadflow.archive.Quarantine;
import dev.cadflow.archive.StagedFile;
import dev.cadflow.workflow.CadRequest;
import dev.cadflow.workflow.DesignMode;
import dev.cadflow.workflow.FailureType;
import dev.cadflow.workflow.JobFinished;
import dev.cadflow.workflow.Measures;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What the archive activity does: downloads the file of a job, proves it, and publishes it with its manifest. Called
 * again after whatever broke, it goes on from there; called again after it was done, it gives the same answer.
 */
public final class CadFileArchiver {
    private final Archive archive;
    private final ProvenDownload download;
    private final SealedUrl sealedUrl;
    private final FreshUrl freshUrl;
    private final Clock clock;
    private final String cadflowVersion;
    private final @Nullable ManifestSigner signer;

    /**
     * An archiver into that archive.
     *
     * @param clock for the manifest's time
     * @param cadflowVersion for the manifest
     */
    public CadFileArchiver(
            Archive archive,
            ProvenDownload download,
            SealedUrl sealedUrl,
            FreshUrl freshUrl,
            Clock clock,
            String cadflowVersion) {
        this(archive, download, sealedUrl, freshUrl, clock, cadflowVersion, null);
    }

    /**
     * An archiver that signs its manifests.
     *
     * @param signer null for manifests without a signature
     */
    public CadFileArchiver(
            Archive archive,
            ProvenDownload download,
            SealedUrl sealedUrl,
            FreshUrl freshUrl,
            Clock clock,
            String cadflowVersion,
            @Nullable ManifestSigner signer) {
        this.archive = archive;
        this.download = download;
        this.sealedUrl = sealedUrl;
        this.freshUrl = freshUrl;
        this.clock = clock;
        this.cadflowVersion = cadflowVersion;
        this.signer = signer;
    }

    /**
     * Archives the file.
     *
     * @param earlierRequests how many Makistry requests earlier tries made for fresh URLs, as their last heartbeat says
     * @param heartbeat told of every piece that has come or gone; what it throws ends the work, and what has come is
     *     kept for the next try
     * @return the file and its manifest; how many Makistry requests were made for fresh URLs, earlier tries included
     * @throws ArchiveException {@code invalid_input} for an archive key that breaks a rule, {@code archive_conflict},
     *     {@code archive_unavailable}, {@code service_unavailable} from the storage host, or {@code output_invalid}. The
     *     details say where bytes are kept that were not published
     * @throws RuntimeException whatever {@link FreshUrl} throws
     */
    public ArchiveResult archive(
            ArchiveInput input, int earlierRequests, Consumer<? super ArchiveHeartbeat> heartbeat) {
        ArchiveKey key = ArchiveKey.of(input.archiveKey());
        Optional<PublishedFile> earlier = publishedByThisJob(
                key, input.job().jobId(), beat -> heartbeat.accept(beat.withMakistryRequests(earlierRequests)));
        if (earlier.isPresent()) {
            remember(input, key);
            return earlier.get().toResult(earlierRequests);
        }
        JobDownloadUrl url = new JobDownloadUrl(input.job(), sealedUrl, freshUrl, earlierRequests);
        Consumer<ArchiveHeartbeat> counted =
                beat -> heartbeat.accept(beat.withMakistryRequests(url.makistryRequests()));
        ProvenDownload.Order order = new ProvenDownload.Order(
                key, input.job().jobId(), input.outputFormat(), input.request().expect());
        ProvenDownload.Outcome outcome = download.bring(order, url, archive.staging(), counted);
        Manifest manifest = manifest(input, outcome.file(), outcome.measures());
        ArchiveException invalid = outcome.invalid();
        if (invalid != null) {
            throw Quarantine.in(archive, this::signed).keep(key, outcome.file(), manifest, invalid, counted);
        }
        PublishedFile published = publish(key, outcome.file(), manifest, counted);
        remember(input, key);
        return published.toResult(url.makistryRequests());
    }

    private void remember(ArchiveInput input, ArchiveKey key) {
        if (input.fingerprint() != null) {
            EarlierFiles.remember(archive, input.fingerprint(), key);
        }
    }

    private PublishedFile publish(
            ArchiveKey key, StagedFile file, Manifest manifest, Consumer<? super ArchiveHeartbeat> heartbeat) {
        try {
            return archive.publish(key, file, manifest, heartbeat);
        } catch (ArchiveException failure) {
            if (failure.type() == FailureType.ARCHIVE_CONFLICT) {
                throw Quarantine.in(archive, this::signed).keep(key, file, manifest, failure, heartbeat);
            }
            throw failure;
        }
    }

    /** Another's file under the key is no answer: ours is brought all the same, so that it can be kept aside. */
    private Optional<PublishedFile> publishedByThisJob(
            ArchiveKey key, String jobId, Consumer<? super ArchiveHeartbeat> heartbeat) {
        try {
            return archive.find(key, heartbeat)
                    .filter(file -> file.manifest().job().jobId().equals(jobId));
        } catch (ArchiveException failure) {
            if (failure.type() == FailureType.ARCHIVE_CONFLICT) {
                return Optional.empty();
            }
            throw failure;
        }
    }

    private Manifest manifest(ArchiveInput input, StagedFile file, @Nullable Measures measures) {
        JobFinished job = input.job();
        CadRequest request = input.request();
        String prompt = request.prompt();
        Manifest manifest = new Manifest(
                Manifest.VERSION,
                input.archiveKey(),
                new Manifest.Content(
                        file.sha256(),
                        file.sizeBytes(),
                        input.outputFormat().mediaType(),
                        input.outputFormat(),
                        Measures.NONE.equals(measures) ? null : measures),
                new Manifest.MakistryJob(
                        job.jobId(),
                        job.createdAt(),
                        job.updatedAt(),
                        job.brainstorm(),
                        job.tokensUsed(),
                        job.latencyMs()),
                new Manifest.Request(
                        prompt,
                        prompt == null ? null : sha256(prompt),
                        designModeOf(job, request),
                        input.fingerprint()),
                new Manifest.Workflow(input.workflowId(), input.runId()),
                new Manifest.Delivery(input.deliveredBy(), file.sourceHost(), clock.instant(), cadflowVersion),
                null,
                null);
        return signed(manifest);
    }

    /** What the job says: one that is adopted was asked for by another request. */
    private static DesignMode designModeOf(JobFinished job, CadRequest request) {
        return Arrays.stream(DesignMode.values())
                .filter(mode -> mode.wireName().equals(job.designMode()))
                .findFirst()
                .orElseGet(request::designModeOrDefault);
    }

    private Manifest signed(Manifest manifest) {
        return signer == null ? manifest : signer.sign(manifest);
    }

    private static String sha256(String text) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8)));
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException("This Java has no SHA-256", missing);
        }
    }
}
