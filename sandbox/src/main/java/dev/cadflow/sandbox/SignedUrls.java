package dev.cadflow.sandbox;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.concurrent.atomic.AtomicLong;
import org.eclipse.jetty.util.Fields;
import org.jspecify.annotations.Nullable;

/**
 * URLs that open one file for a while: path, expiry and a serial number under an HMAC with a key of this run. The serial
 * number makes each URL differ from all before it.
 */
final class SignedUrls {

    static final String PATH_PREFIX = "/makistry-sandbox-outputs/";

    private static final String EXPIRES = "X-Sandbox-Expires";
    private static final String SERIAL = "X-Sandbox-Serial";
    private static final String SIGNATURE = "X-Sandbox-Signature";

    private final SandboxTime time;
    private final byte[] key = new byte[32];
    private final AtomicLong serial = new AtomicLong();

    SignedUrls(SandboxTime time) {
        this.time = time;
        new SecureRandom().nextBytes(key);
    }

    URI sign(URI storage, String path, Instant expires) {
        String until = Long.toString(expires.toEpochMilli());
        String number = Long.toString(serial.incrementAndGet());
        return storage.resolve(path + "?" + EXPIRES + "=" + until + "&" + SERIAL + "=" + number + "&" + SIGNATURE + "="
                + signature(path, until, number));
    }

    /** Why a URL does not open its path; null where it does. */
    @Nullable String problem(String path, Fields query) {
        String until = query.getValue(EXPIRES);
        String number = query.getValue(SERIAL);
        String signature = query.getValue(SIGNATURE);
        if (until == null || number == null || signature == null) {
            return "AccessDenied";
        }
        byte[] expected = signature(path, until, number).getBytes(StandardCharsets.US_ASCII);
        if (!MessageDigest.isEqual(expected, signature.getBytes(StandardCharsets.UTF_8))) {
            return "SignatureDoesNotMatch";
        }
        return time.now().isBefore(instant(until)) ? null : "ExpiredToken";
    }

    private static Instant instant(String epochMillis) {
        try {
            return Instant.ofEpochMilli(Long.parseLong(epochMillis));
        } catch (NumberFormatException | DateTimeException e) {
            throw new IllegalStateException("A time that was signed here is not a number", e);
        }
    }

    private String signature(String path, String until, String number) {
        byte[] text = (path + "\n" + until + "\n" + number).getBytes(StandardCharsets.UTF_8);
        return HexFormat.of().formatHex(WebhookSignature.hmacSha256(key, text));
    }
}
