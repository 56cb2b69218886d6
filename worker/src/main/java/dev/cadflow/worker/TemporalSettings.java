package dev.cadflow.worker;

import java.util.Map;

/**
 * The variables by which Temporal's own environment configuration finds the server: {@code TEMPORAL_*}, and those that
 * say where {@code temporal.toml} lies.
 *
 * @param variables names and values; some are secret
 */
public record TemporalSettings(Map<String, String> variables) {
    /** Copies the variables. */
    public TemporalSettings {
        variables = Map.copyOf(variables);
    }

    /** Names what is set; the values may be secret. */
    @Override
    public String toString() {
        return "TemporalSettings"
                + variables.keySet().stream()
                        .filter(name -> name.startsWith("TEMPORAL_"))
                        .sorted()
                        .toList();
    }
}
