package dev.cadflow.worker;

import org.jspecify.annotations.Nullable;

/**
 * Which build of which worker deployment this worker is, for Temporal's worker versioning.
 *
 * @param name {@code CADFLOW_DEPLOYMENT_NAME}
 * @param buildId {@code CADFLOW_BUILD_ID}
 */
public record DeploymentSettings(String name, String buildId) {
    private static final int LONGEST = 200;

    /** Null where neither is set: the worker is not versioned. */
    static @Nullable DeploymentSettings read(SettingsReader reader) {
        @Nullable String name = reader.read(Setting.CADFLOW_DEPLOYMENT_NAME, DeploymentSettings::identifier);
        @Nullable String buildId = reader.read(Setting.CADFLOW_BUILD_ID, DeploymentSettings::identifier);
        if (name != null && buildId == null && !reader.hasProblem(Setting.CADFLOW_BUILD_ID)) {
            reader.problem(
                    Setting.CADFLOW_BUILD_ID,
                    "expected the build's id beside " + Setting.CADFLOW_DEPLOYMENT_NAME + ", found none");
        }
        if (buildId != null && name == null && !reader.hasProblem(Setting.CADFLOW_DEPLOYMENT_NAME)) {
            reader.problem(
                    Setting.CADFLOW_DEPLOYMENT_NAME,
                    "expected the deployment's name beside " + Setting.CADFLOW_BUILD_ID + ", found none");
        }
        return name == null || buildId == null ? null : new DeploymentSettings(name, buildId);
    }

    /** A dot or a colon would be taken for what separates the two. */
    private static String identifier(String text) {
        if (text.length() > LONGEST || !text.matches("[A-Za-z0-9_/-]+([.][A-Za-z0-9_/-]+)*")) {
            throw new IllegalArgumentException("expected at most " + LONGEST
                    + " letters, digits, '_', '-', '/' or single '.', found \"" + SettingsReader.shown(text) + "\"");
        }
        return text;
    }
}
