package dev.cadflow.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cadflow.archive.FileArchive;
import dev.cadflow.worker.testing.Eventually;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ArchiveUpkeepTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    @Test
    void atItsStartItRemovesWhatDiedLongAgoAndKeepsWhatMayGoOn() throws IOException {
        Instant now = Instant.now();
        Path dead = staged("dead.part", now.minus(ArchiveUpkeep.OLDER_THAN).minus(Duration.ofHours(1)));
        Path alive = staged("alive.part", now.minus(Duration.ofDays(1)));

        try (ArchiveUpkeep upkeep = ArchiveUpkeep.start(new FileArchive(folder), Clock.systemUTC())) {
            assertThat(upkeep).isNotNull();
            Eventually.assertThat(() -> Files.notExists(dead));
        }
        assertThat(alive).exists();
    }

    private Path staged(String name, Instant lastWritten) throws IOException {
        Path incoming = Files.createDirectories(folder.resolve(".incoming"));
        Path file = Files.writeString(incoming.resolve(name), "half a part");
        return Files.setLastModifiedTime(file, FileTime.from(lastWritten));
    }
}
