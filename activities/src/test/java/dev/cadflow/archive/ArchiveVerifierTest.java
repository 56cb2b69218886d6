package dev.cadflow.archive;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.regex.Matcher.quoteReplacement;
import static java.util.regex.Pattern.quote;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ArchiveVerifierTest {
    /** RFC 8032, section 7.1, test 1, in the wrappings of PKCS 8 and X.509. */
    private static final String RFC_PRIVATE = pem(
            "302e020100300506032b657004220420" + "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60");

    private static final String RFC_PUBLIC =
            pem("302a300506032b6570032100d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a");

    private final ManifestSigner signer = ManifestSigner.ofPem(RFC_PRIVATE);
    private final ManifestKeys keys = new ManifestKeys(List.of(ManifestKeys.publicKey(RFC_PUBLIC)));

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path root;

    @BeforeEach
    void archiveTwoParts() {
        publish("a.step");
        publish("orders/b.step");
    }

    @Test
    void findsAWholeArchiveSound() throws IOException {
        ArchiveVerifier.Report report = new ArchiveVerifier(keys).verify(root);

        assertThat(report.differences()).isEmpty();
        assertThat(report.verified()).isEqualTo(2);
        assertThat(report.isSound()).isTrue();
    }

    @Test
    void verifiesOneFile() throws IOException {
        assertThat(new ArchiveVerifier(keys).verify(root.resolve("a.step")).verified())
                .isEqualTo(1);
    }

    @Test
    void namesEachFileThatDiffers() throws IOException {
        Files.write(root.resolve("a.step"), Parts.step("c.step"));
        Files.writeString(root.resolve("orders/b.step"), "longer");
        Files.writeString(root.resolve("stray.step"), "x");
        Files.writeString(root.resolve("gone.step.manifest.json"), "{}");

        assertThat(new ArchiveVerifier(keys).verify(root).differences())
                .extracting(ArchiveVerifier.Difference::toString)
                .satisfiesExactly(
                        a -> assertThat(a).contains("a.step: expected SHA-256"),
                        gone -> assertThat(gone).contains("expected its file beside it"),
                        b -> assertThat(b).contains("b.step: expected ").contains("found 6"),
                        stray -> assertThat(stray).contains("stray.step: expected a manifest"));
    }

    @Test
    void findsAManifestThatWasChangedAfterItWasSigned() throws IOException {
        Path manifest = root.resolve("a.step.manifest.json");
        Files.writeString(manifest, Files.readString(manifest).replace("order-7", "order-8"));

        assertThat(new ArchiveVerifier(keys).verify(root).differences())
                .singleElement()
                .extracting(ArchiveVerifier.Difference::reason)
                .isEqualTo("expected a manifest signed by a trusted key, found a signature that is not");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"accepted_by\":\"nobody\",", "{\"quarantine\":null,"})
    void findsAMemberThatWasAddedAfterTheManifestWasSigned(String beginning) throws IOException {
        for (String object : List.of("", "\"job\":", "\"file\":")) {
            Path manifest = root.resolve("a.step.manifest.json");
            String signed = Files.readString(manifest);
            Files.writeString(manifest, signed.replaceFirst(quote(object + "{"), quoteReplacement(object + beginning)));

            assertThat(new ArchiveVerifier(keys).verify(root).differences())
                    .as(object)
                    .singleElement()
                    .extracting(ArchiveVerifier.Difference::reason)
                    .isEqualTo("expected a manifest signed by a trusted key, found a signature that is not");
            Files.writeString(manifest, signed);
        }
    }

    /** Of two members of one name, one reader takes the first and another the last. */
    @Test
    void findsAMemberThatIsNamedTwice() throws IOException {
        Path manifest = root.resolve("a.step.manifest.json");
        Files.writeString(
                manifest, Files.readString(manifest).replaceFirst(quote("{"), "{\"archive_key\":\"b.step\","));

        for (ManifestKeys any : List.of(keys, new ManifestKeys(List.of()))) {
            assertThat(new ArchiveVerifier(any).verify(root).differences())
                    .singleElement()
                    .extracting(ArchiveVerifier.Difference::reason)
                    .isEqualTo("expected a manifest that can be read, found Duplicate field 'archive_key'");
        }
    }

    @Test
    void trustsASignedManifestThatSaysMoreThanThisVersionKnows() throws Exception {
        ObjectMapper mapper = new ObjectMapper();
        Path manifest = root.resolve("a.step.manifest.json");
        ObjectNode later = (ObjectNode) mapper.readTree(Files.readString(manifest));
        ObjectNode signature = (ObjectNode) later.remove("signature");
        later.put("accepted_by", "quality control").withObject("/job").put("priority", 1.50);
        Signature signing = Signature.getInstance("Ed25519");
        signing.initSign(KeyFactory.getInstance("Ed25519")
                .generatePrivate(new PKCS8EncodedKeySpec(ManifestKeys.pem(RFC_PRIVATE))));
        signing.update(CanonicalJson.write(later));
        signature.put("value", Base64.getEncoder().encodeToString(signing.sign()));
        Files.writeString(manifest, later.set("signature", signature).toPrettyString());

        assertThat(new ArchiveVerifier(keys).verify(root).differences()).isEmpty();
    }

    @Test
    void findsTwoPartsThatWereSwappedWithTheirManifests() throws IOException {
        for (String suffix : List.of("", ".manifest.json")) {
            Path first = root.resolve("a.step" + suffix);
            Path second = root.resolve("orders/b.step" + suffix);
            byte[] content = Files.readAllBytes(first);
            Files.write(first, Files.readAllBytes(second));
            Files.write(second, content);
        }

        assertThat(new ArchiveVerifier(keys).verify(root).differences())
                .extracting(ArchiveVerifier.Difference::reason)
                .containsExactly(
                        "expected the file of archive key a.step, found the manifest of orders/b.step",
                        "expected the file of archive key orders/b.step, found the manifest of a.step");
    }

    @Test
    void verifiesAPartOfAnArchiveAndAFileThatWasCopiedElsewhere() throws IOException {
        Path copy = Files.createDirectory(root.resolve("desk")).resolve("bracket.step");
        Files.copy(root.resolve("a.step"), copy);
        Files.copy(root.resolve("a.step.manifest.json"), Path.of(copy + ".manifest.json"));

        assertThat(new ArchiveVerifier(keys).verify(root.resolve("orders")).isSound())
                .isTrue();
        assertThat(new ArchiveVerifier(keys).verify(copy).isSound()).isTrue();
    }

    @Test
    void looksAtTheQuarantineButNotAtWhatIsOnItsWay() throws IOException {
        Files.createDirectories(root.resolve(".incoming"));
        Files.writeString(root.resolve(".incoming/half.part"), "x");
        Files.createDirectories(root.resolve(".quarantine"));
        Files.writeString(root.resolve(".quarantine/bad.step"), "x");

        assertThat(new ArchiveVerifier(keys).verify(root).differences())
                .singleElement()
                .asString()
                .contains(".quarantine/bad.step: expected a manifest");
    }

    @Test
    void trustsNoKeyThatItWasNotGiven() throws Exception {
        KeyPair other = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();

        assertThat(new ArchiveVerifier(new ManifestKeys(List.of(other.getPublic())))
                        .verify(root)
                        .differences())
                .hasSize(2);
    }

    @Test
    void signsAsRfc8032Has() {
        assertThat(ManifestSigner.encoded(ManifestKeys.publicKey(RFC_PUBLIC)))
                .isEqualTo(Base64.getEncoder()
                        .encodeToString(java.util.HexFormat.of()
                                .parseHex("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a")));
    }

    @Test
    void saysNothingOfAKeyThatCannotBeUsed() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ManifestSigner.ofPem("c2VjcmV0"))
                .withMessageContaining("Ed25519")
                .withMessageNotContaining("c2VjcmV0")
                .withNoCause();
    }

    private void publish(String name) {
        ArchiveKey key = ArchiveKey.of(name);
        FileArchive archive = new FileArchive(root);
        byte[] content = Parts.step(name);
        Manifest manifest = signer.sign(Parts.manifest(key, "job-" + name, content));
        archive.publish(key, Parts.staged(archive, key, content), manifest, beat -> {});
    }

    private static String pem(String hex) {
        byte[] der = java.util.HexFormat.of().parseHex(hex);
        return "-----BEGIN KEY-----\n" + new String(Base64.getMimeEncoder().encode(der), UTF_8)
                + "\n-----END KEY-----\n";
    }
}
