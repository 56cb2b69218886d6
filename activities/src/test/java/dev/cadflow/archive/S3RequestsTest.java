package dev.cadflow.archive;

import static dev.cadflow.archive.testing.FaultyStore.refuse;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.cadflow.archive.S3Options.Checksums;
import dev.cadflow.archive.S3Options.Encryption;
import dev.cadflow.archive.S3Options.Retention;
import dev.cadflow.archive.testing.FaultyStore;
import dev.cadflow.archive.testing.FaultyStore.Seen;
import dev.cadflow.archive.testing.S3ProxyStore;
import dev.cadflow.workflow.CadRequest;
import dev.cadflow.workflow.FailureType;
import java.io.ByteArrayInputStream;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;
import software.amazon.awssdk.services.s3.S3Client;

/** What a store is sent. */
@ResourceLock(Resources.SYSTEM_PROPERTIES)
@SuppressWarnings("NullAway.Init")
final class S3RequestsTest {
    private static final Clock NOON = Clock.fixed(Instant.parse("2026-11-21T12:00:00Z"), ZoneOffset.UTC);
    private static final ArchiveKey SMALL_KEY = ArchiveKey.of("small.step");
    private static final ArchiveKey LARGE_KEY = ArchiveKey.of("large.step");
    private static final byte[] SMALL = Parts.step("small");
    private static final byte[] LARGE = S3Scenarios.large((int) S3Options.LEAST_PART_BYTES + 1);

    private S3ProxyStore store;
    private FaultyStore door;

    @TempDir
    private Path staging;

    @BeforeEach
    void start() {
        store = S3ProxyStore.start();
        door = new FaultyStore(store.endpoint());
    }

    @AfterEach
    void stop() {
        door.close();
        store.close();
    }

    @Test
    void encryptsWhateverItWritesAsTheSettingsSay() {
        writeEverything(options().encryption(new Encryption("AES256", null)).build());

        assertThat(written()).hasSize(6).allSatisfy(request -> {
            assertThat(request.header("x-amz-server-side-encryption")).isEqualTo("AES256");
            assertThat(request.header("x-amz-server-side-encryption-aws-kms-key-id"))
                    .isNull();
        });
    }

    @Test
    void namesTheKmsKeyWithWhateverItWrites() {
        String key = "arn:aws:kms:eu-central-1:111122223333:key/1234";
        writeEverything(options().encryption(new Encryption("aws:kms", key)).build());

        assertThat(written()).hasSize(6).allSatisfy(request -> {
            assertThat(request.header("x-amz-server-side-encryption")).isEqualTo("aws:kms");
            assertThat(request.header("x-amz-server-side-encryption-aws-kms-key-id"))
                    .isEqualTo(key);
        });
    }

    @Test
    void leavesEncryptionAndLockToTheBucketWhereNothingIsSet() {
        writeEverything(options().build());

        assertThat(written()).hasSize(6).allSatisfy(request -> {
            assertThat(request.header("x-amz-server-side-encryption")).isNull();
            assertThat(request.header("x-amz-object-lock-mode")).isNull();
        });
    }

    @Test
    void locksFilesAndManifestsAndNothingThatIsReplaced() {
        writeEverything(options()
                .retention(new Retention(Retention.Mode.COMPLIANCE, Duration.ofDays(3650)))
                .build());

        assertThat(written()).hasSize(6).allSatisfy(request -> {
            boolean isReplaced = request.path().contains("/.");
            assertThat(request.header("x-amz-object-lock-mode")).isEqualTo(isReplaced ? null : "COMPLIANCE");
            assertThat(request.header("x-amz-object-lock-retain-until-date"))
                    .isEqualTo(isReplaced ? null : "2036-11-18T12:00:00Z");
            assertThat(request.header("if-none-match"))
                    .isEqualTo(isReplaced || request.query().equals("uploads") ? null : "*");
        });
        assertThat(door.seen())
                .filteredOn(Seen::isCompletion)
                .singleElement()
                .satisfies(
                        request -> assertThat(request.header("if-none-match")).isEqualTo("*"));
    }

    @Test
    void givesTheStoreTheSha256OfTheFileAsItCameAndOfEveryPart() {
        writeEverything(options().build());

        String sha256 = Base64.getEncoder().encodeToString(HexFormat.of().parseHex(Parts.sha256(SMALL)));
        assertThat(written())
                .filteredOn(request -> request.path().endsWith("/small.step"))
                .singleElement()
                .satisfies(request ->
                        assertThat(request.header("x-amz-checksum-sha256")).isEqualTo(sha256));
        assertThat(door.seen())
                .filteredOn(Seen::isPart)
                .hasSize(2)
                .allSatisfy(part -> assertThat(part.header("x-amz-trailer")).isEqualTo("x-amz-checksum-sha256"));
    }

    @Test
    void archivesInAStoreThatRefusesChecksumsWhereItIsTold() {
        door.always(S3RequestsTest::hasChecksum, refuse(501, "NotImplemented"));

        writeEverything(options().checksums(Checksums.WHEN_REQUIRED).build());

        assertThat(store.object("cad/small.step")).isEqualTo(SMALL);
        assertThat(store.object("cad/large.step")).isEqualTo(LARGE);
        assertThat(written()).hasSize(6);
    }

    @Test
    void saysHowToDoWithoutWhereAStoreRefusesChecksums() {
        for (String code : List.of("NotImplemented", "InvalidArgument", "XAmzContentSHA256Mismatch")) {
            door.heal();
            door.always(S3RequestsTest::hasChecksum, refuse(400, code));

            ArchiveException failure = catchThrowableOfType(
                    ArchiveException.class, () -> writeEverything(options().build()));

            assertThat(failure.type()).isEqualTo(FailureType.ARCHIVE_UNAVAILABLE);
            assertThat(failure).hasMessageContaining(code);
            assertThat(failure.failure().details().nextStep()).contains("set CADFLOW_S3_CHECKSUMS=when_required");
        }
    }

    /** A file in one piece and one in two parts, each with its manifest; a note of a request; a working file. */
    private void writeEverything(S3Options options) {
        S3Settings settings = new S3Settings(S3ProxyStore.BUCKET, "cad", options);
        try (S3Client client = S3Clients.open(options)) {
            S3Archive archive = new S3Archive(client, settings, new Staging(staging), NOON);
            publish(archive, SMALL_KEY, SMALL);
            publish(archive, LARGE_KEY, LARGE);
            archive.remember(RequestFingerprint.of(CadRequest.of("A box"), List.of()), SMALL_KEY);
            archive.workingFiles().write(".batches/b/report.jsonl", new ByteArrayInputStream(new byte[] {1}));
        }
    }

    private static void publish(S3Archive archive, ArchiveKey key, byte[] content) {
        StagedFile staged = Parts.staged(archive, key, content);
        archive.publish(key, staged, Parts.manifest(key, "job-1", content), beat -> {});
    }

    private S3Options.Builder options() {
        return S3Options.builder().endpoint(door.endpoint()).pathStyle(true).partBytes(S3Options.LEAST_PART_BYTES);
    }

    /** Every request that begins an object. */
    private List<Seen> written() {
        return door.seen().stream()
                .filter(request ->
                        request.method().equals("PUT") && request.query().isEmpty()
                                || request.query().equals("uploads"))
                .toList();
    }

    private static boolean hasChecksum(Seen request) {
        return request.headers().keySet().stream()
                .map(name -> name.toLowerCase(java.util.Locale.ROOT))
                .anyMatch(name -> name.startsWith("x-amz-checksum-")
                        || name.equals("x-amz-sdk-checksum-algorithm")
                        || name.equals("x-amz-trailer"));
    }
}
