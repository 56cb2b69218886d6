package dev.cadflow.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import org.junit.jupiter.api.Test;

final class PaceWatchTest {
    private static final Duration SECOND = Duration.ofSeconds(1);

    private final PaceWatch watch = new PaceWatch(new DownloadLimits.Pace(1000, Duration.ofSeconds(10)));

    @Test
    void aDripIsTooSlowOnceTheTimeHasPassed() {
        for (int second = 1; second < 10; second++) {
            assertThat(watch.isTooSlow(1, SECOND)).isFalse();
        }
        assertThat(watch.isTooSlow(1, SECOND)).isTrue();
    }

    @Test
    void whatComesSlowlyButSteadilyIsTaken() {
        for (int second = 0; second < 100; second++) {
            assertThat(watch.isTooSlow(100, SECOND)).isFalse();
        }
    }

    @Test
    void aGoodBeginningDoesNotExcuseADrip() {
        assertThat(watch.isTooSlow(1_000_000, Duration.ofSeconds(10))).isFalse();
        assertThat(watch.isTooSlow(999, Duration.ofSeconds(10))).isTrue();
    }

    @Test
    void theDefaultTakes64KibInAMinute() {
        assertThat(DownloadLimits.DEFAULT.slowest()).hasToString("65536 bytes in 60.0 s");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new DownloadLimits.Pace(1, Duration.ZERO))
                .withMessageContaining("expected a positive duration");
    }
}
