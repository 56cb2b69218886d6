package dev.cadflow.sandbox;

import java.security.SecureRandom;
import java.util.HexFormat;

/** The secret that webhooks are signed with; a rotation holds from the next webhook on. */
final class SigningSecret {

    private final SecureRandom random = new SecureRandom();
    private volatile String current;

    SigningSecret(String first) {
        current = first;
    }

    String current() {
        return current;
    }

    String rotate() {
        byte[] bytes = new byte[32];
        random.nextBytes(bytes);
        String next = HexFormat.of().formatHex(bytes);
        current = next;
        return next;
    }
}
