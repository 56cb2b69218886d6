package dev.cadflow.starter;

import java.util.ArrayDeque;
import java.util.Deque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a command has opened, closed in the reverse order exactly once: at the command's end, or earlier by the thread
 * that Ctrl-C starts. Safe for use by both.
 */
final class OpenResources implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(OpenResources.class);

    private final Deque<AutoCloseable> open = new ArrayDeque<>();
    private boolean closed;

    /**
     * Takes over what was just opened.
     *
     * @return the same
     * @throws IllegalStateException where everything has been closed meanwhile; this too, then
     */
    synchronized <T extends AutoCloseable> T add(T resource) {
        if (closed) {
            close(resource);
            throw new IllegalStateException("stopped while starting");
        }
        open.push(resource);
        return resource;
    }

    @Override
    public synchronized void close() {
        closed = true;
        while (!open.isEmpty()) {
            close(open.pop());
        }
    }

    private static void close(AutoCloseable resource) {
        try {
            resource.close();
        } catch (Exception failed) {
            // The rest must be closed all the same, and the command's outcome does not depend on it.
            LOG.debug("could not close {}", resource.getClass().getSimpleName(), failed);
        }
    }
}
