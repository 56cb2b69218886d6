package dev.cadflow.makistry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cadflow.workflow.JobFinished;
import java.net.URI;
import java.util.Base64;
import org.junit.jupiter.api.Test;

final class DownloadUrlSealTest {
    private static final String KEY = "mk_pub_0123456789abcdef0123456789abcdef";
    private static final URI URL = URI.create("https://storage.example/part.step?X-Signature=s3cr3t&n=1");

    private final DownloadUrlSeal seal = DownloadUrlSeal.forApiKey(KEY);

    @Test
    void everyWorkerWithTheKeyOpensIt() {
        String sealed = seal.seal("pub_1", URL);

        assertThat(sealed).startsWith(JobFinished.SEALED_PREFIX).doesNotContain("storage", "s3cr3t");
        assertThat(DownloadUrlSeal.forApiKey(KEY).open("pub_1", sealed)).contains(URL);
    }

    @Test
    void sealingTwiceGivesTwoTexts() {
        assertThat(seal.seal("pub_1", URL)).isNotEqualTo(seal.seal("pub_1", URL));
    }

    @Test
    void anotherKeyDoesNotOpenIt() {
        assertThat(DownloadUrlSeal.forApiKey("mk_pub_other").open("pub_1", seal.seal("pub_1", URL)))
                .isEmpty();
    }

    @Test
    void itOpensForNoOtherJob() {
        assertThat(seal.open("pub_2", seal.seal("pub_1", URL))).isEmpty();
    }

    @Test
    void aChangeOfAnyByteIsNoticed() {
        String prefix = JobFinished.SEALED_PREFIX + "v1:";
        byte[] sealed = Base64.getUrlDecoder().decode(seal.seal("pub_1", URL).substring(prefix.length()));
        for (int i = 0; i < sealed.length; i++) {
            byte[] changed = sealed.clone();
            changed[i] ^= 1;
            String text = prefix + Base64.getUrlEncoder().withoutPadding().encodeToString(changed);
            assertThat(seal.open("pub_1", text)).as("byte %d", i).isEmpty();
        }
    }

    @Test
    void whatIsNoSealIsNotOpened() {
        assertThat(seal.open("pub_1", null)).isEmpty();
        assertThat(seal.open("pub_1", "")).isEmpty();
        assertThat(seal.open("pub_1", URL.toString())).isEmpty();
        assertThat(seal.open("pub_1", "sealed:v1:")).isEmpty();
        assertThat(seal.open("pub_1", "sealed:v1:%%%%")).isEmpty();
        assertThat(seal.open("pub_1", "sealed:v9:AAAA")).isEmpty();
        assertThat(seal.open("pub_1", seal.seal("pub_1", URL).substring(0, 40))).isEmpty();
    }

    @Test
    void aJobThatSucceededCarriesItsUrlSealed() {
        Job job = parse("success", ",\"tokens_used\":5,\"brainstorm\":{\"project_name\":\"Box\"}");

        JobFinished sealed = seal.seal(job);

        assertThat(sealed.succeeded()).isTrue();
        assertThat(sealed.tokensUsed()).isEqualTo(5);
        assertThat(sealed.brainstorm()).isEqualTo(job.brainstorm());
        assertThat(seal.open("pub_1", sealed.downloadUrl())).contains(URL);
    }

    @Test
    void aJobThatDidNotSucceedCarriesNoUrl() {
        JobFinished failed = seal.seal(parse("failed", ",\"error_code\":\"geometry_validation_failed\""));

        assertThat(failed.downloadUrl()).isNull();
        assertThat(failed.errorCode()).isEqualTo("geometry_validation_failed");
        assertThat(seal.seal(parse("processing", "")).downloadUrl()).isNull();
    }

    @Test
    void aBlankKeyIsRefused() {
        assertThatThrownBy(() -> DownloadUrlSeal.forApiKey("  ")).isInstanceOf(IllegalArgumentException.class);
    }

    private static Job parse(String status, String more) {
        return Job.parse(
                ("{\"job_id\":\"pub_1\",\"status\":\"" + status + "\",\"download_url\":\"" + URL + "\"" + more + "}")
                        .getBytes(UTF_8));
    }
}
