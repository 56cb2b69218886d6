package dev.cadflow.starter;

import java.net.URI;
import java.nio.file.FileSystemNotFoundException;
import java.nio.file.Path;

/** URIs of files as a person and a shell write them. */
final class Places {
    private Places() {}

    /** The path of a {@code file:} URI; any other URI as it is. */
    static String shown(URI uri) {
        if ("file".equals(uri.getScheme())) {
            try {
                return Path.of(uri).toString();
            } catch (IllegalArgumentException | FileSystemNotFoundException notLocal) {
                return uri.toString();
            }
        }
        return uri.toString();
    }

    /** The URI of what a user gave as a URI or as a local path; it has no comma, which separates URIs in settings. */
    static String uri(String text) {
        String uri = text.matches("[A-Za-z][A-Za-z0-9+.-]+:.*")
                ? text
                : Path.of(text).toAbsolutePath().normalize().toUri().toString();
        return uri.replace(",", "%2C");
    }
}
