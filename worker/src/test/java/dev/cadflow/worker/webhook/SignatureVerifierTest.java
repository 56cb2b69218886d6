package dev.cadflow.worker.webhook;

import static dev.cadflow.worker.webhook.SignatureVerifier.Verdict.FORGED;
import static dev.cadflow.worker.webhook.SignatureVerifier.Verdict.GENUINE;
import static dev.cadflow.worker.webhook.SignatureVerifier.Verdict.MALFORMED;
import static dev.cadflow.worker.webhook.SignatureVerifier.Verdict.STALE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.cadflow.worker.webhook.SignatureVerifier.Verdict;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

final class SignatureVerifierTest {
    private static final String SECRET = "whsec_8f2b6f1c";
    private static final String TIMESTAMP = "1780135275";
    private static final byte[] BODY =
            "{\"job_id\": \"pub_a1b2c3d4e5f6\", \"status\": \"success\", \"metadata\": {\"note\": \"Ø 5 mm\"}}"
                    .getBytes(UTF_8);

    /** By OpenSSL 3: {@code printf '%s.%s' $TIMESTAMP "$BODY" | openssl dgst -sha256 -hmac $SECRET}. */
    private static final String SIGNATURE = "sha256=c55c9ddb8f4dab4b49408ffa66b43a2aa246e24e80a9b56de610e9fd0befd7e2";

    private static final Instant SIGNED_AT = Instant.ofEpochSecond(Long.parseLong(TIMESTAMP));

    private static Verdict verifyAt(Instant now, List<String> timestamps, List<String> signatures, byte[] body) {
        return new SignatureVerifier(List.of(SECRET), Clock.fixed(now, ZoneOffset.UTC))
                .verify(timestamps, signatures, body);
    }

    private static Verdict verify(String timestamp, String signature) {
        return verifyAt(SIGNED_AT, List.of(timestamp), List.of(signature), BODY);
    }

    private static Verdict verifyWith(List<String> secrets) {
        return new SignatureVerifier(secrets, Clock.fixed(SIGNED_AT, ZoneOffset.UTC))
                .verify(List.of(TIMESTAMP), List.of(SIGNATURE), BODY);
    }

    @Test
    void aBodySignedJustNowIsGenuine() {
        assertThat(verify(TIMESTAMP, SIGNATURE)).isEqualTo(GENUINE);
    }

    /** RFC 4231, test cases 1, 2 and 7. */
    @ParameterizedTest
    @MethodSource("rfc4231")
    void theHmacIsThatOfRfc4231HoweverTheDataIsSplit(byte[] key, String data, String expected) {
        byte[] bytes = data.getBytes(UTF_8);
        byte[] head = Arrays.copyOf(bytes, 3);
        byte[] tail = Arrays.copyOfRange(bytes, 3, bytes.length);
        assertThat(SignatureVerifier.hmac(new SecretKeySpec(key, "HmacSHA256"), head, tail))
                .isEqualTo(HexFormat.of().parseHex(expected));
    }

    static Stream<Arguments> rfc4231() {
        return Stream.of(
                Arguments.of(
                        HexFormat.of().parseHex("0b".repeat(20)),
                        "Hi There",
                        "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"),
                Arguments.of(
                        "Jefe".getBytes(UTF_8),
                        "what do ya want for nothing?",
                        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"),
                Arguments.of(
                        HexFormat.of().parseHex("aa".repeat(131)),
                        "This is a test using a larger than block-size key and a larger than block-size data. The key"
                                + " needs to be hashed before being used by the HMAC algorithm.",
                        "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2"));
    }

    @Test
    void anyOfSeveralSecretsWillDoSoThatOneCanBeRotated() {
        assertThat(verifyWith(List.of("old", SECRET))).isEqualTo(GENUINE);
        assertThat(verifyWith(List.of(SECRET, "new"))).isEqualTo(GENUINE);
        assertThat(verifyWith(List.of("old", "new"))).isEqualTo(FORGED);
    }

    @Test
    void oneChangedByteOfTheBodyIsAForgery() {
        byte[] changed = BODY.clone();
        changed[changed.length - 2] ^= 1;
        assertThat(verifyAt(SIGNED_AT, List.of(TIMESTAMP), List.of(SIGNATURE), changed))
                .isEqualTo(FORGED);
        assertThat(verifyAt(SIGNED_AT, List.of(TIMESTAMP), List.of(SIGNATURE), new byte[0]))
                .isEqualTo(FORGED);
    }

    @Test
    void anotherTimestampThanTheSignedOneIsAForgery() {
        assertThat(verify("1780135276", SIGNATURE)).isEqualTo(FORGED);
        assertThat(verify("01780135275", SIGNATURE)).isEqualTo(FORGED);
    }

    @Test
    void exactly300SecondsEitherWayAreTolerated() {
        for (Duration off : List.of(Duration.ofSeconds(300), Duration.ofSeconds(-300))) {
            assertThat(verifyAt(SIGNED_AT.plus(off), List.of(TIMESTAMP), List.of(SIGNATURE), BODY))
                    .isEqualTo(GENUINE);
        }
    }

    @Test
    void aMillisecondMoreThan300SecondsIsNot() {
        for (Duration off : List.of(Duration.ofMillis(300_001), Duration.ofMillis(-300_001))) {
            assertThat(verifyAt(SIGNED_AT.plus(off), List.of(TIMESTAMP), List.of(SIGNATURE), BODY))
                    .isEqualTo(STALE);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                " 1780135275",
                "1780135275 ",
                "+1780135275",
                "-1780135275",
                "1780135275.0",
                "1.7e9",
                "0x6a1ab86b",
                "١٧٨٠١٣٥٢٧٥",
                "178013527500",
                "99999999999999999999999999",
                "yesterday"
            })
    void aTimestampThatIsNotPlainUnixSecondsIsMalformed(String timestamp) {
        assertThat(verify(timestamp, SIGNATURE)).isEqualTo(MALFORMED);
    }

    @Test
    void aTimestampInMillisecondsOrOfLongAgoIsStaleAtWorst() {
        assertThat(verify("99999999999", SIGNATURE)).isEqualTo(STALE);
        assertThat(verify("0", SIGNATURE)).isEqualTo(STALE);
    }

    @Test
    void aSignatureOfAnotherShapeIsMalformed() {
        String hex = SIGNATURE.substring("sha256=".length());
        for (String shape : List.of(
                "",
                "sha256=",
                hex,
                "sha1=" + hex,
                "SHA256=" + hex,
                "sha256:" + hex,
                "sha256=" + hex.substring(1),
                "sha256=" + hex + "00",
                "sha256=" + hex.replace('c', 'g'),
                "sha256= " + hex,
                SIGNATURE + "," + SIGNATURE,
                "v1=" + hex + ",sha256=" + hex,
                "sha256=" + "0".repeat(10_000))) {
            assertThat(verify(TIMESTAMP, shape)).as(shape).isEqualTo(MALFORMED);
        }
    }

    @Test
    void hexDigitsMayBeInUpperCase() {
        String hex = SIGNATURE.substring("sha256=".length()).toUpperCase(Locale.ROOT);
        assertThat(verify(TIMESTAMP, "sha256=" + hex)).isEqualTo(GENUINE);
    }

    @Test
    void aMissingOrDoubledHeaderIsMalformedEvenWhereOneOfThemIsGood() {
        assertThat(verifyAt(SIGNED_AT, List.of(), List.of(SIGNATURE), BODY)).isEqualTo(MALFORMED);
        assertThat(verifyAt(SIGNED_AT, List.of(TIMESTAMP), List.of(), BODY)).isEqualTo(MALFORMED);
        assertThat(verifyAt(SIGNED_AT, List.of(TIMESTAMP, TIMESTAMP), List.of(SIGNATURE), BODY))
                .isEqualTo(MALFORMED);
        assertThat(verifyAt(SIGNED_AT, List.of(TIMESTAMP), List.of(SIGNATURE, "sha256=00"), BODY))
                .isEqualTo(MALFORMED);
    }

    @Test
    void aVerifierWithoutSecretsOrWithABlankOneIsRefused() {
        Clock clock = Clock.systemUTC();
        assertThatIllegalArgumentException().isThrownBy(() -> new SignatureVerifier(List.of(), clock));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new SignatureVerifier(List.of(SECRET, " "), clock))
                .withMessageNotContaining(SECRET);
    }
}
