package dev.cadflow.worker.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.cadflow.worker.WorkerMain;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A worker in a process of its own, as an operator runs it. Closing kills it where it still runs. */
public final class WorkerProcess implements AutoCloseable {
    private final Process process;
    private final BufferedReader output;

    private WorkerProcess(Process process) {
        this.process = process;
        this.output = process.inputReader(UTF_8);
    }

    /**
     * Spawns one that sees no other settings than these.
     *
     * @param folder where it runs
     */
    public static WorkerProcess spawn(Path folder, Map<String, String> environment) throws IOException {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        ProcessBuilder builder = new ProcessBuilder(
                java,
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                WorkerMain.class.getName());
        builder.redirectErrorStream(true).directory(folder.toFile());
        builder.environment().keySet().removeIf(name -> name.matches("(CADFLOW|MAKISTRY|TEMPORAL)_.*"));
        builder.environment().putAll(environment);
        return new WorkerProcess(builder.start());
    }

    /** Waits for the one line that it says once it polls, or why it does not. */
    public String firstWord() {
        return output.lines()
                .filter(text -> text.startsWith("worker: "))
                .findFirst()
                .orElseThrow();
    }

    /** What else it writes, until it ends. */
    public List<String> restOfOutput() {
        return output.lines().toList();
    }

    /** Asks it to stop, as SIGTERM does. */
    public void terminate() {
        process.toHandle().destroy();
    }

    /** Ends it at once, as SIGKILL does. */
    public void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** Waits for its end. */
    public int exitCode() throws InterruptedException {
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            throw new AssertionError("expected the worker to end within 60 s, and it did not");
        }
        return process.exitValue();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
