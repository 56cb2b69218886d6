package dev.cadflow.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Named.named;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.cadflow.workflow.FailureType;
import dev.cadflow.workflow.OutputFormat;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import okhttp3.OkHttpClient;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What a storage host says of a body is held against bytes that are a valid part all the same. */
final class HostDigestsTest {
    private static final byte[] PART = Parts.step("bracket");
    private static final byte[] DAMAGED = Parts.step("brackfu");
    private static final String CRC32C = "crc32c=" + crc32c(PART);
    private static final String MD5 = "md5=" + Base64.getEncoder().encodeToString(md5(PART));
    private static final String WRONG_CRC32C = "crc32c=" + crc32c(DAMAGED);
    private static final String WRONG_MD5 = "md5=" + Base64.getEncoder().encodeToString(md5(DAMAGED));
    private static final String MD5_ETAG = '"' + HexFormat.of().formatHex(md5(PART)) + '"';
    private static final DownloadLimits LIMITS =
            new DownloadLimits(Duration.ofSeconds(30), Duration.ofSeconds(30), Duration.ofSeconds(30), 64L << 20);

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path staging;

    @ParameterizedTest
    @MethodSource
    void aBodyOfTheRightDigestsIsAcceptedAtFirstSight(List<String> hashes) {
        try (StorageHost host = new StorageHost(hashed(PART, hashes))) {
            assertThat(bring(host).invalid()).isNull();
            assertThat(host.seen()).hasSize(1);
        }
    }

    static Stream<Named<List<String>>> aBodyOfTheRightDigestsIsAcceptedAtFirstSight() {
        return Stream.of(
                        List.of(CRC32C),
                        List.of(MD5),
                        List.of(CRC32C + "," + MD5),
                        List.of(MD5 + ", " + CRC32C),
                        List.of(CRC32C, MD5),
                        List.of("sha512=of-tomorrow", MD5))
                .map(hashes -> named(String.join(" | ", hashes), hashes));
    }

    @ParameterizedTest
    @MethodSource
    void aBodyOfAnotherDigestIsInvalidAndTheDigestIsNamed(List<String> hashes, String wrong, String right) {
        try (StorageHost host = new StorageHost(hashed(PART, hashes))) {
            ArchiveException invalid = bring(host).invalid();

            assertThat(invalid).isNotNull();
            assertThat(invalid.type()).isEqualTo(FailureType.OUTPUT_INVALID);
            assertThat(invalid)
                    .hasMessage("body from 127.0.0.1: expected x-goog-hash " + wrong.replaceFirst("=", " ") + ", found "
                            + right.substring(right.indexOf('=') + 1) + ", in 2 downloads");
        }
    }

    static Stream<Arguments> aBodyOfAnotherDigestIsInvalidAndTheDigestIsNamed() {
        return Stream.of(
                arguments(List.of(WRONG_CRC32C), WRONG_CRC32C, CRC32C),
                arguments(List.of(WRONG_MD5), WRONG_MD5, MD5),
                arguments(List.of(WRONG_CRC32C + "," + MD5), WRONG_CRC32C, CRC32C),
                arguments(List.of(CRC32C + "," + WRONG_MD5), WRONG_MD5, MD5),
                arguments(List.of(MD5 + ", " + WRONG_CRC32C), WRONG_CRC32C, CRC32C),
                arguments(List.of(WRONG_CRC32C, MD5), WRONG_CRC32C, CRC32C),
                arguments(List.of(CRC32C, WRONG_MD5), WRONG_MD5, MD5));
    }

    /** Google's storage serves what it has as gzip decompressed, under the hashes of what it has. */
    @Test
    void aHashOfTheBytesAsTheyAreStoredSaysNothingOfThoseThatCome() {
        try (StorageHost host = new StorageHost(
                hashed(PART, List.of(WRONG_CRC32C, WRONG_MD5), Map.of("x-goog-stored-content-encoding", "gzip")))) {
            assertThat(bring(host).invalid()).isNull();
            assertThat(host.seen()).hasSize(1);
        }
    }

    @Test
    void aHashOfBytesThatAreStoredAsTheyComeIsHeldTo() {
        try (StorageHost host = new StorageHost(
                hashed(PART, List.of(WRONG_CRC32C), Map.of("x-goog-stored-content-encoding", "identity")))) {
            assertThat(bring(host).invalid()).isNotNull();
        }
    }

    @Test
    void aCopyThatWasDamagedOnItsWayIsTakenAgain() {
        Map<String, String> etag = Map.of("ETag", MD5_ETAG);
        try (StorageHost host = new StorageHost(StorageHost.content(DAMAGED, etag), StorageHost.content(PART, etag))) {
            ProvenDownload.Outcome outcome = bring(host);

            assertThat(outcome.invalid()).isNull();
            assertThat(outcome.file().path()).hasBinaryContent(PART);
            assertThat(outcome.file().sha256()).isEqualTo(Parts.sha256(PART));
            assertThat(host.seen()).hasSize(2);
        }
    }

    @Test
    void anETagThatIsTheMd5IsAcceptedAtFirstSight() {
        try (StorageHost host = new StorageHost(StorageHost.content(PART, Map.of("ETag", MD5_ETAG)))) {
            assertThat(bring(host).invalid()).isNull();
            assertThat(host.seen()).hasSize(1);
        }
    }

    /** As S3 sends it under a KMS key. */
    @Test
    void anETagThatOnlyLooksLikeAnMd5IsAcceptedWhereTheSameBytesComeTwice() {
        Map<String, String> etag = Map.of("ETag", '"' + "0123456789abcdef".repeat(2) + '"');
        try (StorageHost host = new StorageHost(StorageHost.content(PART, etag))) {
            ProvenDownload.Outcome outcome = bring(host);

            assertThat(outcome.invalid()).isNull();
            assertThat(outcome.file().path()).hasBinaryContent(PART);
            assertThat(host.seen()).hasSize(2);
        }
    }

    /** As S3 sends it for what was put there in parts. */
    @Test
    void anETagOfPartsIsNoDigest() {
        Map<String, String> etag = Map.of("ETag", '"' + "0123456789abcdef".repeat(2) + "-3\"");
        try (StorageHost host = new StorageHost(StorageHost.content(PART, etag))) {
            assertThat(bring(host).invalid()).isNull();
            assertThat(host.seen()).hasSize(1);
        }
    }

    private ProvenDownload.Outcome bring(StorageHost host) {
        DownloadUrl url = new DownloadUrl() {
            @Override
            public URI current() {
                return host.url("old");
            }

            @Override
            public URI fresh() {
                return host.url("fresh");
            }
        };
        return new ProvenDownload(new Download(new OkHttpClient(), LIMITS))
                .bring(
                        new ProvenDownload.Order(ArchiveKey.of("part.step"), "job-1", OutputFormat.STEP, null),
                        url,
                        new Staging(staging),
                        beat -> {});
    }

    /** Each of these values in a header of its own. */
    private static StorageHost.Step hashed(byte[] content, List<String> hashes) {
        return hashed(content, hashes, Map.of());
    }

    private static StorageHost.Step hashed(byte[] content, List<String> hashes, Map<String, String> headers) {
        return exchange -> {
            hashes.forEach(hash -> exchange.getResponseHeaders().add("x-goog-hash", hash));
            StorageHost.content(content, headers).answer(exchange);
        };
    }

    private static String crc32c(byte[] content) {
        CRC32C crc = new CRC32C();
        crc.update(content);
        byte[] bigEndian =
                ByteBuffer.allocate(Integer.BYTES).putInt((int) crc.getValue()).array();
        return Base64.getEncoder().encodeToString(bigEndian);
    }

    private static byte[] md5(byte[] content) {
        return Disk.digest("MD5").digest(content);
    }
}
