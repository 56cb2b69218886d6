package dev.cadflow.worker.webhook;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;

/**
 * Tells Makistry's webhooks from everyone else's: HMAC-SHA256 over {@code timestamp.body} with a signing secret, at most
 * 300 s old or early. Works on the bytes as they came; safe for use by many threads.
 */
public final class SignatureVerifier {
    /** The header with the signature, {@code sha256=} and 64 hex digits. */
    public static final String SIGNATURE_HEADER = "X-Makistry-Signature";

    /** The header with the time of signing, in Unix seconds. */
    public static final String TIMESTAMP_HEADER = "X-Makistry-Timestamp";

    /** Makistry's documentation: reject what was signed longer ago than this, or as far in the future. */
    public static final Duration TOLERANCE = Duration.ofSeconds(300);

    private static final String HMAC = "HmacSHA256";
    private static final Pattern SIGNATURE = Pattern.compile("sha256=[0-9A-Fa-f]{64}");
    private static final int PREFIX_LENGTH = "sha256=".length();
    /** ASCII digits only, and few enough for an {@link Instant}. */
    private static final Pattern TIMESTAMP = Pattern.compile("[0-9]{1,11}");

    private final List<SecretKey> keys;
    private final Clock clock;

    /** What a check found. */
    public enum Verdict {
        /** Makistry signed this body just now. */
        GENUINE,
        /** A header is missing, doubled or misshapen. */
        MALFORMED,
        /** Signed too long ago, or in the future: a replay, or a clock that is off. */
        STALE,
        /** None of the secrets made this signature. */
        FORGED
    }

    /**
     * A verifier that takes what any of the secrets signed, so that one can be rotated without losing a webhook.
     *
     * @throws IllegalArgumentException where there is no secret, or a blank one
     */
    public SignatureVerifier(List<String> signingSecrets, Clock clock) {
        if (signingSecrets.isEmpty() || signingSecrets.stream().anyMatch(String::isBlank)) {
            throw new IllegalArgumentException("signing secrets: expected at least one and none blank, found "
                    + signingSecrets.size() + " of which "
                    + signingSecrets.stream().filter(String::isBlank).count() + " blank");
        }
        this.keys = signingSecrets.stream()
                .<SecretKey>map(secret -> new SecretKeySpec(secret.getBytes(UTF_8), HMAC))
                .toList();
        this.clock = clock;
    }

    /**
     * Checks a request.
     *
     * @param timestamps every value of {@value #TIMESTAMP_HEADER}, as they came; only exactly one is good
     * @param signatures every value of {@value #SIGNATURE_HEADER}, as they came; only exactly one is good
     * @param body the bytes as they came
     */
    public Verdict verify(List<String> timestamps, List<String> signatures, byte[] body) {
        if (timestamps.size() != 1
                || signatures.size() != 1
                || !TIMESTAMP.matcher(timestamps.get(0)).matches()
                || !SIGNATURE.matcher(signatures.get(0)).matches()) {
            return Verdict.MALFORMED;
        }
        String timestamp = timestamps.get(0);
        // Exact, not in whole seconds: 300.4 s is more than 300 s.
        Duration age = Duration.between(Instant.ofEpochSecond(Long.parseLong(timestamp)), clock.instant());
        if (age.abs().compareTo(TOLERANCE) > 0) {
            return Verdict.STALE;
        }
        byte[] claimed = HexFormat.of().parseHex(signatures.get(0).substring(PREFIX_LENGTH));
        boolean genuine = false;
        for (SecretKey key : keys) {
            // All keys, always: the time taken tells nothing of which one matched.
            genuine |= MessageDigest.isEqual(sign(key, timestamp, body), claimed);
        }
        return genuine ? Verdict.GENUINE : Verdict.FORGED;
    }

    private static byte[] sign(SecretKey key, String timestamp, byte[] body) {
        return hmac(key, (timestamp + ".").getBytes(US_ASCII), body);
    }

    /** HMAC-SHA256 (RFC 2104) of the parts, one after the other. */
    static byte[] hmac(SecretKey key, byte[]... parts) {
        try {
            Mac mac = Mac.getInstance(HMAC);
            mac.init(key);
            for (byte[] part : parts) {
                mac.update(part);
            }
            return mac.doFinal();
        } catch (GeneralSecurityException missing) {
            throw new IllegalStateException("This Java has no " + HMAC, missing);
        }
    }
}
