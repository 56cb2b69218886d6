package dev.cadflow.worker.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.google.protobuf.ByteString;
import io.temporal.api.common.v1.Payload;
import io.temporal.api.failure.v1.Failure;
import io.temporal.common.converter.DataConverter;
import io.temporal.common.converter.DefaultDataConverter;
import io.temporal.failure.ApplicationFailure;
import io.temporal.payload.codec.PayloadCodecException;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.List;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class AesGcmPayloadCodecTest {
    private static final String OLD = "2025:" + key('o');
    private static final String NEW = "2026:" + key('n');
    private static final Payload PROMPT = DefaultDataConverter.newDefaultInstance()
            .toPayload("A secret bracket, Ø 5 mm")
            .orElseThrow();

    private static String key(char filler) {
        return Base64.getEncoder()
                .encodeToString(String.valueOf(filler).repeat(32).getBytes());
    }

    private static AesGcmPayloadCodec codec(String keys) {
        return new AesGcmPayloadCodec(CodecKeys.parse(keys));
    }

    private static Payload encrypted(String keys) {
        return codec(keys).encode(List.of(PROMPT)).get(0);
    }

    @Test
    void whatIsEncryptedShowsNothingAndComesBackWhole() {
        Payload encrypted = encrypted(NEW);
        assertThat(encrypted.toString()).doesNotContain("secret bracket").contains("binary/encrypted", "2026");
        assertThat(codec(NEW).decode(List.of(encrypted))).containsExactly(PROMPT);
    }

    @Test
    void theSameTextIsEncryptedAnewEachTime() {
        assertThat(encrypted(NEW).getData()).isNotEqualTo(encrypted(NEW).getData());
    }

    @Test
    void theFormatIsTheDocumentedOneSoThatOthersCanReadIt() throws Exception {
        Payload encrypted = encrypted(NEW);
        ByteBuffer data = encrypted.getData().asReadOnlyByteBuffer();
        byte[] nonce = new byte[12];
        data.get(nonce);
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(
                Cipher.DECRYPT_MODE,
                new SecretKeySpec("n".repeat(32).getBytes(), "AES"),
                new GCMParameterSpec(128, nonce));
        cipher.updateAAD("2026".getBytes());
        byte[] rest = new byte[data.remaining()];
        data.get(rest);
        assertThat(Payload.parseFrom(cipher.doFinal(rest))).isEqualTo(PROMPT);
        assertThat(encrypted.getMetadataOrThrow("encryption-key-id").toStringUtf8())
                .isEqualTo("2026");
    }

    @Test
    void theFirstKeyEncryptsAndAllDecryptSoThatAKeyCanBeRotated() {
        Payload byOld = encrypted(OLD);
        Payload byBoth = encrypted(NEW + "," + OLD);
        assertThat(codec(NEW + "," + OLD).decode(List.of(byOld, byBoth))).containsExactly(PROMPT, PROMPT);
        assertThat(codec(NEW).decode(List.of(byBoth))).containsExactly(PROMPT);
    }

    @Test
    void whatWasWrittenBeforeEncryptionIsReadAsItIs() {
        assertThat(codec(NEW).decode(List.of(PROMPT))).containsExactly(PROMPT);
    }

    @Test
    void anUnknownKeyIsNamed() {
        Payload byOld = encrypted(OLD);
        assertThatExceptionOfType(UnknownKeyException.class)
                .isThrownBy(() -> codec(NEW).decode(List.of(byOld)))
                .withMessage("payload key: expected one of [2026], found \"2025\"; add that key at the end of"
                        + " CADFLOW_CODEC_KEYS")
                .satisfies(unknown -> assertThat(unknown.keyId()).isEqualTo("2025"));
    }

    @Test
    void withoutAnyKeyNothingIsEncryptedAndWhatOthersEncryptedIsRefusedWithItsKey() {
        AesGcmPayloadCodec plain = new AesGcmPayloadCodec(CodecKeys.NONE);
        assertThat(plain.decode(List.of(PROMPT))).containsExactly(PROMPT);
        assertThat(plain.encode(List.of(PROMPT))).containsExactly(PROMPT);
        Payload byOld = encrypted(OLD);
        assertThatExceptionOfType(UnknownKeyException.class)
                .isThrownBy(() -> plain.decode(List.of(byOld)))
                .withMessageStartingWith("payload key: expected none, found \"2025\"");
    }

    @Test
    void everyChangedBitAndEveryCutIsFound() {
        Payload encrypted = encrypted(NEW);
        for (int i = 0; i < encrypted.getData().size(); i++) {
            byte[] flipped = encrypted.getData().toByteArray();
            flipped[i] ^= 1;
            assertDamaged(
                    encrypted.toBuilder().setData(ByteString.copyFrom(flipped)).build());
            assertDamaged(encrypted.toBuilder()
                    .setData(encrypted.getData().substring(0, i))
                    .build());
        }
    }

    @Test
    void aKeyOfTheSameIdButOtherBytesIsToldFromTheRightOne() {
        assertDamaged(encrypted("2026:" + key('x')));
    }

    @Test
    void anotherKeysIdOnAPayloadIsFound() {
        String sameBytes = "2027:" + key('n');
        Payload moved = encrypted(NEW).toBuilder()
                .putMetadata("encryption-key-id", ByteString.copyFromUtf8("2027"))
                .build();
        assertThatExceptionOfType(PayloadCodecException.class)
                .isThrownBy(() -> codec(sameBytes).decode(List.of(moved)))
                .withMessageContaining("2027");
    }

    @Test
    void aPayloadWithoutAUsableKeyIdIsRefused() {
        for (String id : List.of("", "a b", "x".repeat(65), "\n")) {
            Payload nameless = encrypted(NEW).toBuilder()
                    .putMetadata("encryption-key-id", ByteString.copyFromUtf8(id))
                    .build();
            assertThatExceptionOfType(PayloadCodecException.class)
                    .isThrownBy(() -> codec(NEW).decode(List.of(nameless)))
                    .withMessageContaining("expected the id of a key");
        }
    }

    private static void assertDamaged(Payload payload) {
        assertThatExceptionOfType(PayloadCodecException.class)
                .isThrownBy(() -> codec(NEW).decode(List.of(payload)))
                .withMessageContaining("damaged");
    }

    @Test
    void messagesAndStackTracesOfFailuresAreEncryptedToo() {
        DataConverter converter = AesGcmPayloadCodec.dataConverter(CodecKeys.parse(NEW));
        ApplicationFailure thrown =
                ApplicationFailure.newNonRetryableFailure("prompt: \"A secret bracket\"", "invalid_input", "detail");
        Failure failure = converter.exceptionToFailure(thrown);
        assertThat(failure.toString())
                .doesNotContain("secret bracket", "AesGcmPayloadCodecTest", "detail\"")
                .contains("invalid_input");
        assertThat(converter.failureToException(failure)).hasMessageContaining("A secret bracket");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " , ",
                "no-colon",
                ":AAAA",
                "a b:AAAA",
                "short:AAAA",
                "not-base64:*do-not-show*",
                "twice:bm5ubm5ubm5ubm5ubm5ubm5ubm5ubm5ubm5ubm5ubm4=,twice:bm5ubm5ubm5ubm5ubm5ubm5ubm5ubm5ubm5ubm5ubm4="
            })
    void keysOfAnotherShapeAreRefusedAndNotShown(String keys) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CodecKeys.parse(keys))
                .withMessageStartingWith(keys.startsWith("short") || keys.startsWith("not") ? "key \"" : "expected ")
                .withMessageNotContainingAny("do-not-show", "bm5ubm5u");
    }

    @Test
    void keysShowTheirIdsAlone() {
        CodecKeys keys = CodecKeys.parse(NEW + "\n" + OLD + "\n");
        assertThat(keys).hasToString("CodecKeys[2026, 2025]");
        assertThat(keys.ids()).containsExactly("2026", "2025");
        assertThat(keys.encryptingId()).contains("2026");
    }
}
