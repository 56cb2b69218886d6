package dev.cadflow.sandbox;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;

/** The sandbox's clock, and how fast the vendor's durations pass. */
record SandboxTime(Clock clock, double scale) {

    private static final DateTimeFormatter ISO_WITH_MICROSECONDS =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSSxxx").withZone(ZoneOffset.UTC);

    Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }

    /** One of the vendor's durations as it passes here, never shorter than a microsecond. */
    Duration scaled(Duration duration) {
        double nanos = (duration.getSeconds() * 1e9 + duration.getNano()) * scale;
        return Duration.ofNanos(Math.max(1_000, (long) nanos));
    }

    /** As Makistry writes a time: {@code 2026-05-30T10:01:15.000000+00:00}. */
    static String format(Instant instant) {
        return ISO_WITH_MICROSECONDS.format(instant);
    }
}
