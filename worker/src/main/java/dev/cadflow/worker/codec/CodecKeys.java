package dev.cadflow.worker.codec;

import java.util.Base64;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;

/**
 * The keys of a payload codec. The first encrypts, all decrypt; so a key is rotated by adding a new one behind it
 * everywhere and moving that to the front then, and goes when no history that was written with it is needed any more.
 * Shows no key.
 */
public final class CodecKeys {
    private static final Pattern KEY_ID = Pattern.compile("[A-Za-z0-9._-]{1,64}");
    private static final int KEY_BYTES = 32;

    /** Encrypts nothing, and decrypts nothing. */
    public static final CodecKeys NONE = new CodecKeys(Map.of());

    private final Map<String, SecretKey> keys;

    private CodecKeys(Map<String, SecretKey> keys) {
        this.keys = keys;
    }

    /**
     * Reads {@code id:base64key,…}, the one that encrypts first.
     *
     * @param text each id 1 to 64 characters of {@code A-Z a-z 0-9 . _ -}; each key 32 bytes in base64, as
     *     {@code openssl rand -base64 32} makes them
     * @throws IllegalArgumentException where it is not so; the message names ids and shows no key
     */
    public static CodecKeys parse(String text) {
        Map<String, SecretKey> keys = new LinkedHashMap<>();
        for (String part : text.split("[,\\r\\n]+")) {
            if (part.isBlank()) {
                continue;
            }
            int colon = part.indexOf(':');
            String id = colon < 0 ? "" : part.substring(0, colon).strip();
            if (!KEY_ID.matcher(id).matches()) {
                throw new IllegalArgumentException("expected id:base64key, the id of 1 to 64 characters of A-Z, a-z,"
                        + " 0-9, '.', '_' or '-', found one of another shape at place " + (keys.size() + 1));
            }
            if (keys.put(id, key(id, part.substring(colon + 1).strip())) != null) {
                throw new IllegalArgumentException("expected each key id once, found \"" + id + "\" again");
            }
        }
        if (keys.isEmpty()) {
            throw new IllegalArgumentException("expected at least one id:base64key, found none");
        }
        return new CodecKeys(keys);
    }

    private static SecretKey key(String id, String base64) {
        byte[] bytes;
        try {
            bytes = Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException notBase64) {
            throw new IllegalArgumentException("key \"" + id + "\": expected base64, found something else");
        }
        if (bytes.length != KEY_BYTES) {
            throw new IllegalArgumentException(
                    "key \"" + id + "\": expected " + KEY_BYTES + " bytes in base64, found " + bytes.length);
        }
        return new SecretKeySpec(bytes, "AES");
    }

    /** The id of the key that encrypts; empty where there is none. */
    public Optional<String> encryptingId() {
        return keys.keySet().stream().findFirst();
    }

    /** The ids of all keys, in their order. */
    public Set<String> ids() {
        return Collections.unmodifiableSet(keys.keySet());
    }

    Optional<SecretKey> find(String id) {
        return Optional.ofNullable(keys.get(id));
    }

    /** Names the ids. */
    @Override
    public String toString() {
        return "CodecKeys" + keys.keySet();
    }
}
