package dev.cadflow.sandbox.part;

import java.util.Arrays;
import java.util.Optional;

/** The file formats of Makistry, under the names that the API uses. */
public enum OutputFormat {
    /** ISO 10303-21, AP214: a B-rep solid in millimetres. */
    STEP("STEP", "application/step", "step"),
    /** Binary STL in millimetres, as is the custom: the format itself names no unit. */
    STL("STL", "model/stl", "stl"),
    /** Binary glTF 2.0: metres, Y up, as its specification demands. */
    GLB("GLB", "model/gltf-binary", "glb"),
    /** 3D Manufacturing Format, core specification, in millimetres. */
    THREE_MF("3MF", "application/3mf", "3mf");

    private final String wireName;
    private final String mediaType;
    private final String extension;

    OutputFormat(String wireName, String mediaType, String extension) {
        this.wireName = wireName;
        this.mediaType = mediaType;
        this.extension = extension;
    }

    /** The value of {@code output_format}, such as {@code 3MF}. */
    public String wireName() {
        return wireName;
    }

    /** What the storage host sends as {@code Content-Type}. */
    public String mediaType() {
        return mediaType;
    }

    /** The file extension, without a dot. */
    public String extension() {
        return extension;
    }

    /** The format of a wire name, or nothing where it is not one; upper and lower case differ, as at the vendor. */
    public static Optional<OutputFormat> of(String wireName) {
        return Arrays.stream(values())
                .filter(format -> format.wireName.equals(wireName))
                .findFirst();
    }
}
