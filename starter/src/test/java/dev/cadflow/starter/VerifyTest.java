package dev.cadflow.starter;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cadflow.archive.Manifest;
import dev.cadflow.archive.ManifestSigner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class VerifyTest {
    private static final String PART = "ISO-10303-21;";
    private static final String PART_SHA256 = sha256(PART);

    @TempDir
    private Path folder = Path.of("");

    @TempDir
    private Path elsewhere = Path.of("");

    private Path file = folder;

    @BeforeEach
    void archiveAPart() throws IOException {
        file = Files.writeString(Files.createDirectory(folder.resolve("order")).resolve("a.step"), PART);
        Files.writeString(folder.resolve("order/a.step.manifest.json"), manifest("order/a.step"));
    }

    @Test
    void aSoundArchiveGetsASummaryLineAndExitsWith0() {
        for (String place : new String[] {
            folder.toString(),
            folder.toUri().toString(),
            file.toString(),
            file.toUri().toString()
        }) {
            CommandRun run = verify(place);

            assertThat(run.err()).isEqualToIgnoringNewLines("1 file is as archived.");
            assertThat(run.out()).isEmpty();
            assertThat(run.exitCode()).isZero();
        }
    }

    @Test
    void eachFileThatDiffersIsNamedAndTheExitCodeIs1() throws IOException {
        Files.writeString(file, PART.toLowerCase(java.util.Locale.ROOT));
        Files.writeString(folder.resolve("stray.step"), PART);

        CommandRun run = verify(folder.toString());

        assertThat(run.out().lines())
                .satisfiesExactly(
                        changed -> assertThat(changed).startsWith(file + ": expected SHA-256 " + PART_SHA256),
                        stray -> assertThat(stray).endsWith("stray.step: expected a manifest beside it, found none"));
        assertThat(run.err()).isEqualToIgnoringNewLines("0 files are as archived; 2 differ.");
        assertThat(run.exitCode()).isEqualTo(1);
    }

    @Test
    void aFileWithoutTheSignatureThatIsAskedForDiffers() throws IOException, NoSuchAlgorithmException {
        CommandRun run =
                verify(folder.toString(), "--public-key", pem(keyPair()).toString());

        assertThat(run.out()).contains("a.step: expected a signed manifest, found none");
        assertThat(run.exitCode()).isEqualTo(1);
    }

    @Test
    void anArchiveThatIsSignedThroughoutExitsWith0AndEachForgedManifestIsNamed() throws Exception {
        KeyPair ours = keyPair();
        KeyPair theirs = keyPair();
        sign("order/a.step", ours);
        sign("order/b.step", ours);
        String key = pem(ours).toString();

        CommandRun sound = verify(folder.toString(), "--public-key", key);
        Path changed = folder.resolve("order/a.step.manifest.json");
        Files.writeString(changed, Files.readString(changed).replace("pub_1", "pub_2"));
        sign("order/b.step", theirs);
        CommandRun forged = verify(folder.toString(), "--public-key", key);

        assertThat(sound.err()).isEqualToIgnoringNewLines("2 files are as archived and signed.");
        assertThat(sound.out()).isEmpty();
        assertThat(sound.exitCode()).isZero();
        String reason = ": expected a manifest signed by a trusted key, found a signature that is not";
        assertThat(forged.out().lines())
                .containsExactly(folder.resolve("order/a.step") + reason, folder.resolve("order/b.step") + reason);
        assertThat(forged.err()).isEqualToIgnoringNewLines("0 files are as archived and signed; 2 differ.");
        assertThat(forged.exitCode()).isEqualTo(1);
    }

    @Test
    void oneOfSeveralKeysIsEnough() throws Exception {
        KeyPair old = keyPair();
        KeyPair current = keyPair();
        sign("order/a.step", old);
        sign("order/b.step", current);

        CommandRun run = verify(
                folder.toString(),
                "--public-key",
                pem(old).toString(),
                "--public-key",
                pem(current).toString());

        assertThat(run.err()).isEqualToIgnoringNewLines("2 files are as archived and signed.");
        assertThat(run.exitCode()).isZero();
    }

    @Test
    void anEmptyFolderIsNothingToTrust() throws IOException {
        CommandRun run = verify(Files.createDirectory(folder.resolve("empty")).toString());

        assertThat(run.err()).contains("Nothing to verify");
        assertThat(run.exitCode()).isEqualTo(1);
    }

    @Test
    void aPlaceThatIsNotThereAndAKeyThatIsNoneAreWrongUsage() {
        CommandRun nowhere = verify(folder.resolve("nowhere").toString());
        CommandRun noKey = verify(folder.toString(), "--public-key", file.toString());

        assertThat(nowhere.err()).contains("PATH|URI: expected a file or a folder, found nothing at ", "nowhere");
        assertThat(nowhere.exitCode()).isEqualTo(2);
        assertThat(noKey.err()).contains("--public-key: expected a file with an Ed25519 public key");
        assertThat(noKey.exitCode()).isEqualTo(2);
    }

    @Test
    void aStoreThatIsConfiguredWronglyIsWrongUsage() {
        CommandRun run = CommandRun.of(Map.of("CADFLOW_S3_PATH_STYLE", "maybe"), "verify", "s3://parts/cad");

        assertThat(run.err()).contains("CADFLOW_S3_PATH_STYLE: expected true or false");
        assertThat(run.exitCode()).isEqualTo(2);
    }

    /** A part with the manifest that the owner of those keys signs. */
    private void sign(String name, KeyPair keys) throws IOException {
        Manifest manifest = ManifestSigner.of(keys.getPrivate(), keys.getPublic())
                .sign(Manifest.parse(manifest(name).getBytes(UTF_8)));
        Files.writeString(folder.resolve(name), PART);
        Files.write(folder.resolve(name + ".manifest.json"), manifest.toJson());
    }

    private static String manifest(String key) {
        return """
                {"archive_key":"%s","file":{"media_type":"application/step","output_format":"STEP",\
                "sha256":"%s","size_bytes":%d},"job":{"job_id":"pub_1"},"manifest_version":1}""".formatted(key, PART_SHA256, PART.length());
    }

    private static KeyPair keyPair() throws NoSuchAlgorithmException {
        return KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
    }

    private Path pem(KeyPair keys) throws IOException {
        return Files.writeString(
                Files.createTempFile(elsewhere, "key", ".pem"),
                "-----BEGIN PUBLIC KEY-----\n"
                        + Base64.getMimeEncoder()
                                .encodeToString(keys.getPublic().getEncoded())
                        + "\n-----END PUBLIC KEY-----\n");
    }

    private static CommandRun verify(String... arguments) {
        String[] all = new String[arguments.length + 1];
        all[0] = "verify";
        System.arraycopy(arguments, 0, all, 1, arguments.length);
        return CommandRun.of(Map.of(), all);
    }

    private static String sha256(String text) {
        try {
            return HexFormat.of()
                    .formatHex(java.security.MessageDigest.getInstance("SHA-256")
                            .digest(text.getBytes(java.nio.charset.StandardCharsets.US_ASCII)));
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException(missing);
        }
    }
}
