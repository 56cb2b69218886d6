package dev.cadflow.archive;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/** The public keys whose signatures on manifests are trusted. Immutable. */
public final class ManifestKeys {
    private final Map<String, PublicKey> trusted = new HashMap<>();

    /** Trusts those keys; none where signatures do not matter. */
    public ManifestKeys(Collection<? extends PublicKey> keys) {
        keys.forEach(key -> trusted.put(ManifestSigner.encoded(key), key));
    }

    /**
     * A public key in PEM, as {@code openssl pkey -pubout} writes it.
     *
     * @throws IllegalArgumentException where it is no Ed25519 key
     */
    public static PublicKey publicKey(String pem) {
        try {
            return KeyFactory.getInstance(ManifestSigner.ALGORITHM).generatePublic(new X509EncodedKeySpec(pem(pem)));
        } catch (GeneralSecurityException unusable) {
            throw new IllegalArgumentException(
                    "manifest key: expected an Ed25519 public key in PEM, found none", unusable);
        }
    }

    /** Whether signatures matter at all. */
    boolean isEmpty() {
        return trusted.isEmpty();
    }

    /**
     * Whether a trusted key has signed all that the manifest says, also what only a later version knows.
     *
     * @throws IOException where the bytes are no manifest
     */
    boolean haveSigned(byte[] json) throws IOException {
        Manifest.Signature signature = Manifest.parse(json).signature();
        PublicKey key = signature == null ? null : trusted.get(signature.publicKey());
        if (signature == null || key == null || !ManifestSigner.ALGORITHM.equals(signature.algorithm())) {
            return false;
        }
        try {
            Signature verifier = Signature.getInstance(ManifestSigner.ALGORITHM);
            verifier.initVerify(key);
            verifier.update(CanonicalJson.without(Manifest.SIGNATURE, json));
            return verifier.verify(Base64.getDecoder().decode(signature.value()));
        } catch (SignatureException | IllegalArgumentException malformed) {
            return false;
        } catch (GeneralSecurityException broken) {
            throw new IllegalStateException("This Java cannot check " + ManifestSigner.ALGORITHM, broken);
        }
    }

    static byte[] pem(String pem) {
        return Base64.getMimeDecoder().decode(pem.replaceAll("-----[A-Z ]+-----", ""));
    }
}
