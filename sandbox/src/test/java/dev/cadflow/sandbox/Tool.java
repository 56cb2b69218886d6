package dev.cadflow.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Programs that some tests need: without them a test is skipped, and with {@code CI=true} it fails. */
public final class Tool {

    private Tool() {}

    /** The program's path, or the end of the test. */
    public static String require(String program, String install) {
        return Arrays.stream(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
                .map(folder -> Path.of(folder, program))
                .filter(Files::isExecutable)
                .findFirst()
                .map(Path::toString)
                .orElseGet(() -> missing(program + " is not installed: " + install));
    }

    /** A Python that can import httpx, or the end of the test. */
    public static String pythonWithHttpx() throws IOException, InterruptedException {
        String python = System.getenv().getOrDefault("CADFLOW_TEST_PYTHON", "python3");
        if (python.contains("/") ? Files.isExecutable(Path.of(python)) : isOnPath(python)) {
            Process process = new ProcessBuilder(python, "-c", "import httpx")
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            if (process.waitFor(30, TimeUnit.SECONDS) && process.exitValue() == 0) {
                return python;
            }
        }
        return missing("Python with httpx is not installed: python3 -m venv VENV && VENV/bin/pip install httpx,"
                + " then set CADFLOW_TEST_PYTHON=VENV/bin/python");
    }

    private static boolean isOnPath(String program) {
        return Arrays.stream(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
    }

    private static String missing(String message) {
        if ("true".equals(System.getenv("CI"))) {
            fail(message);
        }
        System.err.println("SKIPPED: " + message);
        return abort(message);
    }

    /** Runs a program to its end, which must be a good one, and gives back all that it said. */
    public static String run(Path folder, Map<String, String> environment, List<String> command)
            throws IOException, InterruptedException {
        Path output = Files.createTempFile("tool", ".txt");
        try {
            ProcessBuilder builder = new ProcessBuilder(command)
                    .directory(folder.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile());
            builder.environment().putAll(environment);
            Process process = builder.start();
            boolean ended = process.waitFor(60, TimeUnit.SECONDS);
            process.destroyForcibly();
            String said = Files.readString(output, StandardCharsets.UTF_8);
            assertThat(ended).as("%s ended in time; it said: %s", command, said).isTrue();
            assertThat(process.waitFor()).as("%s said: %s", command, said).isZero();
            return said;
        } finally {
            Files.delete(output);
        }
    }
}
