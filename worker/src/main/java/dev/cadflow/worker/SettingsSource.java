package dev.cadflow.worker;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The environment with the file beneath it that {@code CADFLOW_CONFIG} names. Gathers what is wrong with either instead
 * of stopping at the first problem. An empty value counts as not set, as container tools write it.
 */
final class SettingsSource {
    private static final int LARGEST_FILE_BYTES = 256 * 1024;
    private static final String TEMPORAL_PREFIX = "TEMPORAL_";

    private final Map<String, String> values;
    private final List<String> problems;

    private SettingsSource(Map<String, String> values, List<String> problems) {
        this.values = values;
        this.problems = problems;
    }

    static SettingsSource load(Map<String, String> environment) {
        List<String> problems = new ArrayList<>();
        Map<String, String> values = new HashMap<>();
        String file = environment.getOrDefault(Setting.CADFLOW_CONFIG.name(), "");
        if (!file.isBlank()) {
            values.putAll(readFile(file, problems));
        }
        values.putAll(environment);
        for (String name : new TreeMap<>(values).keySet()) {
            if (name.startsWith(Setting.PREFIX) && !Setting.isKnown(name)) {
                problems.add(unknown(name));
            }
        }
        return new SettingsSource(values, problems);
    }

    /** The value, trimmed; null where it is not set or blank. */
    @Nullable String find(String name) {
        String value = values.getOrDefault(name, "").strip();
        return value.isEmpty() ? null : value;
    }

    /** What is wrong so far; the reader adds to it. */
    List<String> problems() {
        return problems;
    }

    /** Everything, for the libraries that read their own variables. */
    Map<String, String> all() {
        return Map.copyOf(values);
    }

    /** The text of a file that another variable names, without the white space around it. */
    static String readSmallFile(String path) throws IOException {
        Path file;
        try {
            file = Path.of(path);
        } catch (InvalidPathException notAPath) {
            throw new IOException("it is no path", notAPath);
        }
        if (!Files.isRegularFile(file)) {
            throw new IOException(Files.exists(file) ? "it is not a regular file" : "there is no such file");
        }
        if (Files.size(file) > LARGEST_FILE_BYTES) {
            throw new IOException("it has more than " + LARGEST_FILE_BYTES + " bytes");
        }
        if (!Files.isReadable(file)) {
            throw new IOException("this user may not read it");
        }
        return Files.readString(file, UTF_8).strip();
    }

    private static Map<String, String> readFile(String path, List<String> problems) {
        Map<String, String> values = new LinkedHashMap<>();
        try {
            int number = 0;
            for (String line : readSmallFile(path).split("\\R", -1)) {
                number++;
                readLine(line.strip(), path + " line " + number, values, problems);
            }
        } catch (IOException unreadable) {
            problems.add(Setting.CADFLOW_CONFIG.name() + ": expected a readable file of NAME=VALUE lines, found \""
                    + path + "\": " + unreadable.getMessage());
        }
        return values;
    }

    private static void readLine(String line, String where, Map<String, String> values, List<String> problems) {
        if (line.isEmpty() || line.startsWith("#")) {
            return;
        }
        int equals = line.indexOf('=');
        if (equals < 1) {
            // The line is not shown: it may be a secret that lost its name.
            problems.add(where + ": expected NAME=VALUE or a comment that begins with #, found neither");
            return;
        }
        String name = line.substring(0, equals).strip();
        if (!Setting.isKnown(name) && !name.startsWith(TEMPORAL_PREFIX) && !name.startsWith(Setting.PREFIX)) {
            problems.add(where + ": " + unknown(name));
        } else if (values.putIfAbsent(name, line.substring(equals + 1).strip()) != null) {
            problems.add(where + ": " + name + ": expected it once, found it again");
        }
    }

    private static String unknown(String name) {
        return SettingsReader.shown(name) + ": expected a setting that cadflow knows; the nearest is "
                + Setting.nearest(name);
    }
}
