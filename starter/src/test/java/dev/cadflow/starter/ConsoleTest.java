package dev.cadflow.starter;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import org.junit.jupiter.api.Test;

final class ConsoleTest {
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    private Console writingTo(OutputStream out) {
        return new Console(new PrintStream(out, false, UTF_8), new PrintStream(err, true, UTF_8), true);
    }

    @Test
    void aResultThatNobodyTakesIsNoticed() {
        Console console = writingTo(new OutputStream() {
            @Override
            public void write(int octet) throws IOException {
                throw new IOException("Broken pipe");
            }
        });

        assertThat(console.result("/parts/box.step")).isFalse();
    }

    @Test
    void aStatusIsShortenedToALineSoThatItCanBeErased() {
        writingTo(OutputStream.nullOutputStream()).status("word\n".repeat(100));

        assertThat(err.toString(UTF_8)).hasSizeLessThan(80).doesNotContain("\n").endsWith("...");
    }

    @Test
    void whatIsSaidStandsAboveTheStatus() {
        Console console = writingTo(OutputStream.nullOutputStream());
        console.status("working");
        console.say("submitted");

        assertThat(err.toString(UTF_8)).isEqualTo("working\r\033[Ksubmitted" + System.lineSeparator() + "working");
    }

    @Test
    void afterTheLastWordNothingIsSaid() {
        Console console = writingTo(OutputStream.nullOutputStream());
        console.silence();
        console.say("late");
        console.status("later");

        assertThat(err.toString(UTF_8)).isEmpty();
    }
}
