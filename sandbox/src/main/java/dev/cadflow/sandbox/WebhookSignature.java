package dev.cadflow.sandbox;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** How Makistry signs a webhook: HMAC-SHA256 over timestamp, a dot and the raw body. */
final class WebhookSignature {

    private WebhookSignature() {}

    /** The value of {@code X-Makistry-Signature}. */
    static String header(String secret, String timestamp, byte[] body) {
        byte[] head = (timestamp + ".").getBytes(StandardCharsets.UTF_8);
        return "sha256=" + HexFormat.of().formatHex(hmacSha256(secret.getBytes(StandardCharsets.UTF_8), head, body));
    }

    /** The code of RFC 2104 over SHA-256, of several pieces as if they were one. */
    static byte[] hmacSha256(byte[] key, byte[]... pieces) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            for (byte[] piece : pieces) {
                mac.update(piece);
            }
            return mac.doFinal();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every Java platform has HmacSHA256, this one does not", e);
        }
    }
}
