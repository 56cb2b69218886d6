package dev.cadflow.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;

final class FlatMemoryTest {
    @Test
    void aFileOfManyTimesTheHeapIsArchivedWhole() throws IOException, InterruptedException {
        assertThat(DownloadBenchmark.run(192, 1, 32))
                .singleElement()
                .satisfies(round -> assertThat(round.sizeBytes()).isGreaterThanOrEqualTo(192L << 20))
                .satisfies(round -> assertThat(round.sameBytes()).isTrue());
    }
}
