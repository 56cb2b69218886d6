package dev.cadflow.makistry;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.atomic.AtomicLong;

/** Passes bytes on to a server on loopback and back, counts them, and cuts connections where it is told to. */
public final class CuttingProxy implements AutoCloseable {
    private static final long NEVER = Long.MAX_VALUE;

    private final ServerSocket listener;
    private final int target;
    private final AtomicLong requestBytes = new AtomicLong();
    private final AtomicLong answerBytes = new AtomicLong();
    private volatile long cutRequestAfter = NEVER;
    private volatile long cutAnswerAfter = NEVER;

    /** A proxy before that port. */
    public CuttingProxy(int target) {
        this.target = target;
        try {
            listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException noPort) {
            throw new UncheckedIOException(noPort);
        }
        daemon(this::accept);
    }

    public int port() {
        return listener.getLocalPort();
    }

    /** From now on a connection ends when that many bytes of what the client says were passed on, unanswered. */
    void cutRequestsAfter(long bytes) {
        cutRequestAfter = bytes;
        cutAnswerAfter = NEVER;
    }

    /** From now on a connection ends when that many bytes of the answer were passed back. */
    void cutAnswersAfter(long bytes) {
        cutRequestAfter = NEVER;
        cutAnswerAfter = bytes;
    }

    /** What clients said so far, as far as it was passed on. */
    long requestBytes() {
        return requestBytes.get();
    }

    /** What was answered so far, as far as it was passed back. */
    public long answerBytes() {
        return answerBytes.get();
    }

    @Override
    public void close() {
        try {
            listener.close();
        } catch (IOException alreadyClosed) {
            throw new UncheckedIOException(alreadyClosed);
        }
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket client = listener.accept();
                Socket server = new Socket(InetAddress.getLoopbackAddress(), target);
                long cutRequest = cutRequestAfter;
                long cutAnswer = cutAnswerAfter;
                daemon(() -> pass(client, server, cutRequest, requestBytes));
                if (cutRequest == NEVER) {
                    daemon(() -> pass(server, client, cutAnswer, answerBytes));
                }
            } catch (IOException over) {
                return;
            }
        }
    }

    private static void pass(Socket from, Socket to, long cutAfter, AtomicLong passed) {
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            byte[] buffer = new byte[8192];
            long left = cutAfter;
            while (left > 0) {
                int read = in.read(buffer, 0, (int) Math.min(buffer.length, left));
                if (read < 0) {
                    return;
                }
                out.write(buffer, 0, read);
                passed.addAndGet(read);
                left -= read;
            }
        } catch (IOException otherEndIsGone) {
            // Both ends are closed now, which is all that a cut is.
        }
    }

    private static void daemon(Runnable work) {
        Thread thread = new Thread(work, "cutting-proxy");
        thread.setDaemon(true);
        thread.start();
    }
}
