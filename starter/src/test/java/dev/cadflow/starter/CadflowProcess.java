package dev.cadflow.starter;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The command line as a process of its own. */
final class CadflowProcess implements AutoCloseable {
    private static final long TIMEOUT_SECONDS = 60;

    private final Process process;
    private final BufferedReader err;
    private final StringBuilder said = new StringBuilder();

    private CadflowProcess(Process process) {
        this.process = process;
        this.err = process.errorReader(UTF_8);
    }

    static CadflowProcess start(Map<String, String> environment, String... arguments) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName());
        builder.command().addAll(List.of(arguments));
        builder.environment().clear();
        builder.environment().putAll(environment);
        return new CadflowProcess(builder.start());
    }

    /** Reads what it says until a line has the text. */
    void awaitSaying(String text) throws IOException {
        while (said.indexOf(text) < 0) {
            String line = err.readLine();
            if (line == null) {
                throw new AssertionError("expected it to say \"" + text + "\", but it said:\n" + said);
            }
            said.append(line).append('\n');
        }
    }

    /** As Ctrl-C does. */
    void interrupt() throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-INT", Long.toString(process.pid())).start().waitFor();
    }

    /** Waits for its end. */
    CommandRun end() throws IOException, InterruptedException {
        String out = new String(process.getInputStream().readAllBytes(), UTF_8);
        for (String line = err.readLine(); line != null; line = err.readLine()) {
            said.append(line).append('\n');
        }
        if (!process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
            throw new AssertionError("it did not end, but said:\n" + said);
        }
        return new CommandRun(process.exitValue(), out, said.toString());
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
