package dev.cadflow.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cadflow.benchmarks.QuotaBenchmark.Figures;
import dev.cadflow.benchmarks.QuotaBenchmark.Way;
import dev.cadflow.workflow.testing.RealTemporal;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A small round of what the benchmark measures, but for how long it takes. */
@ExtendWith(RealTemporal.class)
final class QuotaBenchmarkTest {
    private static final int JOBS = 16;
    private static final int SPEED = 60;

    /** Of which a minute is too short for all jobs, and an hour with 4 polls just long enough. */
    private static final QuotaBenchmark SCARCE = new QuotaBenchmark(5, 20, Duration.ofSeconds(10));

    @Test
    void byWebhookAJobCostsOneRequestAndNoneIsRefused() throws Exception {
        Figures figures = SCARCE.run(Way.WEBHOOK, JOBS, SPEED);

        assertThat(figures.archived()).isEqualTo(JOBS);
        assertThat(figures.paid()).isEqualTo(JOBS);
        assertThat(figures.requests()).isEqualTo(JOBS);
        assertThat(figures.refused()).isZero();
    }

    @Test
    void byPollsAloneAFewListsServeAllJobsAndNoneIsRefused() throws Exception {
        Figures figures = SCARCE.run(Way.POLLS, JOBS, SPEED);

        assertThat(figures.archived()).isEqualTo(JOBS);
        assertThat(figures.paid()).isEqualTo(JOBS);
        assertThat(figures.requests()).isBetween(JOBS + 1L, 20L);
        assertThat(figures.refused()).isZero();
    }

    @Test
    void theExamplesLoopIsRefused() throws Exception {
        Figures figures = SCARCE.run(Way.EXAMPLE, JOBS, SPEED);

        assertThat(figures.archived()).isLessThan(JOBS);
        assertThat(figures.refused()).isPositive();
    }

    @Test
    void whatTheQuotaAllowsIsWhenItsWindowsHaveRoomForTheLastSubmit() {
        assertThat(QuotaBenchmark.MAKISTRY.allowed(Way.WEBHOOK, 20)).isZero();
        assertThat(QuotaBenchmark.MAKISTRY.allowed(Way.WEBHOOK, 100)).isEqualTo(Duration.ofMinutes(4));
        assertThat(QuotaBenchmark.MAKISTRY.allowed(Way.WEBHOOK, 101)).isEqualTo(Duration.ofMinutes(60));
        assertThat(QuotaBenchmark.MAKISTRY.allowed(Way.POLLS, 80)).isEqualTo(Duration.ofMinutes(4));
        assertThat(QuotaBenchmark.MAKISTRY.allowed(Way.POLLS, 100)).isEqualTo(Duration.ofMinutes(61));
    }
}
