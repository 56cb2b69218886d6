package dev.cadflow.makistry;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;

/** An HTTP server on loopback that answers with the very bytes it is told to, one request a connection. */
public final class RawServer implements AutoCloseable {
    private final ServerSocket listener;
    private final Queue<Reply> replies = new ConcurrentLinkedQueue<>();
    private final List<Received> received = new CopyOnWriteArrayList<>();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final boolean answersUnasked;

    /** A request as it came. */
    public record Received(String head, String body) {
        public String line() {
            return head.substring(0, head.indexOf("\r\n"));
        }
    }

    /** What happens after a request was read. */
    public interface Reply {
        void to(Socket socket, CountDownLatch serverClosed) throws IOException, InterruptedException;
    }

    public RawServer() {
        this(false);
    }

    private RawServer(boolean answersUnasked) {
        this.answersUnasked = answersUnasked;
        try {
            listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException noPort) {
            throw new UncheckedIOException(noPort);
        }
        daemon(this::accept);
    }

    /** A server that sends its reply as soon as it is connected to, whatever the client wants to say. */
    public static RawServer answeringUnasked() {
        return new RawServer(true);
    }

    /** An ordinary answer. */
    public static Reply answer(int status, String body, String... headers) {
        return bytes(head(status, body.getBytes(UTF_8).length, headers) + body);
    }

    /** An answer of which only the first bytes arrive before the connection ends. */
    public static Reply cutAfter(int bytes, int status, String body) {
        String whole = head(status, body.length()) + body;
        return bytes(whole.substring(0, Math.min(bytes, whole.length())));
    }

    /** Those bytes, and the end of the connection. */
    public static Reply bytes(String raw) {
        return (socket, closed) -> socket.getOutputStream().write(raw.getBytes(UTF_8));
    }

    /** An answer that claims a length and goes on sending until the reader has enough. */
    public static Reply endless(String headers) {
        return (socket, closed) -> {
            socket.getOutputStream().write(("HTTP/1.1 200 OK\r\n" + headers + "\r\n\r\n").getBytes(UTF_8));
            byte[] block = new byte[64 * 1024];
            while (closed.getCount() > 0) {
                socket.getOutputStream().write(block);
            }
        };
    }

    /** No answer for as long as the server lives. */
    public static Reply silence() {
        return (socket, closed) -> closed.await();
    }

    public RawServer reply(Reply... next) {
        replies.addAll(List.of(next));
        return this;
    }

    public URI url() {
        return URI.create("http://127.0.0.1:" + listener.getLocalPort() + "/v1");
    }

    public int port() {
        return listener.getLocalPort();
    }

    public List<Received> received() {
        return received;
    }

    @Override
    public void close() {
        closed.countDown();
        try {
            listener.close();
        } catch (IOException alreadyClosed) {
            throw new UncheckedIOException(alreadyClosed);
        }
    }

    private static String head(int status, int length, String... headers) {
        StringBuilder head = new StringBuilder("HTTP/1.1 " + status + " Status\r\n");
        for (String header : headers) {
            head.append(header).append("\r\n");
        }
        return head.append("Content-Length: ")
                .append(length)
                .append("\r\nConnection: close\r\n\r\n")
                .toString();
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket socket = listener.accept();
                daemon(() -> serve(socket));
            } catch (IOException over) {
                return;
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            if (!answersUnasked) {
                received.add(read(socket.getInputStream()));
            }
            Reply reply = replies.poll();
            (reply == null ? answer(500, "no reply was scripted") : reply).to(socket, closed);
        } catch (IOException | InterruptedException clientWentAway) {
            // What the client makes of it is what the tests look at.
        }
    }

    private static Received read(InputStream in) throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        while (!head.toString(ISO_8859_1).endsWith("\r\n\r\n")) {
            int next = in.read();
            if (next < 0) {
                throw new IOException("The request ended in its head");
            }
            head.write(next);
        }
        int length = head.toString(ISO_8859_1)
                .lines()
                .filter(line -> line.toLowerCase(java.util.Locale.ROOT).startsWith("content-length:"))
                .mapToInt(line -> Integer.parseInt(line.substring(15).trim()))
                .findFirst()
                .orElse(0);
        return new Received(head.toString(ISO_8859_1), new String(in.readNBytes(length), ISO_8859_1));
    }

    private static void daemon(Runnable work) {
        Thread thread = new Thread(work, "raw-server");
        thread.setDaemon(true);
        thread.start();
    }
}
