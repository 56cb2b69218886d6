package dev.cadflow.starter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cadflow.sandbox.SandboxOptions;
import dev.cadflow.sandbox.SandboxServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RotateSecretTest {
    @TempDir
    private Path folder = Path.of("");

    private SandboxServer sandbox;

    @BeforeEach
    void start() throws IOException {
        sandbox = SandboxServer.start(SandboxOptions.defaults());
    }

    @AfterEach
    void stop() {
        sandbox.close();
    }

    @Test
    void theNewSecretIsAllOfStandardOutput() {
        CommandRun run = rotate(sandbox.apiKeyId());

        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).isEqualTo(sandbox.signingSecret() + System.lineSeparator());
        assertThat(sandbox.signingSecret()).isNotEqualTo(SandboxOptions.DEFAULT_SIGNING_SECRET);
        assertThat(run.err()).doesNotContain(sandbox.signingSecret(), sandbox.apiKey());
    }

    @Test
    void itIsSaidWhereTheSecretMustGoAndInWhichOrder() {
        assertThat(rotate(sandbox.apiKeyId()).err())
                .containsSubsequence(
                        "1. Stop the workers",
                        "2. Change the secret",
                        "3. Put the new secret before the old one, MAKISTRY_SIGNING_SECRETS=NEW,OLD",
                        "4. A day later",
                        "Now step 3");
    }

    @Test
    void theOrderCanBeReadBeforeAnythingIsChanged() {
        CommandRun run = rotate(sandbox.apiKeyId(), "--dry-run");

        assertThat(run.exitCode()).isZero();
        assertThat(run.err()).contains("1. Stop the workers");
        assertThat(sandbox.counts().apiRequests()).isZero();
    }

    @Test
    void aFileGetsTheNewSecretBeforeTheOldAndIsItsOwnersAlone() throws IOException {
        Path file = Files.writeString(folder.resolve("secrets"), "old-secret\n");

        CommandRun run = rotate(sandbox.apiKeyId(), "--secrets-file", file.toString());

        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).doesNotContain(sandbox.signingSecret());
        assertThat(file).hasContent(sandbox.signingSecret() + "\nold-secret\n");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(folder.resolve("secrets.new")).doesNotExist();
    }

    @Test
    void aFileThatCannotBeWrittenIsSaidBeforeAnythingIsChanged() {
        CommandRun run = rotate(
                sandbox.apiKeyId(),
                "--secrets-file",
                folder.resolve("no/such/secrets").toString());

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(sandbox.counts().apiRequests()).isZero();
    }

    @Test
    void whatMakistryRefusesLeavesTheFileAsItWas() throws IOException {
        Path file = Files.writeString(folder.resolve("secrets"), "old-secret\n");

        CommandRun run = rotate("key_of_another", "--secrets-file", file.toString());

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err()).contains("Nothing was changed");
        assertThat(file).hasContent("old-secret\n");
        assertThat(folder.resolve("secrets.new")).doesNotExist();
    }

    @Test
    void anApiKeyInPlaceOfItsIdIsNotRepeated() {
        CommandRun run = rotate("mk_pub_00112233445566778899aabbccddeeff ");

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err()).doesNotContain("00112233");
    }

    private CommandRun rotate(String... arguments) {
        Map<String, String> environment = new HashMap<>(CommandRun.bareEnvironment(folder));
        environment.put("MAKISTRY_API_KEY", sandbox.apiKey());
        environment.put("MAKISTRY_BASE_URL", sandbox.apiBaseUrl().toString());
        String[] all = new String[arguments.length + 1];
        all[0] = "rotate-secret";
        System.arraycopy(arguments, 0, all, 1, arguments.length);
        return CommandRun.of(environment, all);
    }
}
