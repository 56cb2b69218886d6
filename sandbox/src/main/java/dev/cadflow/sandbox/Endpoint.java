package dev.cadflow.sandbox;

import java.util.Locale;

/** What a job was made from. */
public enum Endpoint {
    /** {@code POST /v1/text-to-cad}. */
    TEXT_TO_CAD,
    /** {@code POST /v1/image-to-cad}. */
    IMAGE_TO_CAD;

    /** The value of {@code endpoint} in a job. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
