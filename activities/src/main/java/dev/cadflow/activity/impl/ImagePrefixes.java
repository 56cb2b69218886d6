package dev.cadflow.activity.impl;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Where images may be read from. Without a prefix, nowhere: what a workflow is given must never make a worker read a
 * file or an address that its operator did not mean.
 */
public final class ImagePrefixes {
    private static final Set<String> SCHEMES = Set.of("file", "https", "s3");
    /** What could lead elsewhere than it seems: dot segments, empty ones, and encoded slashes, dots and controls. */
    private static final Pattern DEVIOUS =
            Pattern.compile("(?i)(^|/)\\.{1,2}(/|$)|//|\\\\|%2e|%2f|%5c|%25|%[01][0-9a-f]|%7f");

    private final List<URI> prefixes;

    private ImagePrefixes(List<URI> prefixes) {
        this.prefixes = prefixes;
    }

    /** No place at all. */
    public static ImagePrefixes none() {
        return new ImagePrefixes(List.of());
    }

    /**
     * These places, and everything below them.
     *
     * @param prefixes such as {@code file:/srv/images/}, {@code https://images.example/parts/} or
     *     {@code s3://bucket/images/}; a slash at the end is added where it is missing. One may also name a single image
     * @throws IllegalArgumentException where one is of another scheme, or has credentials, a query, a fragment or a
     *     devious path
     */
    public static ImagePrefixes of(List<URI> prefixes) {
        return new ImagePrefixes(prefixes.stream().map(ImagePrefixes::checked).toList());
    }

    /** Whether a place can be one at all: a folder with a percent sign in its name cannot. */
    public static boolean canBe(URI place) {
        try {
            requirePlace(place);
            return true;
        } catch (ImageRefused devious) {
            return false;
        }
    }

    private static void requirePlace(URI place) throws ImageRefused {
        requirePlain(place);
        if (place.getRawQuery() != null) {
            throw new ImageRefused("no query");
        }
    }

    private static URI checked(URI prefix) {
        try {
            requirePlace(prefix);
        } catch (ImageRefused refused) {
            throw new IllegalArgumentException("images prefix: expected " + refused.rule() + ", found scheme "
                    + prefix.getScheme() + " and path " + prefix.getRawPath());
        }
        return prefix.getRawPath().endsWith("/") ? prefix : URI.create(prefix + "/");
    }

    /** Refuses what no rule about a place could be applied to safely. */
    static void requirePlain(URI uri) throws ImageRefused {
        String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
        if (!SCHEMES.contains(scheme) || uri.isOpaque()) {
            throw new ImageRefused("a file:, https: or s3: URI");
        }
        if (uri.getRawUserInfo() != null) {
            throw new ImageRefused("a URI without credentials");
        }
        boolean file = scheme.equals("file");
        if (file == (uri.getRawAuthority() != null) || (!file && uri.getHost() == null)) {
            throw new ImageRefused(file ? "a file on this machine" : "a URI with a plain host or bucket");
        }
        if (uri.getRawFragment() != null || (!scheme.equals("https") && uri.getRawQuery() != null)) {
            throw new ImageRefused("a URI without fragment, and without query but for https");
        }
        String path = uri.getRawPath();
        if (path == null || !path.startsWith("/") || DEVIOUS.matcher(path).find()) {
            throw new ImageRefused("a path without '..', '.', '//' or encoded characters that could stand for them");
        }
    }

    /** Refuses a URI that is none of the places and lies below none of them. Of a file that is only half of the check. */
    void requireAllowed(URI uri) throws ImageRefused {
        for (URI prefix : prefixes) {
            if (prefix.getScheme().equalsIgnoreCase(uri.getScheme())
                    && sameHost(prefix, uri)
                    && port(prefix) == port(uri)
                    && (uri.getRawPath() + "/").startsWith(prefix.getRawPath())) {
                return;
            }
        }
        throw notAllowed();
    }

    /**
     * The file itself, with every symbolic link followed, which must still lie below an allowed place.
     *
     * @throws ImageRefused where it does not, or is missing, or is no ordinary file
     */
    Path requireAllowedFile(Path file) throws ImageRefused {
        try {
            Path real = file.toRealPath();
            for (URI prefix : prefixes) {
                if (prefix.getScheme().equalsIgnoreCase("file")) {
                    Path place = Path.of(prefix);
                    if (Files.exists(place) && real.startsWith(place.toRealPath())) {
                        return requireOrdinary(real);
                    }
                }
            }
        } catch (IOException missing) {
            throw new ImageRefused("a file that exists and can be read");
        }
        throw notAllowed();
    }

    /** A pipe or a device would never end, or do something when it is read. */
    private static Path requireOrdinary(Path real) throws ImageRefused {
        if (!Files.isRegularFile(real) || !Files.isReadable(real)) {
            throw new ImageRefused("an ordinary file that can be read");
        }
        return real;
    }

    private static ImageRefused notAllowed() {
        return new ImageRefused("a place that CADFLOW_IMAGES allows");
    }

    private static boolean sameHost(URI one, URI other) {
        return one.getHost() == null ? other.getHost() == null : one.getHost().equalsIgnoreCase(other.getHost());
    }

    private static int port(URI uri) {
        return uri.getPort() == -1 && "https".equalsIgnoreCase(uri.getScheme()) ? 443 : uri.getPort();
    }

    /** The places. */
    @Override
    public String toString() {
        return prefixes.toString();
    }
}
