package dev.cadflow.worker;

import java.util.Arrays;
import java.util.Comparator;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Every setting of a worker: its name is that of the environment variable and of the line in the file. */
enum Setting {
    CADFLOW_CONFIG(null),
    MAKISTRY_API_KEY(null, Kind.SECRET),
    MAKISTRY_SIGNING_SECRETS(null, Kind.SECRET),
    MAKISTRY_BASE_URL("https://api.makistry.ai/v1"),
    CADFLOW_CALLBACK_URL(null),
    CADFLOW_WEBHOOK_LISTEN("127.0.0.1:8088"),
    CADFLOW_OPERATIONS_LISTEN("127.0.0.1:9464"),
    CADFLOW_ARCHIVE("./archive"),
    CADFLOW_STAGING("./staging"),
    CADFLOW_MANIFEST_KEY(null, Kind.SECRET),
    CADFLOW_S3_ENDPOINT(null),
    CADFLOW_S3_PATH_STYLE("false"),
    CADFLOW_S3_CHECKSUMS("sha256"),
    CADFLOW_S3_PART_SIZE("16MiB"),
    CADFLOW_S3_SSE(null),
    CADFLOW_S3_SSE_KMS_KEY(null),
    CADFLOW_S3_RETENTION(null),
    CADFLOW_IMAGES(null),
    CADFLOW_TASK_QUEUE("cadflow"),
    CADFLOW_DEPLOYMENT_NAME(null),
    CADFLOW_BUILD_ID(null),
    CADFLOW_SEARCH_ATTRIBUTES("false"),
    CADFLOW_QUOTA_PER_MINUTE("20"),
    CADFLOW_QUOTA_PER_HOUR("100"),
    CADFLOW_MAX_SUBMITS_PER_DAY(null),
    CADFLOW_API_TASK_QUEUE(null),
    CADFLOW_API_REQUESTS_PER_HOUR("90"),
    CADFLOW_ARCHIVE_TASK_QUEUE(null),
    CADFLOW_ARCHIVES_AT_ONCE("20"),
    CADFLOW_ACTIVITIES_AT_ONCE("200"),
    CADFLOW_WORKFLOW_CACHE("600"),
    CADFLOW_POLL_FIRST_STANDARD("2m"),
    CADFLOW_POLL_FIRST_PRO("5m"),
    CADFLOW_POLL_FIRST_ASSEMBLY("15m"),
    CADFLOW_POLL_INTERVAL("60s"),
    CADFLOW_POLL_FAST_INTERVAL("5s"),
    CADFLOW_POLL_FAST_FOR("30s"),
    CADFLOW_POLL_SLOW_INTERVAL("15s"),
    CADFLOW_DEADLINE_STANDARD("10m"),
    CADFLOW_DEADLINE_PRO("15m"),
    CADFLOW_DEADLINE_ASSEMBLY("30m"),
    CADFLOW_SHUTDOWN_GRACE("30s"),
    CADFLOW_CODEC_KEYS(null, Kind.SECRET),
    CADFLOW_CODEC_LISTEN(null),
    CADFLOW_CODEC_TOKEN(null, Kind.SECRET),
    CADFLOW_CODEC_ORIGINS(null);

    static final String PREFIX = "CADFLOW_";
    static final String FILE_SUFFIX = "_FILE";

    private enum Kind {
        PLAIN,
        SECRET
    }

    private final @Nullable String defaultText;
    private final Kind kind;

    Setting(@Nullable String defaultText) {
        this(defaultText, Kind.PLAIN);
    }

    Setting(@Nullable String defaultText, Kind kind) {
        this.defaultText = defaultText;
        this.kind = kind;
    }

    /** As it would be written; empty where there is none. */
    Optional<String> defaultText() {
        return Optional.ofNullable(defaultText);
    }

    /** Whether the value may never be shown, and may also stand in a file that {@link #fileVariant()} names. */
    boolean isSecret() {
        return kind == Kind.SECRET;
    }

    /** The name of the variable that names a file with the value. */
    String fileVariant() {
        return name() + FILE_SUFFIX;
    }

    static boolean isKnown(String name) {
        return Arrays.stream(values())
                .anyMatch(setting -> setting.name().equals(name)
                        || (setting.isSecret() && setting.fileVariant().equals(name)));
    }

    /** The known name that the fewest edits make of an unknown one. */
    static String nearest(String unknown) {
        return Arrays.stream(values())
                .map(Setting::name)
                .min(Comparator.comparingInt(known -> edits(unknown, known)))
                .orElseThrow();
    }

    /** Levenshtein's distance. */
    private static int edits(String from, String to) {
        int[] previous = new int[to.length() + 1];
        Arrays.setAll(previous, column -> column);
        for (int row = 1; row <= from.length(); row++) {
            int[] current = new int[to.length() + 1];
            current[0] = row;
            for (int column = 1; column <= to.length(); column++) {
                int replaced = previous[column - 1] + (from.charAt(row - 1) == to.charAt(column - 1) ? 0 : 1);
                current[column] = Math.min(replaced, Math.min(previous[column], current[column - 1]) + 1);
            }
            previous = current;
        }
        return previous[to.length()];
    }
}
