package dev.cadflow.worker.codec;

import io.temporal.payload.codec.PayloadCodecException;

/** A payload was encrypted with a key that is not here. */
public final class UnknownKeyException extends PayloadCodecException {
    private static final long serialVersionUID = 1L;

    private final String keyId;

    /** With the id that the payload names. */
    public UnknownKeyException(String keyId, CodecKeys known) {
        super("payload key: expected " + (known.ids().isEmpty() ? "none" : "one of " + known.ids()) + ", found \""
                + keyId + "\"; add that key at the end of CADFLOW_CODEC_KEYS");
        this.keyId = keyId;
    }

    /** The id of the missing key. */
    public String keyId() {
        return keyId;
    }
}
