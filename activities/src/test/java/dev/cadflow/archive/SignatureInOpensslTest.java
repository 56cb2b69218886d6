package dev.cadflow.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.cadflow.workflow.testing.Command;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A signed manifest, checked by the commands that docs/archive.md gives to whoever has no cadflow. */
final class SignatureInOpensslTest {
    private static final ArchiveKey KEY = ArchiveKey.of("part.step");

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    @BeforeEach
    void signAManifest() throws IOException {
        for (String tool : List.of("openssl", "jq", "base64")) {
            assumeTrue(isInstalled(tool), "no " + tool + ": apt-get install openssl jq coreutils");
        }
        run("openssl genpkey -algorithm ed25519 -out manifest.key").orThrow();
        run("openssl pkey -in manifest.key -pubout -out manifest.pub").orThrow();
        ManifestSigner signer = ManifestSigner.ofPem(Files.readString(folder.resolve("manifest.key")));
        Files.write(
                folder.resolve("part.step.manifest.json"),
                signer.sign(manifest()).toJson());
    }

    @Test
    void isVerifiedByTheDocumentedCommands() throws IOException {
        assertThat(run(documented()).orThrow()).contains("Signature Verified Successfully");
    }

    @Test
    void isRefusedByThemWhereTheManifestWasChanged() throws IOException {
        Path manifest = folder.resolve("part.step.manifest.json");
        Files.writeString(manifest, Files.readString(manifest).replace("order-7", "order-8"));

        assertThat(run(documented()).exitCode()).isNotZero();
    }

    /** With what a canonical text could get wrong: numbers, characters beyond the basic plane, nested names. */
    private static Manifest manifest() throws IOException {
        Manifest plain = Parts.manifest(KEY, "pub_1", Parts.step("a"));
        JsonNode brainstorm = new ObjectMapper()
                .readTree("{\"z\":[{\"b\":1.50,\"a\":1e3}],\"\u00fc\":\"\\ud83d\\udd29 \\\"M5\\\" / \\n\",\"a\":null}");
        return new Manifest(
                plain.manifestVersion(),
                plain.archiveKey(),
                plain.file(),
                new Manifest.MakistryJob("pub_1", null, null, brainstorm, 8420L, 74300L),
                plain.request(),
                plain.workflow(),
                plain.delivery(),
                null,
                null);
    }

    private static String documented() throws IOException {
        String page = Files.readString(Path.of("..", "docs", "archive.md"));
        int begin = page.indexOf("jq -jcS");
        return page.substring(begin, page.indexOf("```", begin));
    }

    private Command run(String script) {
        return Command.run(List.of("sh", "-ec", "cd \"$FOLDER\"\n" + script), Map.of("FOLDER", folder.toString()));
    }

    private static boolean isInstalled(String tool) {
        return Arrays.stream(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator, -1))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, tool)));
    }
}
