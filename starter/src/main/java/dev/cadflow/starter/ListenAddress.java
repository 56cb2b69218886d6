package dev.cadflow.starter;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.TypeConversionException;

/**
 * Where a server listens.
 *
 * @param host a name or an address
 * @param port 0 for any free one
 */
record ListenAddress(String host, int port) {
    private static final Pattern FORM = Pattern.compile("(?<host>[^:\\[\\]]+|\\[[0-9a-fA-F:.]+]):(?<port>\\d{1,5})");
    private static final int HIGHEST_PORT = 65_535;

    /** Reads {@code HOST:PORT}; an IPv6 address stands in brackets. */
    static ListenAddress parse(String text) {
        Matcher matcher = FORM.matcher(text);
        if (matcher.matches()) {
            int port = Integer.parseInt(matcher.group("port"));
            if (port <= HIGHEST_PORT) {
                return new ListenAddress(matcher.group("host").replaceAll("[\\[\\]]", ""), port);
            }
        }
        throw new TypeConversionException("expected HOST:PORT, such as 127.0.0.1:8089, found '" + text + "'");
    }

    @Override
    public String toString() {
        return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
    }
}
