package dev.cadflow.sandbox;

import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** How thoroughly Makistry designs a part. */
public enum DesignMode {
    /** The default: one part, typically 30 s to 2 min. */
    STANDARD(Duration.ofSeconds(60), 1),
    /** A more careful design, typically 1 to 5 min; text only. */
    PRO(Duration.ofMinutes(3), 2),
    /** Several parts, typically 2 to 15 min. */
    ASSEMBLY(Duration.ofMinutes(8), 3);

    private final Duration typicalTime;
    private final int credits;

    DesignMode(Duration typicalTime, int credits) {
        this.typicalTime = typicalTime;
        this.credits = credits;
    }

    /** How long a job takes in the sandbox unless the options say otherwise, before the time scale. */
    public Duration typicalTime() {
        return typicalTime;
    }

    /** What a job costs, at the lower end of the vendor's ranges. */
    public int credits() {
        return credits;
    }

    /** The value of {@code design_mode}. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The mode of a wire name, or nothing where it is not one. */
    public static Optional<DesignMode> of(String wireName) {
        return Arrays.stream(values())
                .filter(mode -> mode.wireName().equals(wireName))
                .findFirst();
    }
}
