package dev.cadflow.workflow;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Locale;

/** How much design work Makistry puts into a job; the more, the longer and the dearer. */
public enum DesignMode {
    /** One part, typically done in 30 s to 2 min. The default. */
    @JsonProperty("standard")
    STANDARD,
    /** One part with more design work, typically 1 to 5 min. Not for jobs from images. */
    @JsonProperty("pro")
    PRO,
    /** Several parts that fit, typically 2 to 15 min. */
    @JsonProperty("assembly")
    ASSEMBLY;

    /** The name as Makistry writes it, such as {@code standard}. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
