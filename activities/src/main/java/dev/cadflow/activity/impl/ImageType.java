package dev.cadflow.activity.impl;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.Optional;

/** The image types that Makistry takes, told by their first bytes and not by a name. */
enum ImageType {
    PNG("image/png"),
    JPEG("image/jpeg"),
    GIF("image/gif"),
    WEBP("image/webp");

    /** As many first bytes as the longest of the signatures has. */
    static final int SIGNATURE_BYTES = 12;

    private final String mediaType;

    ImageType(String mediaType) {
        this.mediaType = mediaType;
    }

    String mediaType() {
        return mediaType;
    }

    /**
     * The type of a file.
     *
     * @param start its first bytes, {@link #SIGNATURE_BYTES} of them where it has so many
     */
    static Optional<ImageType> of(byte[] start) {
        String text = new String(start, ISO_8859_1);
        if (text.startsWith("\u0089PNG\r\n\u001a\n")) {
            return Optional.of(PNG);
        }
        if (text.startsWith("\u00ff\u00d8\u00ff")) {
            return Optional.of(JPEG);
        }
        if (text.startsWith("GIF87a") || text.startsWith("GIF89a")) {
            return Optional.of(GIF);
        }
        if (text.startsWith("RIFF") && text.startsWith("WEBP", 8)) {
            return Optional.of(WEBP);
        }
        return Optional.empty();
    }
}
