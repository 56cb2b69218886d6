package dev.cadflow.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The signature against published vectors. */
final class WebhookSignatureTest {

    /** RFC 4231, test cases 1 to 4, 6 and 7. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "0b*20 | 4869205468657265 | b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7",
                "4a656665 | 7768617420646f2079612077616e7420666f72206e6f7468696e673f"
                        + " | 5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
                "aa*20 | dd*50 | 773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe",
                "0102030405060708090a0b0c0d0e0f10111213141516171819 | cd*50"
                        + " | 82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b",
                "aa*131 | 54657374205573696e67204c6172676572205468616e20426c6f636b2d53697a65204b6579202d2048617368"
                        + "204b6579204669727374"
                        + " | 60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54",
                "aa*131 | 5468697320697320612074657374207573696e672061206c6172676572207468616e20626c6f636b2d73697a65"
                        + "206b657920616e642061206c6172676572207468616e20626c6f636b2d73697a6520646174612e20546865206b"
                        + "6579206e6565647320746f20626520686173686564206265666f7265206265696e6720757365642062792074"
                        + "686520484d414320616c676f726974686d2e"
                        + " | 9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2",
            })
    void theCodeIsThatOfTheRfc(String key, String data, String code) {
        byte[] whole = bytes(data);
        byte[] head = Arrays.copyOf(whole, 3);
        byte[] rest = Arrays.copyOfRange(whole, 3, whole.length);

        assertThat(WebhookSignature.hmacSha256(bytes(key), whole)).asHexString().isEqualToIgnoringCase(code);
        assertThat(WebhookSignature.hmacSha256(bytes(key), head, rest))
                .asHexString()
                .isEqualToIgnoringCase(code);
    }

    /**
     * Computed with {@code printf '%s' 'TIMESTAMP.BODY' | openssl dgst -sha256 -hmac SECRET}.
     */
    @Test
    void theHeaderIsThatOfTimestampDotBody() {
        byte[] body = "{\"job_id\":\"pub_a1b2c3d4e5f6\",\"status\":\"success\",\"metadata\":{}}"
                .getBytes(StandardCharsets.UTF_8);

        assertThat(WebhookSignature.header("sandbox-signing-secret-5a4d5a4d5a4d5a4d", "1780135275", body))
                .isEqualTo("sha256=d1d69836e3ebba4261f2710b9465e0c7e96dfd9f4ac69405a191ffc1629d66f8");
    }

    /** Hexadecimal digits, or a byte and how often it is repeated. */
    private static byte[] bytes(String text) {
        int star = text.indexOf('*');
        return HexFormat.of()
                .parseHex(star < 0 ? text : text.substring(0, star).repeat(Integer.parseInt(text.substring(star + 1))));
    }
}
