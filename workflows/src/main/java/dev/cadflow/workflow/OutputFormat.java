package dev.cadflow.workflow;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Locale;

/** The file formats that Makistry writes. Media types are those of its own documentation. */
public enum OutputFormat {
    /** ISO 10303-21, an exact boundary representation. The default. */
    @JsonProperty("STEP")
    STEP("STEP", "application/step"),
    /** Triangles, binary or ASCII. */
    @JsonProperty("STL")
    STL("STL", "model/stl"),
    /** Binary glTF 2.0. */
    @JsonProperty("GLB")
    GLB("GLB", "model/gltf-binary"),
    /** 3D Manufacturing Format. */
    @JsonProperty("3MF")
    THREE_MF("3MF", "application/3mf");

    private final String wireName;
    private final String mediaType;

    OutputFormat(String wireName, String mediaType) {
        this.wireName = wireName;
        this.mediaType = mediaType;
    }

    /** The name as Makistry writes it, such as {@code 3MF}. */
    public String wireName() {
        return wireName;
    }

    /** The media type of a file of this format. */
    public String mediaType() {
        return mediaType;
    }

    /** The file name extension with its dot, such as {@code .step}. */
    public String extension() {
        return "." + wireName.toLowerCase(Locale.ROOT);
    }
}
