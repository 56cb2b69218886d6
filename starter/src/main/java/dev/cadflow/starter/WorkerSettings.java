package dev.cadflow.starter;

import dev.cadflow.sandbox.SandboxServer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The settings of a command's own worker: the user's, and where they say nothing, what suits a short life. */
final class WorkerSettings {
    private static final String ANY_PORT = "127.0.0.1:0";

    /** What runs when the command ends is no longer wanted, and safe to break off: its polls, or a download. */
    private static final String NO_GRACE = "0s";

    private WorkerSettings() {}

    /** Whether the user has said anything of Makistry; where not, jobs are the sandbox's. */
    static boolean nameMakistry(Map<String, String> settings) {
        return Stream.of("MAKISTRY_API_KEY", "MAKISTRY_API_KEY_FILE", "MAKISTRY_BASE_URL", "CADFLOW_CONFIG")
                .anyMatch(name -> isSet(settings, name));
    }

    /**
     * What the worker reads.
     *
     * @param environment the user's
     * @param archive as given to the command; null where it was not
     * @param images as the request has them: naming them in the command allows the worker to read them
     * @param taskQueue its own queue, so that no other worker takes this command's work, nor this worker others'
     */
    static Map<String, String> of(
            Map<String, String> environment, @Nullable String archive, List<String> images, String taskQueue) {
        Map<String, String> settings = new HashMap<>(environment);
        settings.put("CADFLOW_TASK_QUEUE", taskQueue);
        if (archive != null) {
            settings.put("CADFLOW_ARCHIVE", archive);
        }
        if (!images.isEmpty()) {
            // What is allowed is a place, and a place has no query.
            Stream<String> places = images.stream().map(image -> image.replaceFirst("[?#].*", ""));
            String allowed = Stream.concat(Stream.of(environment.getOrDefault("CADFLOW_IMAGES", "")), places)
                    .filter(prefix -> !prefix.isBlank())
                    .collect(Collectors.joining(","));
            settings.put("CADFLOW_IMAGES", allowed);
        }
        setWhereUnset(settings, "CADFLOW_OPERATIONS_LISTEN", ANY_PORT);
        setWhereUnset(settings, "CADFLOW_SHUTDOWN_GRACE", NO_GRACE);
        boolean receivesHere = isSet(settings, "CADFLOW_CALLBACK_URL") && !ConfiguredTemporal.isNamed(environment);
        if (!receivesHere && !isSet(settings, "CADFLOW_CONFIG")) {
            // Webhooks come by way of the workers at the server that lives on, if by any: the usual port may be theirs.
            setWhereUnset(settings, "CADFLOW_WEBHOOK_LISTEN", ANY_PORT);
        }
        return settings;
    }

    /** The same, for jobs that the sandbox makes. */
    static Map<String, String> withSandbox(Map<String, String> settings, SandboxServer sandbox) {
        Map<String, String> all = new HashMap<>(settings);
        all.remove("CADFLOW_CALLBACK_URL");
        all.remove("MAKISTRY_SIGNING_SECRETS_FILE");
        all.put("MAKISTRY_BASE_URL", sandbox.apiBaseUrl().toString());
        all.put("MAKISTRY_API_KEY", sandbox.apiKey());
        all.put("MAKISTRY_SIGNING_SECRETS", sandbox.signingSecret());
        return all;
    }

    private static void setWhereUnset(Map<String, String> settings, String name, String value) {
        if (!isSet(settings, name)) {
            settings.put(name, value);
        }
    }

    private static boolean isSet(Map<String, String> settings, String name) {
        return !settings.getOrDefault(name, "").isBlank();
    }
}
