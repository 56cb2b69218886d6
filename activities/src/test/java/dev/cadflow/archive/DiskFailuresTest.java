package dev.cadflow.archive;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cadflow.workflow.FailureType;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The texts are those of Linux, which Java passes on. {@code DiskTroubleTest} has the disks. */
final class DiskFailuresTest {
    static java.util.List<Arguments> failures() {
        return java.util.List.of(
                Arguments.of(new IOException("No space left on device"), "archive_unavailable", "Free space"),
                Arguments.of(new IOException("Disk quota exceeded"), "archive_unavailable", "Free space"),
                Arguments.of(refused("Read-only file system"), "archive_unavailable", "for writing"),
                Arguments.of(new AccessDeniedException("a"), "archive_unavailable", "write permission"),
                Arguments.of(refused("Operation not permitted"), "archive_unavailable", "hard links"),
                Arguments.of(refused("Invalid cross-device link"), "archive_unavailable", "one file system"),
                Arguments.of(refused("Not a directory"), "archive_conflict", "another archive_key"),
                Arguments.of(new FileAlreadyExistsException("a"), "archive_conflict", "another archive_key"),
                Arguments.of(refused("File name too long"), "invalid_input", "another archive_key"),
                Arguments.of(new ClosedByInterruptException(), "archive_unavailable", "tried again by itself"),
                Arguments.of(new IOException("Input/output error"), "archive_unavailable", "Check the archive folder"));
    }

    @ParameterizedTest
    @MethodSource("failures")
    void sayWhatToDoNext(IOException failure, String type, String nextStep) {
        ArchiveException typed = DiskFailures.of(failure, ArchiveKey.of("a.step"));

        assertThat(typed.type()).isEqualTo(FailureType.parse(type));
        assertThat(typed.failure().details().nextStep()).contains(nextStep);
        assertThat(typed).hasMessageContaining("a.step");
    }

    private static FileSystemException refused(String reason) {
        return new FileSystemException("a", null, reason);
    }
}
