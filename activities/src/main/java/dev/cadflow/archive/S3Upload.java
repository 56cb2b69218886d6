package dev.cadflow.archive;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.awscore.AwsRequestOverrideConfiguration;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.ContentStreamProvider;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ChecksumAlgorithm;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.CreateMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.MultipartUpload;
import software.amazon.awssdk.services.s3.model.ObjectLockMode;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.UploadPartResponse;

/** Brings a file up whole or not at all, and only where its key is free. */
final class S3Upload {
    private static final Logger LOG = LoggerFactory.getLogger(S3Upload.class);

    private final S3Client client;
    private final S3Settings settings;
    private final Clock clock;

    S3Upload(S3Client client, S3Settings settings, Clock clock) {
        this.client = client;
        this.settings = settings;
        this.clock = clock;
    }

    /** A put of that object over an earlier one, encrypted as the settings say. */
    PutObjectRequest replacing(String objectKey, String mediaType) {
        PutObjectRequest.Builder request = PutObjectRequest.builder()
                .bucket(settings.bucket())
                .key(objectKey)
                .contentType(mediaType)
                .checksumAlgorithm(checksum());
        encrypt(request, settings);
        return request.build();
    }

    /** A conditional put of that object, encrypted and locked as the settings say. */
    PutObjectRequest putting(String objectKey, String mediaType, Map<String, String> metadata) {
        PutObjectRequest.Builder request = PutObjectRequest.builder()
                .bucket(settings.bucket())
                .key(objectKey)
                .contentType(mediaType)
                .metadata(metadata)
                .ifNoneMatch("*")
                .checksumAlgorithm(checksum());
        encrypt(request, settings);
        S3Options.Retention retention = settings.options().retention();
        if (retention != null) {
            request.objectLockMode(ObjectLockMode.fromValue(retention.mode().name()))
                    .objectLockRetainUntilDate(clock.instant().plus(retention.duration()));
        }
        return request.build();
    }

    /** Has the store encrypt what is put, as the settings say. */
    static void encrypt(PutObjectRequest.Builder request, S3Settings settings) {
        S3Options.Encryption encryption = settings.options().encryption();
        if (encryption != null) {
            request.serverSideEncryption(encryption.algorithm()).ssekmsKeyId(encryption.kmsKeyId());
        }
    }

    /** The bytes in the staging are no longer those that were proven. */
    static final class ChangedSinceProof extends IOException {
        private static final long serialVersionUID = 1L;

        private ChangedSinceProof(String sha256) {
            super("SHA-256 " + sha256);
        }
    }

    /**
     * Brings the file up.
     *
     * @throws SdkException where the store refuses; 412 or 409 where the key is taken
     * @throws ChangedSinceProof where its bytes have another SHA-256 than the file had; nothing is there then
     */
    void put(String objectKey, StagedFile file, String mediaType, Map<String, String> metadata, UploadPulse pulse)
            throws IOException {
        if (file.sizeBytes() > settings.options().partBytes()) {
            putInParts(objectKey, file, mediaType, metadata, pulse);
            return;
        }
        requireProven(file, Disk.sha256(file.path()));
        PutObjectRequest.Builder request = putting(objectKey, mediaType, metadata).toBuilder()
                .checksumAlgorithm((ChecksumAlgorithm) null)
                .overrideConfiguration(longEnoughFor(file.sizeBytes(), settings));
        if (checksum() != null) {
            byte[] digest = HexFormat.of().parseHex(file.sha256());
            request.checksumSHA256(Base64.getEncoder().encodeToString(digest));
        }
        client.putObject(request.build(), RequestBody.fromFile(file.path()));
        pulse.sent(file.sizeBytes());
    }

    /** How long it may take to bring so many bytes up. */
    static AwsRequestOverrideConfiguration longEnoughFor(long bytes, S3Settings settings) {
        S3Patience patience = settings.options().patience();
        return AwsRequestOverrideConfiguration.builder()
                .apiCallAttemptTimeout(patience.oneTry(bytes))
                .apiCallTimeout(patience.allTries(bytes))
                .build();
    }

    private AwsRequestOverrideConfiguration longEnoughToComplete() {
        Duration completion = settings.options().patience().completion();
        return AwsRequestOverrideConfiguration.builder()
                .apiCallAttemptTimeout(completion)
                .apiCallTimeout(completion)
                .build();
    }

    private @Nullable ChecksumAlgorithm checksum() {
        return settings.options().checksums() == S3Options.Checksums.SHA256 ? ChecksumAlgorithm.SHA256 : null;
    }

    /** Aborts what was begun before that time and never completed; how many. */
    int abortOlderThan(Instant time) {
        int aborted = 0;
        String prefix = settings.prefix().isEmpty() ? "" : settings.prefix() + "/";
        for (MultipartUpload upload : client.listMultipartUploadsPaginator(
                        request -> request.bucket(settings.bucket()).prefix(prefix))
                .uploads()) {
            if (upload.initiated() == null || upload.initiated().isBefore(time)) {
                abort(upload.key(), upload.uploadId());
                aborted++;
            }
        }
        return aborted;
    }

    private void putInParts(
            String objectKey, StagedFile file, String mediaType, Map<String, String> metadata, UploadPulse pulse)
            throws IOException {
        String uploadId = client.createMultipartUpload(beginning(objectKey, mediaType, metadata))
                .uploadId();
        try {
            SentDigest sent = new SentDigest();
            List<CompletedPart> parts = uploadParts(objectKey, uploadId, file, sent, pulse);
            // The store checks each part as it was read; whether that was the proven file, nobody but us can tell.
            requireProven(file, sent.sha256());
            client.completeMultipartUpload(request -> request.bucket(settings.bucket())
                    .key(objectKey)
                    .uploadId(uploadId)
                    .ifNoneMatch("*")
                    .overrideConfiguration(longEnoughToComplete())
                    .multipartUpload(upload -> upload.parts(parts)));
        } catch (RuntimeException | IOException failure) {
            abortQuietly(objectKey, uploadId);
            throw failure;
        }
    }

    private CreateMultipartUploadRequest beginning(String objectKey, String mediaType, Map<String, String> metadata) {
        PutObjectRequest whole = putting(objectKey, mediaType, metadata);
        return CreateMultipartUploadRequest.builder()
                .bucket(whole.bucket())
                .key(whole.key())
                .contentType(whole.contentType())
                .metadata(whole.metadata())
                .checksumAlgorithm(checksum())
                .serverSideEncryption(whole.serverSideEncryption())
                .ssekmsKeyId(whole.ssekmsKeyId())
                .objectLockMode(whole.objectLockMode())
                .objectLockRetainUntilDate(whole.objectLockRetainUntilDate())
                .build();
    }

    private static void requireProven(StagedFile file, String sha256) throws ChangedSinceProof {
        if (!sha256.equals(file.sha256())) {
            throw new ChangedSinceProof(sha256);
        }
    }

    private List<CompletedPart> uploadParts(
            String objectKey, String uploadId, StagedFile file, SentDigest sent, UploadPulse pulse) {
        List<CompletedPart> parts = new ArrayList<>();
        for (long offset = 0;
                offset < file.sizeBytes();
                offset += settings.options().partBytes()) {
            int number = parts.size() + 1;
            long length = Math.min(settings.options().partBytes(), file.sizeBytes() - offset);
            UploadPartResponse answer = client.uploadPart(
                    request -> request.bucket(settings.bucket())
                            .key(objectKey)
                            .uploadId(uploadId)
                            .partNumber(number)
                            .checksumAlgorithm(checksum())
                            .overrideConfiguration(longEnoughFor(length, settings)),
                    RequestBody.fromContentProvider(
                            piece(file, offset, length, sent), length, "application/octet-stream"));
            sent.taken();
            parts.add(CompletedPart.builder()
                    .partNumber(number)
                    .eTag(answer.eTag())
                    .checksumSHA256(answer.checksumSHA256())
                    .build());
            pulse.sent(offset + length);
        }
        return parts;
    }

    /** A piece of the file, read anew for every try of the SDK, so that memory stays flat. */
    private static ContentStreamProvider piece(StagedFile file, long offset, long length, SentDigest sent) {
        return () -> {
            try {
                InputStream in = Files.newInputStream(file.path());
                in.skipNBytes(offset);
                return sent.reading(new BoundedStream(in, length));
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            }
        };
    }

    private void abortQuietly(String objectKey, String uploadId) {
        try {
            abort(objectKey, uploadId);
        } catch (SdkException notNow) {
            LOG.info("An upload to {} could not be aborted; the sweep will: {}", objectKey, notNow.getMessage());
        }
    }

    private void abort(String objectKey, String uploadId) {
        client.abortMultipartUpload(
                request -> request.bucket(settings.bucket()).key(objectKey).uploadId(uploadId));
    }
}
