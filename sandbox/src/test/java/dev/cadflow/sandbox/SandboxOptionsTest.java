package dev.cadflow.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Options and starting. */
final class SandboxOptionsTest {

    @Test
    void theDefaultsAreTheVendorsLimitsOnALoopbackAddress() {
        SandboxOptions options = SandboxOptions.defaults();

        assertThat(options.host()).isEqualTo("127.0.0.1");
        assertThat(options.port()).isZero();
        assertThat(options.storagePort()).isZero();
        assertThat(options.apiKey()).isEqualTo(SandboxOptions.DEFAULT_API_KEY);
        assertThat(options.timeScale()).isEqualTo(1);
        assertThat(options.quota()).isEqualTo(new Quota(20, 100));
        assertThat(options.credits()).isEqualTo(1_000_000);
        assertThat(options.downloadUrlLifetime()).isNull();
        assertThat(options.processingTime(DesignMode.STANDARD)).isEqualTo(Duration.ofSeconds(60));
        assertThat(options.processingTime(DesignMode.PRO)).isEqualTo(Duration.ofMinutes(3));
        assertThat(options.processingTime(DesignMode.ASSEMBLY)).isEqualTo(Duration.ofMinutes(8));
    }

    @Test
    void optionsDoNotTellTheirSecrets() {
        assertThat(SandboxOptions.defaults().toString())
                .doesNotContain(SandboxOptions.DEFAULT_API_KEY)
                .doesNotContain(SandboxOptions.DEFAULT_SIGNING_SECRET);
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> SandboxOptions.builder().apiKey("mk_pub_SECRET").build())
                .withMessageStartingWith("apiKey: expected mk_pub_ and 32")
                .withMessageNotContaining("SECRET");
    }

    @Test
    void whatIsOutOfBoundsIsRefusedByName() {
        List<SandboxOptions.Builder> bad = List.of(
                SandboxOptions.builder().timeScale(0),
                SandboxOptions.builder().timeScale(Double.NaN),
                SandboxOptions.builder().listen("127.0.0.1", 65_536),
                SandboxOptions.builder().listen(" ", 0),
                SandboxOptions.builder().storagePort(-1),
                SandboxOptions.builder().signingSecret(""),
                SandboxOptions.builder().credits(-1),
                SandboxOptions.builder().processingTime(Duration.ofSeconds(-1)),
                SandboxOptions.builder().downloadUrlLifetime(Duration.ZERO),
                SandboxOptions.builder().apiKeyId("a/b"));

        assertThat(bad)
                .allSatisfy(builder -> assertThatIllegalArgumentException()
                        .isThrownBy(builder::build)
                        .withMessageMatching("\\w+: expected .*, found .*"));
        assertThatIllegalArgumentException().isThrownBy(() -> new Quota(0, 1));
    }

    @Test
    void aPortThatIsTakenIsNamed() throws Exception {
        try (SandboxServer first = SandboxServer.start(SandboxOptions.defaults())) {
            int port = first.apiBaseUrl().getPort();

            assertThatIOException()
                    .isThrownBy(() -> SandboxServer.start(
                            SandboxOptions.builder().listen("127.0.0.1", port).build()))
                    .withMessageContaining("127.0.0.1:" + port);
        }
    }

    @Test
    void theApiEndsInItsVersionAndTheServerMayBeClosedTwice() throws Exception {
        SandboxServer sandbox = SandboxServer.start(SandboxOptions.defaults());

        assertThat(sandbox.apiBaseUrl().toString()).matches("http://127\\.0\\.0\\.1:\\d+/v1");
        sandbox.close();
        sandbox.close();
    }
}
