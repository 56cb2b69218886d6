package dev.cadflow.starter;

import dev.cadflow.workflow.DesignMode;
import dev.cadflow.workflow.OutputFormat;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Collectors;
import picocli.CommandLine.TypeConversionException;

/** Reads the values of options. What cannot be read is refused with what was expected. */
final class Values {
    private Values() {}

    /** A design mode by the name that Makistry gives it, in any case. */
    static DesignMode designMode(String text) {
        return named(text, DesignMode.values(), DesignMode::wireName);
    }

    /** An output format by the name that Makistry gives it, in any case. */
    static OutputFormat outputFormat(String text) {
        return named(text, OutputFormat.values(), OutputFormat::wireName);
    }

    /** A duration as ISO 8601 has it or shorter, such as {@code PT1H30M}, {@code 1h30m}, {@code 90s}. */
    static Duration duration(String text) {
        String upper = text.toUpperCase(Locale.ROOT);
        try {
            Duration duration = Duration.parse(upper.startsWith("P") ? upper : "PT" + upper);
            if (!duration.isNegative() && !duration.isZero()) {
                return duration;
            }
        } catch (DateTimeParseException notADuration) {
            // Said below, as for one that is not positive.
        }
        throw new TypeConversionException(
                "expected a duration longer than zero, such as 90s, 10m or PT1H30M, found '" + text + "'");
    }

    private static <E> E named(String text, E[] values, Function<E, String> name) {
        return Arrays.stream(values)
                .filter(value -> name.apply(value).equalsIgnoreCase(text))
                .findFirst()
                .orElseThrow(() -> new TypeConversionException("expected one of "
                        + Arrays.stream(values).map(name).collect(Collectors.joining(", ")) + ", found '" + text
                        + "'"));
    }
}
