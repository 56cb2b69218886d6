package dev.cadflow.makistry;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.cadflow.workflow.JobFinished;
import java.net.URI;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Seals download URLs, so that a workflow's history can carry them and yet holds none that can be used.
 *
 * <p>A seal is AES-256-GCM with the job's id as associated data, under a key that HKDF-SHA256 (RFC 5869) derives from
 * the API key: every worker that has the API key can open it, for that job alone. Safe for use by many threads.
 */
public final class DownloadUrlSeal {
    private static final String VERSION = "v1:";
    private static final String HMAC = "HmacSHA256";
    private static final String CIPHER = "AES/GCM/NoPadding";
    private static final byte[] SALT = "cadflow".getBytes(UTF_8);
    /** RFC 5869's info and the counter of the first and only block of 32 bytes. */
    private static final byte[] INFO = "download-url-seal v1\u0001".getBytes(UTF_8);

    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;

    private final SecretKey key;
    private final SecureRandom random = new SecureRandom();

    private DownloadUrlSeal(SecretKey key) {
        this.key = key;
    }

    /**
     * The seal of all workers that have this API key.
     *
     * @throws IllegalArgumentException where the key is blank
     */
    public static DownloadUrlSeal forApiKey(String apiKey) {
        if (apiKey.isBlank()) {
            throw new IllegalArgumentException("API key: expected one, found a blank text");
        }
        try {
            byte[] extracted = hmac(SALT, apiKey.getBytes(UTF_8));
            return new DownloadUrlSeal(new SecretKeySpec(hmac(extracted, INFO), "AES"));
        } catch (GeneralSecurityException missing) {
            throw new IllegalStateException("This Java has no " + HMAC, missing);
        }
    }

    /**
     * The URL, sealed for that job; another text each time.
     *
     * @return {@value JobFinished#SEALED_PREFIX}, a version and base64url
     */
    public String seal(String jobId, URI url) {
        byte[] nonce = new byte[NONCE_BYTES];
        random.nextBytes(nonce);
        try {
            Cipher cipher = cipher(Cipher.ENCRYPT_MODE, jobId, nonce);
            byte[] sealed = cipher.doFinal(url.toString().getBytes(UTF_8));
            byte[] all = ByteBuffer.allocate(nonce.length + sealed.length)
                    .put(nonce)
                    .put(sealed)
                    .array();
            return JobFinished.SEALED_PREFIX
                    + VERSION
                    + Base64.getUrlEncoder().withoutPadding().encodeToString(all);
        } catch (GeneralSecurityException missing) {
            throw new IllegalStateException("This Java has no " + CIPHER, missing);
        }
    }

    /**
     * The URL of a seal.
     *
     * @return empty where the seal was made under another API key or for another job, or is damaged or missing: ask
     *     Makistry for a fresh URL then
     */
    public Optional<URI> open(String jobId, @Nullable String sealed) {
        String prefix = JobFinished.SEALED_PREFIX + VERSION;
        if (sealed == null || !sealed.startsWith(prefix)) {
            return Optional.empty();
        }
        try {
            byte[] all = Base64.getUrlDecoder().decode(sealed.substring(prefix.length()));
            if (all.length <= NONCE_BYTES + TAG_BITS / 8) {
                return Optional.empty();
            }
            ByteBuffer buffer = ByteBuffer.wrap(all);
            byte[] nonce = new byte[NONCE_BYTES];
            buffer.get(nonce);
            Cipher cipher = cipher(Cipher.DECRYPT_MODE, jobId, nonce);
            byte[] url = cipher.doFinal(all, NONCE_BYTES, all.length - NONCE_BYTES);
            return Optional.of(URI.create(new String(url, UTF_8)));
        } catch (AEADBadTagException | IllegalArgumentException notOurs) {
            return Optional.empty();
        } catch (GeneralSecurityException missing) {
            throw new IllegalStateException("This Java has no " + CIPHER, missing);
        }
    }

    /** The job as a workflow may know it: a success carries its download URL sealed, every other status none. */
    public JobFinished seal(Job job) {
        URI url = job.downloadUrl();
        return new JobFinished(
                job.jobId(),
                job.status(),
                job.endpoint(),
                job.designMode(),
                job.outputFormat(),
                job.createdAt(),
                job.updatedAt(),
                url != null && JobStatus.isSuccess(job.status()) ? seal(job.jobId(), url) : null,
                job.expiresAt(),
                job.brainstorm(),
                job.tokensUsed(),
                job.latencyMs(),
                job.errorCode(),
                job.errorMessage());
    }

    private Cipher cipher(int mode, String jobId, byte[] nonce) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance(CIPHER);
        cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
        cipher.updateAAD(jobId.getBytes(UTF_8));
        return cipher;
    }

    private static byte[] hmac(byte[] key, byte[] data) throws GeneralSecurityException {
        Mac mac = Mac.getInstance(HMAC);
        mac.init(new SecretKeySpec(key, HMAC));
        return mac.doFinal(data);
    }

    /** Names nothing: the key is derived from a secret. */
    @Override
    public String toString() {
        return "DownloadUrlSeal[v1]";
    }
}
