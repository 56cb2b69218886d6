package dev.cadflow.worker.http;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.Promise;
import org.eclipse.jetty.util.thread.Invocable.InvocationType;
import org.eclipse.jetty.util.thread.Scheduler;

/** Reads the body of a request whole, without holding a thread, and within bounds of size and time. */
public final class RequestBody {
    private RequestBody() {}

    /** Why there is no body. */
    public enum Failure {
        /** It is larger than the cap. */
        TOO_LARGE,
        /** It did not come in time. */
        TOO_SLOW,
        /** The client went away, or sent what is no HTTP. */
        BROKEN_OFF
    }

    /**
     * Reads it; one of the two is told, on a thread that may block.
     *
     * @param maxBytes the cap
     * @param timeout bounds the whole of it, however steadily it trickles
     */
    public static void read(
            Request request, int maxBytes, Duration timeout, Consumer<byte[]> onBody, Consumer<Failure> onFailure) {
        if (request.getLength() > maxBytes) {
            onFailure.accept(Failure.TOO_LARGE);
            return;
        }
        Scheduler.Task deadline = request.getComponents()
                .getScheduler()
                .schedule(
                        () -> request.fail(new TimeoutException("The body did not come in time")),
                        timeout.toMillis(),
                        TimeUnit.MILLISECONDS);
        Content.Source.asByteArrayAsync(
                request, maxBytes, Promise.Invocable.from(InvocationType.BLOCKING, (body, failure) -> {
                    deadline.cancel();
                    if (failure == null) {
                        onBody.accept(body);
                    } else {
                        onFailure.accept(kindOf(failure));
                    }
                }));
    }

    private static Failure kindOf(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof TimeoutException) {
                return Failure.TOO_SLOW;
            }
            // What Jetty says where a body of no declared length grows beyond the cap.
            if (cause instanceof IllegalStateException) {
                return Failure.TOO_LARGE;
            }
        }
        return Failure.BROKEN_OFF;
    }
}
