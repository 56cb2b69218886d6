package dev.cadflow.sandbox;

import dev.cadflow.sandbox.part.FileContent;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.io.EofException;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/** Sends answers, whole or with the fault that was asked for. */
final class AnswerWriter {

    private static final long HUGE_BYTES = 200_000_000;
    private static final int BUFFER_BYTES = 64 * 1024;
    private static final int SLICES_IN_A_SECOND = 10;
    private static final Duration DEFAULT_HOLD = Duration.ofMinutes(1);

    private final CountDownLatch closing;

    /** Answers that are held back are let go when the latch opens. */
    AnswerWriter(CountDownLatch closing) {
        this.closing = closing;
    }

    /** The answer that a fault gives in place of any other. */
    static Answer of(Fault fault) {
        String body = fault.body() == null
                ? "{\"error_code\":\"injected\",\"message\":\"An answer that was asked for\"}"
                : fault.body();
        String contentType = fault.contentType() == null ? "application/json" : fault.contentType();
        Answer answer = Answer.text(fault.status() == null ? 500 : fault.status(), contentType, body);
        return withHeaders(answer, fault);
    }

    private static Answer withHeaders(Answer answer, Fault fault) {
        HttpFields.Mutable headers = HttpFields.build(answer.headers());
        fault.headers().forEach(headers::put);
        return new Answer(answer.status(), headers, answer.body());
    }

    void write(Reply reply, Request request, Response response, Callback callback) {
        Fault fault = reply.fault();
        Answer answer = fault == null ? reply.answer() : prepare(reply.answer(), fault);
        try {
            if (fault != null && (is(fault, FaultKind.CUT_BEFORE) || is(fault, FaultKind.CUT_AFTER))) {
                cut(request, callback);
                return;
            }
            if (fault != null && is(fault, FaultKind.STALLED) && fault.offsetBytes() == null) {
                pause(fault.holdOr(DEFAULT_HOLD));
            }
            writeHead(answer, response);
            if (request.getMethod().equals("HEAD")) {
                callback.succeeded();
                return;
            }
            // Closed by hand: after a cut there is nothing to close.
            OutputStream out = Content.Sink.asOutputStream(response);
            if (fault != null && !writeBody(answer.body(), fault, out)) {
                out.flush();
                cut(request, callback);
                return;
            }
            if (fault == null) {
                copy(answer.body(), 0, answer.body().sizeBytes(), out);
            }
            out.close();
            callback.succeeded();
        } catch (IOException e) {
            // The client went away, or the sandbox is closing: nobody is left to tell.
            cut(request, callback);
        }
    }

    private static boolean is(Fault fault, FaultKind kind) {
        return fault.kind() == kind;
    }

    private static Answer prepare(Answer answer, Fault fault) {
        return switch (fault.kind()) {
            case HUGE -> answer.withBody("application/json", huge(fault.lengthBytes()));
            case NOT_GZIP -> answer.withHeader("Content-Encoding", "gzip");
            case HEADERS -> withHeaders(answer, fault);
            default -> answer;
        };
    }

    private static FileContent huge(@Nullable Long lengthBytes) {
        FileContent start = FileContent.of("{\"padding\":\"");
        FileContent end = FileContent.of("\"}");
        long length = (lengthBytes == null ? HUGE_BYTES : lengthBytes) - start.sizeBytes() - end.sizeBytes();
        byte[] filling = "x".getBytes(StandardCharsets.US_ASCII);
        return FileContent.joined(start, FileContent.repeated(filling, Math.max(0, length)), end);
    }

    private static void writeHead(Answer answer, Response response) {
        response.setStatus(answer.status());
        HttpFields.Mutable headers = response.getHeaders();
        headers.put(HttpHeader.CONTENT_LENGTH, answer.body().sizeBytes());
        answer.headers().getFieldNamesCollection().forEach(headers::remove);
        // An empty value stands for a header that is to be missing.
        answer.headers().stream()
                .filter(field -> field.getValue() != null && !field.getValue().isEmpty())
                .forEach(headers::add);
    }

    /** Writes as the fault says; false where the connection is to be cut then. */
    private boolean writeBody(FileContent body, Fault fault, OutputStream out) throws IOException {
        long size = body.sizeBytes();
        long offset = fault.offsetBytes() == null ? size / 2 : Math.min(fault.offsetBytes(), size);
        switch (fault.kind()) {
            case TRUNCATED -> {
                copy(body, 0, Math.min(offset, Math.max(0, size - 1)), out);
                return false;
            }
            case STALLED -> {
                if (fault.offsetBytes() != null) {
                    copy(body, 0, offset, out);
                    out.flush();
                    pause(fault.holdOr(DEFAULT_HOLD));
                    copy(body, offset, size, out);
                } else {
                    copy(body, 0, size, out);
                }
            }
            case SLOW -> copySlowly(body, fault, out);
            default -> copy(body, 0, size, out);
        }
        return true;
    }

    private void copySlowly(FileContent body, Fault fault, OutputStream out) throws IOException {
        int bytesPerSecond = fault.bytesPerSecond() == null ? 1024 : fault.bytesPerSecond();
        // Below ten bytes a second: one byte at a time, with longer pauses.
        int slice = Math.max(1, bytesPerSecond / SLICES_IN_A_SECOND);
        Duration gap = Duration.ofSeconds(1).multipliedBy(slice).dividedBy(bytesPerSecond);
        long deadline = System.nanoTime() + fault.holdOr(DEFAULT_HOLD).toNanos();
        long done = 0;
        while (done < body.sizeBytes() && System.nanoTime() - deadline < 0) {
            long until = Math.min(done + slice, body.sizeBytes());
            copy(body, done, until, out);
            out.flush();
            done = until;
            pause(gap);
        }
        copy(body, done, body.sizeBytes(), out);
    }

    private void pause(Duration duration) throws IOException {
        try {
            if (!closing.await(duration.toNanos(), TimeUnit.NANOSECONDS)) {
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        throw new IOException("The sandbox is closing");
    }

    private static void copy(FileContent body, long from, long until, OutputStream out) throws IOException {
        byte[] buffer = new byte[(int) Math.min(BUFFER_BYTES, Math.max(1, until - from))];
        long done = from;
        while (done < until) {
            int run = (int) Math.min(buffer.length, until - done);
            body.read(done, buffer, 0, run);
            out.write(buffer, 0, run);
            done += run;
        }
    }

    private static void cut(Request request, Callback callback) {
        request.getConnectionMetaData().getConnection().getEndPoint().close();
        callback.failed(new EofException("The connection was cut"));
    }
}
