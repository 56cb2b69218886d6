package dev.cadflow.makistry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cadflow.workflow.FailureType;
import java.net.URI;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

final class JobTest {
    private static final String SUCCESS = """
            {"job_id": "pub_a1b2c3d4e5f6", "status": "success", "endpoint": "text_to_cad", "design_mode": "pro",
             "output_format": "3MF", "created_at": "2026-03-01T10:00:00.123456+00:00",
             "updated_at": "2026-03-01T10:01:00.000001+00:00", "metadata": {"part": "P-7", "rev": 2, "note": null},
             "download_url": "https://storage.example/a.3mf?X-Signature=s3cr3t", "expires_at": "2026-03-31T10:00:00Z",
             "brainstorm": {"project_name": "Box"}, "tokens_used": 1200, "latency_ms": 61000,
             "field_of_tomorrow": [1, 2]}""";

    @Test
    void everyDocumentedFieldIsRead() {
        Job job = parse(SUCCESS);

        assertThat(job.jobId()).isEqualTo("pub_a1b2c3d4e5f6");
        assertThat(job.status()).isEqualTo("success");
        assertThat(job.endpoint()).isEqualTo("text_to_cad");
        assertThat(job.designMode()).isEqualTo("pro");
        assertThat(job.outputFormat()).isEqualTo("3MF");
        assertThat(job.createdAt()).isEqualTo("2026-03-01T10:00:00.123456+00:00");
        assertThat(job.updatedAt()).isEqualTo("2026-03-01T10:01:00.000001+00:00");
        assertThat(job.metadata())
                .containsEntry("part", "P-7")
                .containsEntry("rev", 2)
                .containsKey("note");
        assertThat(job.downloadUrl()).isEqualTo(URI.create("https://storage.example/a.3mf?X-Signature=s3cr3t"));
        assertThat(job.expiresAt()).isEqualTo("2026-03-31T10:00:00Z");
        assertThat(Objects.requireNonNull(job.brainstorm()).get("project_name").asText())
                .isEqualTo("Box");
        assertThat(job.tokensUsed()).isEqualTo(1200);
        assertThat(job.latencyMs()).isEqualTo(61000);
    }

    @Test
    void theTextOfAJobHoldsNoUrl() {
        assertThat(parse(SUCCESS).toString())
                .contains("pub_a1b2c3d4e5f6", "success")
                .doesNotContain("http", "s3cr3t");
    }

    @Test
    void idAndStatusAreEnough() {
        Job job = parse("{\"job_id\":\"j\",\"status\":\"failed\"}");

        assertThat(job.metadata()).isEqualTo(Map.of());
        assertThat(job.downloadUrl()).isNull();
        assertThat(job.errorCode()).isNull();
    }

    @Test
    void aFieldOfAnotherTypeIsAsIfItWereMissing() {
        Job job = parse("""
                {"job_id":"j","status":"success","metadata":"text","download_url":7,"tokens_used":"many",
                 "latency_ms":1e40,"brainstorm":null,"created_at":{},"error_code":5}""");

        assertThat(job.metadata()).isEmpty();
        assertThat(job.downloadUrl()).isNull();
        assertThat(job.tokensUsed()).isNull();
        assertThat(job.latencyMs()).isNull();
        assertThat(job.brainstorm()).isNull();
        assertThat(job.createdAt()).isNull();
        assertThat(job.errorCode()).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"file:///etc/passwd", "gopher://host/", "//host/path", "https:", "not a url"})
    void aDownloadUrlOfAnotherSchemeIsAsIfItWereMissing(String url) {
        assertThat(parse("{\"job_id\":\"j\",\"status\":\"success\",\"download_url\":\"" + url + "\"}")
                        .downloadUrl())
                .isNull();
    }

    @Test
    void aDownloadUrlWithCharactersThatWantEscapingIsKept() {
        URI url = parse("{\"job_id\":\"j\",\"status\":\"success\",\"download_url\":\"https://h/a b.step?s=x|y\"}")
                .downloadUrl();

        assertThat(url).isNotNull().hasHost("h").hasPath("/a b.step");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "[]",
                "7",
                "{}",
                "<html></html>",
                "{\"status\":\"success\"}",
                "{\"job_id\":\"j\"}",
                "{\"job_id\":7,\"status\":\"success\"}",
                "{\"job_id\":\"\",\"status\":\"success\"}",
                "{\"job_id\":\"../../keys\",\"status\":\"success\"}",
                "{\"job_id\":\"j\",\"status\":\"\"}",
                "{\"job_id\":\"j\",\"status\":[\"success\"]}",
                "{\"job_id\":\"j\",\"status\":\"success\"",
                "{\"job_id\":\"j\",\"status\":\"success\"} and more"
            })
    void whatIsNoJobIsRefused(String json) {
        assertThatThrownBy(() -> parse(json))
                .isInstanceOfSatisfying(
                        MakistryException.class,
                        refused -> assertThat(refused.type()).isEqualTo(FailureType.SERVICE_UNAVAILABLE));
    }

    @Test
    void anIdOfTenThousandCharactersIsRefusedWithoutBeingQuoted() {
        assertThatThrownBy(() -> parse("{\"job_id\":\"" + "j".repeat(10_000) + "\",\"status\":\"success\"}"))
                .isInstanceOf(MakistryException.class)
                .hasMessageContaining("10000 characters")
                .message()
                .hasSizeLessThan(300);
    }

    @ParameterizedTest
    @MethodSource("analyses")
    void anAnalysisTooLargeForAHistoryIsLeftOutAndTheJobKept(String analysis) {
        Job job = parse("{\"job_id\":\"j\",\"status\":\"success\",\"download_url\":\"https://h/a.step\",\"brainstorm\":"
                + analysis + "}");

        assertThat(job.brainstorm()).isNull();
        assertThat(job.downloadUrl()).isEqualTo(URI.create("https://h/a.step"));
    }

    static Stream<String> analyses() {
        return Stream.of("\"" + "x".repeat(3_000_000) + "\"", "[".repeat(900) + "]".repeat(900));
    }

    @Test
    void aMessageTooLongForAHistoryIsShortened() {
        Job job = parse("{\"job_id\":\"j\",\"status\":\"failed\",\"error_message\":\"" + "x".repeat(3_000_000) + "\"}");

        assertThat(job.errorMessage()).startsWith("xxx").hasSizeLessThan(5000);
    }

    @Test
    void nestingWithoutEndIsRefused() {
        assertThatThrownBy(() -> parse("{\"job_id\":\"j\",\"status\":\"success\",\"metadata\":" + "[".repeat(100_000)))
                .isInstanceOf(MakistryException.class);
    }

    @Test
    void bytesThatAreNoUtf8AreRefused() {
        byte[] bytes = "{\"job_id\":\"j\",\"status\":\"success\",\"endpoint\":\"?\"}".getBytes(UTF_8);
        bytes[bytes.length - 3] = (byte) 0xff;

        assertThatThrownBy(() -> Job.parse(bytes)).isInstanceOf(MakistryException.class);
    }

    private static Job parse(String json) {
        return Job.parse(json.getBytes(UTF_8));
    }
}
