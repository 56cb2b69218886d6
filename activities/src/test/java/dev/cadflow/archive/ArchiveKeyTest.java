package dev.cadflow.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.cadflow.workflow.FailureType;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ArchiveKeyTest {
    @ParameterizedTest
    @ValueSource(strings = {"a.step", "orders/7/bracket.step", "Größe 3/ø5 – Loch.3mf", "a..b/c.stl", "電池/箱.glb"})
    void takesAPathOfOrdinaryNames(String value) {
        assertThat(ArchiveKey.of(value)).hasToString(value);
    }

    static java.util.List<String> hostileKeys() {
        return java.util.List.of(
                "",
                " ",
                "/etc/passwd",
                "..",
                "../a.step",
                "a/../b.step",
                "a/./b.step",
                "a//b.step",
                "a/",
                "a\\b.step",
                "a\u0000.step",
                "a\n.step",
                "a\u202Estep",
                "a\uD800.step",
                ".incoming/x.part",
                ".quarantine/x.step",
                "a/.hidden",
                "a /b.step",
                "a.manifest.json",
                "x".repeat(300),
                "a/".repeat(33) + "b",
                "0123456789/".repeat(70) + "b");
    }

    @ParameterizedTest
    @MethodSource("hostileKeys")
    void refusesWhatCouldLeaveTheArchiveOrHideInIt(String value) {
        ArchiveException refused = catchThrowableOfType(ArchiveException.class, () -> ArchiveKey.of(value));

        assertThat(refused.type()).isEqualTo(FailureType.INVALID_INPUT);
        assertThat(refused).hasMessageContaining("archive_key: expected ");
        assertThat(refused.failure().details().nextStep()).contains("job_id");
        assertThat(refused.failure().details().problems()).hasSize(1);
    }
}
