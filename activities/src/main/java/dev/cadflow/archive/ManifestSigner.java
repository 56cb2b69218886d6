package dev.cadflow.archive;

import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.interfaces.EdECPrivateKey;
import java.security.interfaces.EdECPublicKey;
import java.security.spec.NamedParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;

/**
 * Signs manifests with Ed25519 (RFC 8032). What is signed is the canonical JSON of the manifest without its signature, so
 * that anyone who has the public key can check it. Safe for use by many threads.
 */
public final class ManifestSigner {
    static final String ALGORITHM = "Ed25519";

    private final PrivateKey privateKey;
    private final String publicKey;

    private ManifestSigner(PrivateKey privateKey, String publicKey) {
        this.privateKey = privateKey;
        this.publicKey = publicKey;
    }

    /** A signer with that pair of keys. */
    public static ManifestSigner of(PrivateKey privateKey, PublicKey publicKey) {
        return new ManifestSigner(privateKey, encoded(publicKey));
    }

    /**
     * A signer with a private key in PEM, as {@code openssl genpkey -algorithm ed25519} writes it; its public key follows
     * from it.
     *
     * @throws IllegalArgumentException where it is no Ed25519 key; the message holds nothing of it
     */
    public static ManifestSigner ofPem(String privateKeyPem) {
        try {
            PrivateKey key = KeyFactory.getInstance(ALGORITHM)
                    .generatePrivate(new PKCS8EncodedKeySpec(ManifestKeys.pem(privateKeyPem)));
            return of(key, publicKeyOf(key));
        } catch (GeneralSecurityException | IllegalArgumentException unusable) {
            throw new IllegalArgumentException(
                    "manifest signing key: expected an Ed25519 private key in PEM (PKCS 8), found something else");
        }
    }

    /** Java derives a public key only while it generates a pair, of the 32 random bytes that the private key is. */
    private static PublicKey publicKeyOf(PrivateKey key) throws GeneralSecurityException {
        byte[] seed = ((EdECPrivateKey) key).getBytes().orElseThrow(() -> new InvalidKeyException("no bytes"));
        KeyPairGenerator generator = KeyPairGenerator.getInstance(ALGORITHM);
        generator.initialize(NamedParameterSpec.ED25519, new SecureRandom() {
            private static final long serialVersionUID = 1L;

            @Override
            public void nextBytes(byte[] bytes) {
                System.arraycopy(seed, 0, bytes, 0, bytes.length);
            }
        });
        KeyPair pair = generator.generateKeyPair();
        if (!Arrays.equals(((EdECPrivateKey) pair.getPrivate()).getBytes().orElse(null), seed)) {
            throw new InvalidKeyException("this Java generates keys in another way");
        }
        return pair.getPublic();
    }

    /** The manifest with its signature. */
    public Manifest sign(Manifest manifest) {
        try {
            Signature signature = Signature.getInstance(ALGORITHM);
            signature.initSign(privateKey);
            signature.update(manifest.signed(null).toJson());
            String value = Base64.getEncoder().encodeToString(signature.sign());
            return manifest.signed(new Manifest.Signature(ALGORITHM, publicKey, value));
        } catch (GeneralSecurityException broken) {
            throw new IllegalStateException("This Java cannot sign with " + ALGORITHM, broken);
        }
    }

    /** The raw 32 bytes of a public key, little-endian as RFC 8032 has them, in base64. */
    static String encoded(PublicKey key) {
        if (!(key instanceof EdECPublicKey edwards)) {
            throw new IllegalArgumentException(
                    "manifest key: expected an Ed25519 public key, found " + key.getAlgorithm());
        }
        byte[] big = edwards.getPoint().getY().toByteArray();
        byte[] raw = new byte[32];
        for (int i = 0; i < Math.min(raw.length, big.length); i++) {
            raw[i] = big[big.length - 1 - i];
        }
        if (edwards.getPoint().isXOdd()) {
            raw[31] |= (byte) 0x80;
        }
        String encoded = Base64.getEncoder().encodeToString(raw);
        Arrays.fill(raw, (byte) 0);
        return encoded;
    }

    /** Names the public key alone. */
    @Override
    public String toString() {
        return "ManifestSigner[" + publicKey + "]";
    }
}
