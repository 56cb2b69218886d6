package dev.cadflow.workflow.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * What a command that has run printed.
 *
 * @param exitCode 0 for success
 * @param output standard output and standard error, as they came
 */
public record Command(int exitCode, String output) {
    private static final int LONGEST_SECONDS = 60;

    /**
     * Runs a command to its end.
     *
     * @param environment added to this process's own
     * @throws IllegalStateException where it does not end within a minute
     */
    public static Command run(List<String> command, Map<String, String> environment) {
        try {
            ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
            builder.environment().putAll(environment);
            Process process = builder.start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!process.waitFor(LONGEST_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new IllegalStateException(command + " did not end; it printed: " + output);
            }
            return new Command(process.exitValue(), output);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(command + " was interrupted", e);
        }
    }

    /** The output of a command that must succeed. */
    public String orThrow() {
        if (exitCode != 0) {
            throw new AssertionError("exit code " + exitCode + ": " + output);
        }
        return output;
    }
}
