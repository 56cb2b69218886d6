package dev.cadflow.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cadflow.workflow.OutputFormat;
import java.io.IOException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class FlatMemoryTest {
    @ParameterizedTest
    @EnumSource
    void aFileOfManyTimesTheHeapIsArchivedWhole(OutputFormat format) throws IOException, InterruptedException {
        assertThat(DownloadBenchmark.run(128, 1, 32, format))
                .singleElement()
                .satisfies(round -> assertThat(round.sizeBytes()).isGreaterThanOrEqualTo(128L << 20))
                .satisfies(round -> assertThat(round.sameBytes()).isTrue());
    }
}
