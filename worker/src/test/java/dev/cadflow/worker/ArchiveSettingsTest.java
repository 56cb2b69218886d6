package dev.cadflow.worker;

import static dev.cadflow.worker.Settings.MANIFEST_KEY;
import static dev.cadflow.worker.Settings.problemsWith;
import static dev.cadflow.worker.Settings.with;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.cadflow.archive.S3Options;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ArchiveSettingsTest {
    @Test
    void theArchivesSettingsHaveTheirDefaults() {
        ArchiveSettings settings = with().archiveSettings();
        assertThat(settings.s3()).isEqualTo(S3Options.DEFAULT);
        assertThat(settings.signer()).isNull();
    }

    @Test
    void everySettingOfTheArchiveCanBeSet() {
        ArchiveSettings settings = with(
                        "CADFLOW_MANIFEST_KEY", MANIFEST_KEY,
                        "CADFLOW_S3_ENDPOINT", "http://minio:9000",
                        "CADFLOW_S3_PATH_STYLE", "TRUE",
                        "CADFLOW_S3_CHECKSUMS", "when_required",
                        "CADFLOW_S3_PART_SIZE", "64MiB",
                        "CADFLOW_S3_SSE", "aws:kms",
                        "CADFLOW_S3_SSE_KMS_KEY", "alias/parts",
                        "CADFLOW_S3_RETENTION", "compliance:3650d")
                .archiveSettings();
        assertThat(settings.s3())
                .isEqualTo(S3Options.builder()
                        .endpoint(URI.create("http://minio:9000"))
                        .pathStyle(true)
                        .checksums(S3Options.Checksums.WHEN_REQUIRED)
                        .partBytes(64 << 20)
                        .encryption(new S3Options.Encryption("aws:kms", "alias/parts"))
                        .retention(new S3Options.Retention(S3Options.Retention.Mode.COMPLIANCE, Duration.ofDays(3650)))
                        .build());
        assertThat(settings.signer()).asString().contains("11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "CADFLOW_S3_ENDPOINT    | minio:9000         | expected an https or http URL",
                "CADFLOW_S3_ENDPOINT    | https://a:b@minio  | https://<hidden>@minio",
                "CADFLOW_S3_PATH_STYLE  | yes                | expected true or false, found \"yes\"",
                "CADFLOW_S3_CHECKSUMS   | md5                | expected sha256 or when_required, found \"md5\"",
                "CADFLOW_S3_PART_SIZE   | 4MiB               | expected a size from 5MiB to 5120MiB, found \"4MiB\"",
                "CADFLOW_S3_PART_SIZE   | 16                 | found \"16\"",
                "CADFLOW_S3_SSE         | AES-256            | expected AES256, aws:kms or aws:kms:dsse",
                "CADFLOW_S3_RETENTION   | forever            | such as compliance:3650d, found \"forever\"",
                "CADFLOW_S3_RETENTION   | compliance:0d      | found \"compliance:0d\"",
                "CADFLOW_MANIFEST_KEY   | not-to-be-shown    | expected an Ed25519 private key"
            })
    void aSettingOfTheArchiveThatIsWrongIsNamed(String name, String value, String expected) {
        assertThat(problemsWith(name, value))
                .singleElement()
                .asString()
                .startsWith(name + ": ")
                .contains(expected)
                .doesNotContain("not-to-be-shown");
    }

    @Test
    void aKmsKeyWantsTheAlgorithmThatTakesOne() {
        assertThat(problemsWith("CADFLOW_S3_SSE_KMS_KEY", "alias/parts"))
                .containsExactly(
                        "CADFLOW_S3_SSE: expected aws:kms or aws:kms:dsse with CADFLOW_S3_SSE_KMS_KEY, found none");
        assertThat(problemsWith("CADFLOW_S3_SSE_KMS_KEY", "alias/parts", "CADFLOW_S3_SSE", "AES256"))
                .singleElement()
                .asString()
                .contains("aws:kms");
    }

    @Test
    void whoOnlyReadsTheArchiveNeedsNoApiKey() {
        assertThat(ArchiveSettings.s3(Map.of("CADFLOW_S3_PATH_STYLE", "true")).pathStyle())
                .isTrue();
        assertThat(catchThrowableOfType(
                                InvalidConfigException.class,
                                () -> ArchiveSettings.s3(Map.of("CADFLOW_S3_PATH_STYLE", "yes")))
                        .problems())
                .hasSize(1);
    }
}
