package dev.cadflow.starter;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cadflow.activity.ArchiveHeartbeat;
import dev.cadflow.workflow.CadFile;
import dev.cadflow.workflow.CadProgress;
import dev.cadflow.workflow.CadProgress.Stage;
import dev.cadflow.workflow.CadResult;
import dev.cadflow.workflow.DeliveredBy;
import dev.cadflow.workflow.OutputFormat;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.URI;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class NarratorTest {
    private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");
    private static final CadResult RESULT = new CadResult(
            "pub_1",
            new CadFile(
                    URI.create("file:///parts/box.step"),
                    "ab".repeat(32),
                    12_345,
                    "application/step",
                    OutputFormat.STEP,
                    null),
            URI.create("file:///parts/box.step.manifest.json"),
            null,
            1_500L,
            null,
            Map.of(),
            DeliveredBy.WEBHOOK,
            1);

    private final ByteArrayOutputStream said = new ByteArrayOutputStream();

    private Narrator narrator(boolean terminal) {
        PrintStream stream = new PrintStream(said, true, UTF_8);
        return new Narrator(new Console(stream, stream, terminal), Clock.fixed(NOW, ZoneOffset.UTC));
    }

    private String said() {
        return said.toString(UTF_8);
    }

    private static CadProgress progress(Stage stage, @Nullable String jobId) {
        return new CadProgress(stage, NOW, jobId, null, true, NOW.plusSeconds(120), NOW.plusSeconds(600), 0, 0, 1);
    }

    @Test
    void eachStepIsToldOnce() {
        Narrator narrator = narrator(false);
        for (int look = 0; look < 3; look++) {
            narrator.progress(progress(Stage.SUBMITTING, null), List.of(), null);
        }
        for (int look = 0; look < 3; look++) {
            narrator.progress(progress(Stage.WAITING, "pub_1"), List.of(), null);
        }

        assertThat(said()).isEqualToNormalizingNewlines("""
                          0.0 s  submitted as job pub_1
                          0.0 s  waiting for the webhook, first poll in 2 min, for 10 min at most
                        """);
    }

    @Test
    void stepsThatWereOverBeforeAnyoneLookedAreToldAtTheEnd() {
        narrator(false).done(RESULT);

        assertThat(said())
                .contains("submitted as job pub_1", "downloaded, proven and archived")
                .contains("File      /parts/box.step", "12,345 bytes, STEP", "SHA-256   " + "ab".repeat(32))
                .contains("1 request, delivered by webhook, 1,500 tokens");
    }

    @Test
    void aRetryIsToldWithItsReasonAndItsNextTryOnce() {
        Narrator narrator = narrator(false);
        RetryingActivity retry = new RetryingActivity(
                "SubmitCadJob", 3, "service_unavailable: Makistry refuses connections", NOW.plusSeconds(8));

        narrator.progress(progress(Stage.SUBMITTING, null), List.of(retry), null);
        narrator.progress(progress(Stage.SUBMITTING, null), List.of(retry), null);

        assertThat(said())
                .isEqualToNormalizingNewlines(
                        "  0.0 s  submit failed, service_unavailable: Makistry refuses connections; try 3 in 8 s\n");
    }

    @Test
    void aWorkflowThatNobodyWorksOnIsToldOnce() {
        Narrator narrator = narrator(false);
        for (int look = 0; look < 10; look++) {
            narrator.unanswered();
        }

        assertThat(said()).containsOnlyOnce("no worker answers for the workflow yet");
    }

    @Test
    void aTerminalShowsWhatGoesOnNowOnALineThatIsErased() {
        Narrator narrator = narrator(true);
        narrator.progress(progress(Stage.WAITING, "pub_1"), List.of(), null);
        narrator.progress(progress(Stage.ARCHIVING, "pub_1"), List.of(), null);
        narrator.done(RESULT);

        assertThat(said())
                .contains("Makistry works, next poll in 2 min", "\r\033[K")
                .doesNotEndWith("\033[K");
    }

    @Test
    void aTerminalShowsHowMuchOfTheFileHasCome() {
        Narrator narrator = narrator(true);
        for (RunningArchive archive : List.of(
                new RunningArchive(ArchiveHeartbeat.Stage.DOWNLOADING, 0, null),
                new RunningArchive(ArchiveHeartbeat.Stage.DOWNLOADING, 419_999, 1_000_000L),
                new RunningArchive(ArchiveHeartbeat.Stage.PROVING, 1_000_000, 1_000_000L),
                new RunningArchive(ArchiveHeartbeat.Stage.PUBLISHING, 1 << 30, 2L << 30))) {
            narrator.progress(progress(Stage.ARCHIVING, "pub_1"), List.of(), archive);
        }

        assertThat(said())
                .contains("0.0 s  downloading\r", "downloading, 41 % of 1.0 MB\r", "proving, 100 % of 1.0 MB\r")
                .endsWith("publishing, 50 % of 2,147.5 MB");
    }

    @Test
    void whereTheHostDoesNotSayHowLargeTheFileIsATerminalShowsWhatHasCome() {
        narrator(true)
                .progress(
                        progress(Stage.ARCHIVING, "pub_1"),
                        List.of(),
                        new RunningArchive(ArchiveHeartbeat.Stage.DOWNLOADING, 12_345, null));

        assertThat(said()).endsWith("downloading, 12.3 kB");
    }

    @Test
    void elsewhereThereAreNoControlCharacters() {
        Narrator narrator = narrator(false);
        narrator.progress(progress(Stage.WAITING, "pub_1"), List.of(), null);
        narrator.done(RESULT);

        assertThat(said()).doesNotContain("\r", "\033");
    }
}
