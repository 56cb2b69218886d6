package dev.cadflow.worker.codec;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.temporal.api.common.v1.Payload;
import io.temporal.client.WorkflowClientOptions;
import io.temporal.common.converter.CodecDataConverter;
import io.temporal.common.converter.DataConverter;
import io.temporal.common.converter.DefaultDataConverter;
import io.temporal.payload.codec.PayloadCodec;
import io.temporal.payload.codec.PayloadCodecException;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.List;
import java.util.regex.Pattern;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import org.jspecify.annotations.Nullable;

/**
 * Encrypts payloads with AES-256-GCM. An encrypted payload has the metadata {@code encoding: binary/encrypted} and
 * {@code encryption-key-id}; its data is a nonce of 12 random bytes, then the encrypted original with its tag of 16. The
 * key id is authenticated too. What is not encrypted is decoded as it is, so that histories from before go on. Safe for
 * use by many threads.
 *
 * <p>Random nonces bound one key to some 2<sup>32</sup> payloads (NIST SP 800-38D, 8.3); rotate it before that.
 */
public final class AesGcmPayloadCodec implements PayloadCodec {
    private static final String ENCODING = "encoding";
    private static final ByteString ENCRYPTED = ByteString.copyFromUtf8("binary/encrypted");
    private static final String KEY_ID = "encryption-key-id";
    private static final Pattern PLAIN_ID = Pattern.compile("[A-Za-z0-9._-]{1,64}");
    private static final String CIPHER = "AES/GCM/NoPadding";
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BYTES = 16;

    private final CodecKeys keys;
    private final SecureRandom random = new SecureRandom();

    /** A codec with these keys. */
    public AesGcmPayloadCodec(CodecKeys keys) {
        this.keys = keys;
    }

    /**
     * The default data converter, its payloads and its failures' messages and stack traces encrypted. Where there are no
     * keys, all is written as it is, and what is encrypted is refused as an unknown key is.
     */
    public static DataConverter dataConverter(CodecKeys keys) {
        boolean encrypts = keys.encryptingId().isPresent();
        return new CodecDataConverter(
                DefaultDataConverter.newDefaultInstance(), List.of(new AesGcmPayloadCodec(keys)), encrypts);
    }

    /** A client's options, changed so that all it sends is encrypted. */
    public static WorkflowClientOptions.Builder encrypting(WorkflowClientOptions.Builder options, CodecKeys keys) {
        return options.setDataConverter(dataConverter(keys));
    }

    @Override
    public List<Payload> encode(List<Payload> payloads) {
        return keys.encryptingId()
                .map(id -> payloads.stream().map(plain -> encrypt(plain, id)).toList())
                .orElse(payloads);
    }

    /**
     * Decrypts what is encrypted.
     *
     * @throws UnknownKeyException where a payload names a key that is not here
     * @throws PayloadCodecException where a payload is damaged or forged
     */
    @Override
    public List<Payload> decode(List<Payload> payloads) {
        return payloads.stream().map(this::decrypt).toList();
    }

    private Payload encrypt(Payload plain, String id) {
        SecretKey key = keys.find(id).orElseThrow();
        byte[] nonce = new byte[NONCE_BYTES];
        random.nextBytes(nonce);
        try {
            byte[] encrypted = cipher(Cipher.ENCRYPT_MODE, key, nonce, id).doFinal(plain.toByteArray());
            return Payload.newBuilder()
                    .putMetadata(ENCODING, ENCRYPTED)
                    .putMetadata(KEY_ID, ByteString.copyFromUtf8(id))
                    .setData(ByteString.copyFrom(nonce).concat(ByteString.copyFrom(encrypted)))
                    .build();
        } catch (GeneralSecurityException missing) {
            throw new PayloadCodecException("This Java has no " + CIPHER, missing);
        }
    }

    private Payload decrypt(Payload payload) {
        if (!ENCRYPTED.equals(payload.getMetadataOrDefault(ENCODING, ByteString.EMPTY))) {
            return payload;
        }
        String id = payload.getMetadataOrDefault(KEY_ID, ByteString.EMPTY).toStringUtf8();
        if (!PLAIN_ID.matcher(id).matches()) {
            throw new PayloadCodecException("encrypted payload: expected the id of a key in its metadata, found none");
        }
        SecretKey key = keys.find(id).orElseThrow(() -> new UnknownKeyException(id, keys));
        ByteString data = payload.getData();
        if (data.size() < NONCE_BYTES + TAG_BYTES) {
            throw damaged(id, null);
        }
        try {
            byte[] nonce = data.substring(0, NONCE_BYTES).toByteArray();
            byte[] plain = cipher(Cipher.DECRYPT_MODE, key, nonce, id)
                    .doFinal(data.substring(NONCE_BYTES).toByteArray());
            return Payload.parseFrom(plain);
        } catch (GeneralSecurityException | InvalidProtocolBufferException damaged) {
            throw damaged(id, damaged);
        }
    }

    private static PayloadCodecException damaged(String id, @Nullable Exception cause) {
        return new PayloadCodecException(
                "encrypted payload: expected bytes that key \"" + id
                        + "\" encrypted, found others: damaged, or made with another key of that id",
                cause);
    }

    private static Cipher cipher(int mode, SecretKey key, byte[] nonce, String id) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance(CIPHER);
        cipher.init(mode, key, new GCMParameterSpec(TAG_BYTES * Byte.SIZE, nonce));
        cipher.updateAAD(id.getBytes(UTF_8));
        return cipher;
    }
}
