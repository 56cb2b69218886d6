package dev.cadflow.worker;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads settings as what they mean. What cannot be read is a problem, and reading goes on, so that all are found. */
final class SettingsReader {
    private static final Pattern SHORT_DURATION = Pattern.compile("(\\d{1,9})(ms|s|m|h|d)");
    private static final Pattern LOOPBACK =
            Pattern.compile("localhost|127(\\.\\d{1,3}){3}|\\[::1]|\\[0:0:0:0:0:0:0:1]", Pattern.CASE_INSENSITIVE);
    private static final Duration LONGEST = Duration.ofDays(30);
    private static final Pattern ORIGIN = Pattern.compile("https?://(\\[[0-9a-f:]+]|[a-z0-9.-]+)(:\\d{1,5})?");
    private static final int MOST_SHOWN = 100;

    private final SettingsSource source;

    SettingsReader(SettingsSource source) {
        this.source = source;
    }

    /** The value read, or null after noting a problem; the default where nothing is set. */
    <T> @Nullable T read(Setting setting, Function<String, T> parser) {
        String text = source.find(setting.name());
        if (text == null) {
            text = setting.defaultText().orElse(null);
        }
        if (text == null) {
            return null;
        }
        try {
            return parser.apply(text);
        } catch (IllegalArgumentException wrong) {
            problem(setting, String.valueOf(wrong.getMessage()));
            return null;
        }
    }

    /** The secret, from the variable or from the file that its other variable names. */
    @Nullable Secret secret(Setting setting) {
        String text = secretText(setting);
        return text == null ? null : readSecret(setting, text);
    }

    /** The secrets, separated by commas or line breaks. */
    List<Secret> secrets(Setting setting) {
        List<Secret> secrets = new ArrayList<>();
        String text = secretText(setting);
        for (String part : text == null ? new String[0] : text.split("[,\\r\\n]+")) {
            @Nullable Secret secret = part.isBlank() ? null : readSecret(setting, part.strip());
            if (secret != null) {
                secrets.add(secret);
            }
        }
        return secrets;
    }

    private @Nullable Secret readSecret(Setting setting, String text) {
        try {
            return Secret.of(text);
        } catch (IllegalArgumentException wrong) {
            problem(setting, String.valueOf(wrong.getMessage()));
            return null;
        }
    }

    private @Nullable String secretText(Setting setting) {
        String text = source.find(setting.name());
        String file = source.find(setting.fileVariant());
        if (file == null) {
            return text;
        }
        if (text != null) {
            problem(setting, "expected it or " + setting.fileVariant() + ", found both");
            return text;
        }
        try {
            String content = SettingsSource.readSmallFile(file);
            if (!content.isEmpty()) {
                return content;
            }
            source.problems()
                    .add(setting.fileVariant() + ": expected a file with the secret, found an empty one: \""
                            + shown(file) + "\"");
        } catch (IOException unreadable) {
            source.problems()
                    .add(setting.fileVariant() + ": expected a readable file, found \"" + shown(file) + "\": "
                            + unreadable.getMessage());
        }
        return null;
    }

    /** A secret as what it means; the parser's message must not show it. */
    <T> @Nullable T readSecret(Setting setting, Function<String, T> parser) {
        @Nullable String text = secretText(setting);
        try {
            return text == null ? null : parser.apply(text);
        } catch (IllegalArgumentException wrong) {
            problem(setting, String.valueOf(wrong.getMessage()));
            return null;
        }
    }

    /** Notes that a setting is wrong. */
    void problem(Setting setting, String expectedAndFound) {
        source.problems().add(setting.name() + ": " + expectedAndFound);
    }

    /** Whether anything is wrong so far. */
    boolean hasProblems() {
        return !source.problems().isEmpty();
    }

    /** Whether a problem of that setting, or of the file that holds it, is noted already. */
    boolean hasProblem(Setting setting) {
        return source.problems().stream()
                .anyMatch(problem ->
                        problem.startsWith(setting.name() + ":") || problem.startsWith(setting.fileVariant() + ":"));
    }

    static boolean trueOrFalse(String text) {
        return switch (text) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new IllegalArgumentException("expected true or false, found \"" + shown(text) + "\"");
        };
    }

    static Function<String, Integer> wholeNumber(int least, int most) {
        return text -> {
            try {
                int number = Integer.parseInt(text);
                if (number >= least && number <= most) {
                    return number;
                }
            } catch (NumberFormatException notANumber) {
                // Said below, as for a number out of range.
            }
            throw new IllegalArgumentException(
                    "expected a whole number from " + least + " to " + most + ", found \"" + shown(text) + "\"");
        };
    }

    /** A duration as ISO 8601 has it or as a whole number with its unit; longer than zero, 30 days at most. */
    static Duration positiveDuration(String text) {
        Duration duration = duration(text);
        if (duration.isZero()) {
            throw new IllegalArgumentException("expected a duration longer than zero, found \"" + shown(text) + "\"");
        }
        return duration;
    }

    /** As {@link #positiveDuration}, but it may be zero. */
    static Duration duration(String text) {
        try {
            Matcher matcher = SHORT_DURATION.matcher(text.toLowerCase(Locale.ROOT));
            Duration duration = matcher.matches()
                    ? amount(Long.parseLong(matcher.group(1)), matcher.group(2))
                    : Duration.parse(text);
            if (!duration.isNegative() && duration.compareTo(LONGEST) <= 0) {
                return duration;
            }
        } catch (DateTimeParseException | ArithmeticException notADuration) {
            // Said below, as for a duration out of range.
        }
        throw new IllegalArgumentException(
                "expected a duration of 30 days at most, such as 90s, 5m or PT1M30S, found \"" + shown(text) + "\"");
    }

    private static Duration amount(long number, String unit) {
        return switch (unit) {
            case "ms" -> Duration.ofMillis(number);
            case "s" -> Duration.ofSeconds(number);
            case "m" -> Duration.ofMinutes(number);
            case "h" -> Duration.ofHours(number);
            default -> Duration.ofDays(number);
        };
    }

    /** An {@code https} URL, or {@code http} to this machine alone: what is sent there must not be read on the way. */
    static URI secureUrl(String text) {
        try {
            URI url = new URI(text);
            boolean plain = "http".equalsIgnoreCase(url.getScheme());
            boolean secure = "https".equalsIgnoreCase(url.getScheme());
            String host = url.getHost();
            if (host != null
                    && (secure || (plain && LOOPBACK.matcher(host).matches()))
                    && url.getRawUserInfo() == null
                    && url.getRawFragment() == null) {
                return url;
            }
        } catch (URISyntaxException notAUrl) {
            // Said below, as for a URL that is not allowed.
        }
        throw new IllegalArgumentException("expected an https URL, or an http URL of this machine (127.0.0.1, [::1] or"
                + " localhost), without user or fragment, found \"" + shownUrl(text) + "\"");
    }

    /** {@code s3://bucket/prefix}, {@code file:///folder}, or a path, which becomes an absolute {@code file:} URI. */
    static URI archive(String text) {
        String expected =
                "expected a folder's path, a file: URI or s3://bucket/prefix, found \"" + shownUrl(text) + "\"";
        try {
            if (text.toLowerCase(Locale.ROOT).startsWith("s3:")) {
                URI uri = new URI(text);
                if (uri.getAuthority() != null && uri.getQuery() == null && uri.getUserInfo() == null) {
                    return uri;
                }
            } else if (text.toLowerCase(Locale.ROOT).startsWith("file:")) {
                return fileUri(Path.of(ascii(text)));
            } else if (!text.contains("://")) {
                return fileUri(Path.of(text));
            }
        } catch (URISyntaxException | IllegalArgumentException notAnArchive) {
            throw new IllegalArgumentException(expected, notAnArchive);
        }
        throw new IllegalArgumentException(expected);
    }

    /** A folder as an absolute path. */
    static Path folder(String text) {
        try {
            return Path.of(text).toAbsolutePath().normalize();
        } catch (InvalidPathException notAPath) {
            throw new IllegalArgumentException("expected a folder's path, found \"" + shown(text) + "\"", notAPath);
        }
    }

    /** Without a slash at its end, whether the folder is there or not. */
    private static URI fileUri(Path folder) {
        // As the path encodes itself: Java turns a URI into a path only where it is ASCII.
        String path = folder.toAbsolutePath().normalize().toUri().getRawPath();
        return URI.create(
                "file://" + (path.length() > 1 && path.endsWith("/") ? path.substring(0, path.length() - 1) : path));
    }

    /** What a person writes as a URI may have letters beyond ASCII, which a URI proper has percent-encoded. */
    private static URI ascii(String text) throws URISyntaxException {
        return new URI(new URI(text).toASCIIString());
    }

    /** URI prefixes, separated by commas; a path means the {@code file:} URIs beneath it. */
    static List<URI> prefixes(String text) {
        List<URI> prefixes = new ArrayList<>();
        for (String part : text.split(",", -1)) {
            prefixes.add(prefix(part.strip()));
        }
        return prefixes;
    }

    private static URI prefix(String text) {
        try {
            if (!text.isEmpty() && !text.matches("[A-Za-z][A-Za-z0-9+.-]+:.*")) {
                return fileUri(Path.of(text));
            }
            URI uri = ascii(text);
            String scheme = uri.getScheme();
            boolean remote = "https".equals(scheme) || "s3".equals(scheme);
            if ((remote && uri.getAuthority() != null && uri.getUserInfo() == null)
                    || ("file".equals(scheme) && uri.getPath() != null)) {
                return uri;
            }
        } catch (URISyntaxException | InvalidPathException notAPrefix) {
            // Said below, as for a scheme that is not allowed.
        }
        throw new IllegalArgumentException(
                "expected https:, s3: or file: URIs separated by commas, found \"" + shownUrl(text) + "\"");
    }

    /** What browsers send as {@code Origin}, separated by commas. */
    static Set<String> origins(String text) {
        Set<String> origins = new LinkedHashSet<>();
        for (String part : text.split(",", -1)) {
            if (!ORIGIN.matcher(part.strip()).matches()) {
                throw new IllegalArgumentException(
                        "expected origins such as http://localhost:8233, in lower case, without"
                                + " a path and separated by commas, found \"" + shownUrl(part.strip()) + "\"");
            }
            origins.add(part.strip());
        }
        return origins;
    }

    /** A value from outside as a message may show it: on one line, not endless, and no API key put in a wrong place. */
    static String shown(String text) {
        String clean = text.replaceAll("mk_pub_\\w+", "mk_pub_<hidden>").replaceAll("\\p{Cntrl}", "?");
        return clean.length() <= MOST_SHOWN ? clean : clean.substring(0, MOST_SHOWN) + "…";
    }

    /** As {@link #shown}, without the parts of a URL that often carry secrets: user and query. */
    static String shownUrl(String text) {
        return shown(text.replaceFirst("//[^/@]*@", "//<hidden>@").replaceFirst("\\?.*", "?<hidden>"));
    }
}
