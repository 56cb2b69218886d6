package dev.cadflow.worker.webhook;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URI;
import java.net.http.HttpRequest;
import java.time.Clock;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/** A webhook as Makistry sends it, and as an attacker changes it. */
record SignedWebhook(
        byte[] body, @Nullable String timestamp, @Nullable String signature) {
    static final String SECRET = "whsec_current";

    static SignedWebhook valid(String body, Clock clock) {
        return signedWith(SECRET, body, clock.instant().getEpochSecond());
    }

    static SignedWebhook signedWith(String secret, String body, long unixSeconds) {
        byte[] bytes = body.getBytes(UTF_8);
        String timestamp = Long.toString(unixSeconds);
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret.getBytes(UTF_8), "HmacSHA256"));
            mac.update((timestamp + ".").getBytes(UTF_8));
            return new SignedWebhook(
                    bytes, timestamp, "sha256=" + HexFormat.of().formatHex(mac.doFinal(bytes)));
        } catch (java.security.GeneralSecurityException missing) {
            throw new AssertionError(missing);
        }
    }

    SignedWebhook withBody(String changed) {
        return new SignedWebhook(changed.getBytes(UTF_8), timestamp, signature);
    }

    SignedWebhook withoutSignature() {
        return new SignedWebhook(body, timestamp, null);
    }

    SignedWebhook withoutTimestamp() {
        return new SignedWebhook(body, null, signature);
    }

    HttpRequest to(URI url) {
        HttpRequest.Builder request = HttpRequest.newBuilder(url).POST(HttpRequest.BodyPublishers.ofByteArray(body));
        if (timestamp != null) {
            request.header(SignatureVerifier.TIMESTAMP_HEADER, timestamp);
        }
        if (signature != null) {
            request.header(SignatureVerifier.SIGNATURE_HEADER, signature);
        }
        return request.build();
    }
}
