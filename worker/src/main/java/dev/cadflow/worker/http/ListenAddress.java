package dev.cadflow.worker.http;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a server listens.
 *
 * @param host a name or an IP address, IPv6 without brackets; {@code 0.0.0.0} for every interface
 * @param port 0 to 65535; 0 for any that is free
 */
public record ListenAddress(String host, int port) {
    private static final Pattern HOST_PORT = Pattern.compile("(\\[[0-9A-Fa-f:.%]+]|[A-Za-z0-9._-]+):(\\d{1,5})");
    private static final int HIGHEST_PORT = 65_535;

    /**
     * Checks the port.
     *
     * @throws IllegalArgumentException where it is none
     */
    public ListenAddress {
        if (host.isEmpty() || port < 0 || port > HIGHEST_PORT) {
            throw new IllegalArgumentException("expected HOST:PORT with a port from 0 to " + HIGHEST_PORT + ", found \""
                    + host + ":" + port + "\"");
        }
    }

    /**
     * Reads {@code HOST:PORT}; an IPv6 address stands in brackets.
     *
     * @throws IllegalArgumentException where the text is not of that shape
     */
    public static ListenAddress parse(String text) {
        Matcher matcher = HOST_PORT.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("expected HOST:PORT, such as 127.0.0.1:8088, found \"" + text + "\"");
        }
        String host = matcher.group(1);
        return new ListenAddress(
                host.startsWith("[") ? host.substring(1, host.length() - 1) : host, Integer.parseInt(matcher.group(2)));
    }

    /** The same host with another port, such as the one that the system chose. */
    public ListenAddress withPort(int actual) {
        return new ListenAddress(host, actual);
    }

    /** {@code HOST:PORT}, as {@link #parse} reads it. */
    @Override
    public String toString() {
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }
}
