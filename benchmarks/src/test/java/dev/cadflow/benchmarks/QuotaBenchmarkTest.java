package dev.cadflow.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** A small round of what the benchmark measures, without its times. */
final class QuotaBenchmarkTest {
    private static final double FAST = 0.02;

    @Test
    void byWebhookEachJobCostsOneRequestAndNoneIsRefused() throws Exception {
        QuotaBenchmark.Figures figures = QuotaBenchmark.cadflow(10, true, FAST);

        assertThat(figures.archived()).isEqualTo(10);
        assertThat(figures.requests()).isEqualTo(10);
        assertThat(figures.refused()).isZero();
    }

    @Test
    void byPollsAloneAFewListsServeThemAllAndNoneIsRefused() throws Exception {
        QuotaBenchmark.Figures figures = QuotaBenchmark.cadflow(10, false, FAST);

        assertThat(figures.archived()).isEqualTo(10);
        assertThat(figures.requests()).isBetween(11L, 30L);
        assertThat(figures.refused()).isZero();
    }
}
