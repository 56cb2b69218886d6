package dev.cadflow.sandbox;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;

/**
 * Reads request bodies, bounded in size and time: a client that trickles gets 408, one that sends too much 413, and
 * neither costs more than a buffer until then.
 */
final class BodyReader {

    private static final Duration LONGEST = Duration.ofSeconds(30);

    private BodyReader() {}

    /** Takes the next bytes of a body. */
    interface Sink {
        void accept(byte[] buffer, int length, boolean last) throws Refusal;
    }

    static byte[] read(Request request, int mostBytes) throws Refusal {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        stream(request, mostBytes, (buffer, length, last) -> bytes.write(buffer, 0, length));
        return bytes.toByteArray();
    }

    static void stream(Request request, long mostBytes, Sink sink) throws Refusal {
        if (request.getLength() > mostBytes) {
            throw tooLarge(mostBytes);
        }
        long deadline = System.nanoTime() + LONGEST.toNanos();
        long total = 0;
        byte[] buffer = new byte[16 * 1024];
        try (InputStream in = Content.Source.asInputStream(request)) {
            for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
                total += length;
                if (total > mostBytes) {
                    throw tooLarge(mostBytes);
                }
                if (System.nanoTime() - deadline > 0) {
                    throw new Refusal(408, null, "body: expected within " + LONGEST + ", found " + total + " bytes");
                }
                sink.accept(buffer, length, false);
            }
            sink.accept(buffer, 0, true);
        } catch (IOException e) {
            // The connection is gone or stalled until its idle time-out: nobody reads this answer.
            throw new Refusal(400, null, "body: expected whole, found it broken off after " + total + " bytes");
        }
    }

    private static Refusal tooLarge(long mostBytes) {
        return new Refusal(413, null, "body: expected at most " + mostBytes + " bytes, found more");
    }
}
