package dev.cadflow.archive;

import dev.cadflow.activity.ArchiveHeartbeat;
import dev.cadflow.workflow.FailureType;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.NoSuchUploadException;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * An archive in a bucket of S3, or of a store that speaks it with conditional writes.
 *
 * <p>The manifest goes up first, the file second, each by {@code If-None-Match: *}, so that of any number of runs one
 * writes. A file is published when its object is there, and then its manifest is; a manifest alone says that a run died
 * in between, and any run that brings the same bytes finishes it. Where another run of the same job has put up the
 * manifest of other bytes and then died, nobody else has those bytes, so the key stays as it is and the answer is
 * {@code archive_conflict}. An object appears whole or not at all: S3 shows a multipart upload only once it is
 * completed, and every part is checked by the store against its SHA-256.
 *
 * <p>Bytes gather in a local {@link Staging} first: proving a file needs all of it. Safe for use by many threads.
 */
public final class S3Archive implements Archive {
    private static final int LARGEST_MANIFEST = 16 << 20;
    private static final int PRECONDITION_FAILED = 412;
    private static final int CONFLICT = 409;
    private static final int NOT_FOUND = 404;
    /** The object's own word on what it is, for whoever sees it without its manifest. */
    private static final String SHA256_METADATA = "sha256";

    private final S3Client client;
    private final S3Settings settings;
    private final Staging staging;
    private final S3Upload upload;

    /**
     * An archive in that bucket.
     *
     * @param client configured by whoever made it, who also closes it
     * @param staging on a local disk with room for the files that are on their way
     * @param clock for the end of the retention
     */
    public S3Archive(S3Client client, S3Settings settings, Staging staging, Clock clock) {
        this.client = client;
        this.settings = settings;
        this.staging = staging;
        this.upload = new S3Upload(client, settings, clock);
    }

    @Override
    public Staging staging() {
        return staging;
    }

    @Override
    public WorkingFiles workingFiles() {
        return new S3WorkingFiles(client, settings);
    }

    @Override
    public Optional<PublishedFile> find(ArchiveKey key, Consumer<? super ArchiveHeartbeat> heartbeat) {
        try {
            Optional<HeadObjectResponse> file = head(key);
            Optional<Manifest> manifest = readManifest(key);
            if (file.isEmpty()) {
                return Optional.empty();
            }
            Manifest told = manifest.orElseThrow(() -> FileArchive.conflict(key, "an object without a manifest"));
            requireSame(key, file.get(), told);
            staging.clear(key);
            return Optional.of(published(key, told));
        } catch (SdkException | IOException failure) {
            throw S3Failures.of(failure, settings, key);
        }
    }

    @Override
    public PublishedFile publish(
            ArchiveKey key, StagedFile file, Manifest manifest, Consumer<? super ArchiveHeartbeat> heartbeat) {
        Duration every = settings.options().patience().pulse();
        try (UploadPulse pulse = UploadPulse.start(file.sizeBytes(), every, heartbeat)) {
            Manifest agreed = agree(key, manifest);
            if (head(key).isEmpty()) {
                putFile(key, file, agreed, pulse);
            }
            HeadObjectResponse there = head(key).orElseThrow(() -> gone(key));
            requireSame(key, there, agreed);
            staging.clear(key);
            return published(key, agreed);
        } catch (SdkException | IOException failure) {
            throw S3Failures.of(failure, settings, key);
        }
    }

    @Override
    public void remember(RequestFingerprint fingerprint, ArchiveKey key) {
        try {
            client.putObject(
                    upload.replacing(objectKey(RememberedRequests.path(fingerprint)), "text/plain; charset=utf-8"),
                    RequestBody.fromBytes(RememberedRequests.write(key)));
        } catch (SdkException failure) {
            throw S3Failures.of(failure, settings, key);
        }
    }

    @Override
    public Optional<ArchiveKey> recall(RequestFingerprint fingerprint) {
        String note = RememberedRequests.path(fingerprint);
        try (InputStream in = open(note)) {
            return RememberedRequests.read(in.readNBytes(RememberedRequests.LONGEST_NOTE + 1));
        } catch (NoSuchKeyException none) {
            return Optional.empty();
        } catch (SdkException | IOException failure) {
            throw S3Failures.of(failure, settings, new ArchiveKey(note));
        }
    }

    /** Aborts uploads in parts below the prefix that nobody has completed, and deletes from the staging. */
    @Override
    public int sweep(Duration olderThan, Instant now) {
        Instant before = now.minus(olderThan);
        try {
            int removed = 0;
            for (Path file : staging.olderThan(before)) {
                removed += Files.deleteIfExists(file) ? 1 : 0;
            }
            return removed + upload.abortOlderThan(before);
        } catch (SdkException | IOException failure) {
            throw S3Failures.of(failure, settings, new ArchiveKey(""));
        }
    }

    /** The manifest that holds for the key from now on: this one, or the one of an earlier run of the same job. */
    private Manifest agree(ArchiveKey key, Manifest manifest) throws IOException {
        // The file first: whoever publishes it has put its manifest there before.
        boolean fileIsThere = head(key).isPresent();
        Optional<Manifest> known = readManifest(key);
        if (known.isEmpty()) {
            if (fileIsThere) {
                throw FileArchive.conflict(key, "an object without a manifest");
            }
            if (putManifest(key, manifest)) {
                return manifest;
            }
            known = readManifest(key);
        }
        Manifest agreed = known.orElseThrow(() -> gone(key));
        if (!agreed.job().jobId().equals(manifest.job().jobId())) {
            throw FileArchive.conflict(key, "the file of job " + agreed.job().jobId());
        }
        return agreed;
    }

    /** Whether the key was free. */
    private boolean putManifest(ArchiveKey key, Manifest manifest) {
        try {
            client.putObject(
                    upload.putting(objectKey(key.manifest()), "application/json", Map.of()),
                    RequestBody.fromBytes(manifest.toJson()));
            return true;
        } catch (S3Exception refused) {
            requireTaken(key.manifest(), refused);
            return false;
        }
    }

    private void putFile(ArchiveKey key, StagedFile file, Manifest agreed, UploadPulse pulse) throws IOException {
        if (!agreed.file().sha256().equals(file.sha256())) {
            throw FileArchive.conflict(
                    key,
                    "the manifest of other content, SHA-256 " + agreed.file().sha256()
                            + ", whose file never came; remove " + uri(key.manifest()) + " if nobody needs it");
        }
        try {
            upload.put(
                    objectKey(key.value()),
                    file,
                    agreed.file().mediaType(),
                    Map.of(SHA256_METADATA, file.sha256()),
                    pulse);
        } catch (S3Exception refused) {
            requireTaken(key.value(), refused);
        } catch (S3Upload.ChangedSinceProof changed) {
            // Of no use to the next try, which would take them for what has come.
            Files.deleteIfExists(file.path());
            throw ArchiveException.unavailable(
                    "archive: expected the bytes of " + key + " as they were proven, SHA-256 " + file.sha256()
                            + ", found the worker's own disk to hold others, " + changed.getMessage(),
                    "Nothing at first: it is downloaded again by itself. If it lasts, check the worker's disk.",
                    changed);
        }
    }

    /**
     * Throws what was refused for another reason than that the key is taken, or may be: where the answer to a completion
     * is lost, the SDK asks again, and the upload is no more. A conflict says that another run writes there at the same
     * moment, which it may or may not have done by now.
     */
    private void requireTaken(String path, S3Exception refused) {
        boolean isTaken = refused.statusCode() == PRECONDITION_FAILED
                || refused instanceof NoSuchUploadException
                || refused.statusCode() == CONFLICT
                        && head(new ArchiveKey(path)).isPresent();
        if (!isTaken) {
            throw refused;
        }
    }

    private static void requireSame(ArchiveKey key, HeadObjectResponse object, Manifest manifest) {
        String sha256 = object.metadata().get(SHA256_METADATA);
        boolean isSame = object.contentLength() == manifest.file().sizeBytes()
                && (sha256 == null || sha256.equals(manifest.file().sha256()));
        if (!isSame) {
            throw FileArchive.conflict(key, "an object that is not what its manifest names");
        }
    }

    private Optional<HeadObjectResponse> head(ArchiveKey key) {
        try {
            return Optional.of(client.headObject(
                    request -> request.bucket(settings.bucket()).key(objectKey(key.value()))));
        } catch (S3Exception failure) {
            // A missing bucket looks the same here; reading the manifest says so.
            if (failure.statusCode() == NOT_FOUND) {
                return Optional.empty();
            }
            throw S3Failures.inWords(failure, client, settings.bucket(), objectKey(key.manifest()));
        }
    }

    private Optional<Manifest> readManifest(ArchiveKey key) throws IOException {
        byte[] json;
        try (InputStream in = open(key.manifest())) {
            json = in.readNBytes(LARGEST_MANIFEST);
        } catch (NoSuchKeyException none) {
            return Optional.empty();
        }
        try {
            return Optional.of(Manifest.parse(json));
        } catch (IOException unreadable) {
            throw FileArchive.conflict(key, "a manifest that cannot be read");
        }
    }

    private InputStream open(String path) {
        return new WholeBody(
                client.getObject(request -> request.bucket(settings.bucket()).key(objectKey(path))));
    }

    private static ArchiveException gone(ArchiveKey key) {
        return ArchiveException.of(
                FailureType.ARCHIVE_UNAVAILABLE,
                "archive: expected " + key + ", which the store had just said it has, found nothing",
                "Nothing: it is tried again by itself.");
    }

    private PublishedFile published(ArchiveKey key, Manifest manifest) {
        return new PublishedFile(uri(key.value()), uri(key.manifest()), manifest);
    }

    private URI uri(String path) {
        return S3Failures.uri(settings, path);
    }

    private String objectKey(String path) {
        return settings.prefix().isEmpty() ? path : settings.prefix() + "/" + path;
    }

    /** Names bucket and prefix. */
    @Override
    public String toString() {
        return "S3Archive[s3://" + settings.bucket() + "/" + settings.prefix() + "]";
    }
}
