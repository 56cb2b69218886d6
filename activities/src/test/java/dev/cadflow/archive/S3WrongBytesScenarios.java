package dev.cadflow.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.cadflow.activity.ArchiveHeartbeat;
import dev.cadflow.archive.S3Options.Checksums;
import dev.cadflow.workflow.FailureType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** What an archive in any store that speaks S3 does with bytes that are not what they should be. */
abstract class S3WrongBytesScenarios extends S3Scenarios {
    @Test
    void takesNoBytesThatAreNotWhatTheirSha256Says() {
        String wrong = Base64.getEncoder().encodeToString(HexFormat.of().parseHex(Parts.sha256(OTHER)));

        assertThatExceptionOfType(S3Exception.class)
                .isThrownBy(() -> client().putObject(
                                request -> request.bucket(bucket())
                                        .key(at("damaged.step"))
                                        .checksumSHA256(wrong),
                                RequestBody.fromBytes(PART)))
                .satisfies(refused -> assertThat(refused.statusCode()).isEqualTo(400));
    }

    @Test
    void publishesNothingOfBytesThatChangedAfterTheyWereProven() throws IOException {
        for (Checksums checksums : Checksums.values()) {
            for (byte[] proven : List.of(PART, large(PART_BYTES + 4711))) {
                ArchiveKey key = ArchiveKey.of("changed/" + checksums + "/" + proven.length + ".step");
                S3Archive archive = archive(new S3Settings(
                        bucket(),
                        prefix(),
                        S3Options.builder()
                                .partBytes(PART_BYTES)
                                .checksums(checksums)
                                .build()));
                StagedFile staged = Parts.staged(archive, key, proven);
                Files.write(staged.path(), changed(proven));

                requireNothingPublished(archive, key, staged, proven, beat -> {});
            }
        }
    }

    @Test
    void publishesNothingOfBytesThatChangeWhileTheyGoUp() {
        byte[] proven = large(2 * PART_BYTES + 4711);
        StagedFile staged = Parts.staged(archive(), KEY, proven);

        requireNothingPublished(archive(), KEY, staged, proven, beat -> write(staged.path(), changed(proven)));
    }

    @Test
    void keepsBytesAsideWithTheReasonAndOutOfTheSightOfReaders() throws IOException {
        for (byte[] content : List.of(OTHER, large(PART_BYTES + 4711))) {
            ArchiveKey key = ArchiveKey.of("orders/8/" + content.length + ".step");
            StagedFile staged = Parts.staged(archive(), key, content);
            ArchiveException reason = ArchiveException.of(FailureType.OUTPUT_INVALID, "a box without a lid", "Look.");

            ArchiveException kept = Quarantine.in(archive(), manifest -> manifest)
                    .keep(key, staged, Parts.manifest(key, "job-1", content), reason, beat -> {});

            String aside = key.quarantined(staged.sha256()).value();
            assertThat(kept.failure().details().location()).isEqualTo("s3://" + bucket() + "/" + at(aside));
            assertThat(object(at(aside))).isEqualTo(content);
            Manifest manifest = Manifest.parse(object(at(aside + ".manifest.json")));
            assertThat(manifest.quarantine())
                    .isEqualTo(new Manifest.Quarantine("output_invalid", "a box without a lid"));
            assertThat(manifest.archiveKey()).isEqualTo(aside).startsWith(".quarantine/");
            assertThat(archive().find(key)).isEmpty();
            assertThat(staged.path()).doesNotExist();
        }
        assertThat(client().listObjectsV2(request -> request.bucket(bucket()).prefix(at("")))
                        .contents())
                .hasSize(4)
                .allSatisfy(object -> assertThat(object.key()).startsWith(at(".quarantine/")));
    }

    @Test
    void isVerifiedWholeAndByTheObject() throws Exception {
        publish("job-1", PART);
        ArchiveVerifier verifier = new ArchiveVerifier(new ManifestKeys(List.of()));
        S3Options options = S3Options.DEFAULT;

        for (String place : List.of(prefix(), at("orders"), at(KEY.value()))) {
            assertThat(verifier.verify(client(), new S3Settings(bucket(), place, options))
                            .isSound())
                    .as(place)
                    .isTrue();
        }
        client().putObject(request -> request.bucket(bucket()).key(at(KEY.value())), RequestBody.fromBytes(OTHER));
        assertThat(verifier.verify(client(), new S3Settings(bucket(), prefix(), options))
                        .differences())
                .singleElement()
                .asString()
                .startsWith("s3://" + bucket() + "/" + at(KEY.value()) + ": expected ");
        assertThatExceptionOfType(NoSuchFileException.class)
                .isThrownBy(() -> verifier.verify(client(), new S3Settings(bucket(), at("nothing"), options)));
    }

    private void requireNothingPublished(
            S3Archive archive,
            ArchiveKey key,
            StagedFile staged,
            byte[] proven,
            Consumer<? super ArchiveHeartbeat> heartbeat) {
        Manifest manifest = Parts.manifest(key, "job-1", proven);

        ArchiveException refused =
                catchThrowableOfType(ArchiveException.class, () -> archive.publish(key, staged, manifest, heartbeat));

        assertThat(refused).as(key.value()).hasMessageContaining("SHA-256 " + staged.sha256());
        assertThat(refused.type()).isEqualTo(FailureType.ARCHIVE_UNAVAILABLE);
        assertThat(archive.find(key)).isEmpty();
        assertThat(uploads()).isEmpty();
        assertThat(staged.path()).as("bytes that nobody wants").doesNotExist();

        archive.publish(key, Parts.staged(archive, key, proven), manifest, beat -> {});
        assertThat(object(at(key.value()))).isEqualTo(proven);
    }

    /** As long, and another in its last byte. */
    private static byte[] changed(byte[] content) {
        byte[] changed = content.clone();
        changed[changed.length - 1] ^= 1;
        return changed;
    }

    private static void write(Path file, byte[] content) {
        try {
            Files.write(file, content, StandardOpenOption.WRITE);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
