package dev.cadflow.makistry;

import dev.cadflow.workflow.FailureType;
import java.io.EOFException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ProtocolException;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import okhttp3.Call;
import okhttp3.Interceptor;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import okio.BufferedSource;
import org.jspecify.annotations.Nullable;

/**
 * Sends one request and gives its answer, whole, or says typed why there is none. Every request is sent at most once:
 * trying again is for whoever counts requests.
 */
final class Exchange {
    private final OkHttpClient http;
    private final long largestAnswerBytes;
    private final ErrorAnswers errors;
    private final Redaction redaction;

    Exchange(OkHttpClient http, long largestAnswerBytes, Redaction redaction, Clock clock) {
        this.http = http.newBuilder()
                .followRedirects(false)
                .followSslRedirects(false)
                .retryOnConnectionFailure(false)
                .addNetworkInterceptor(Exchange::onWire)
                .build();
        this.largestAnswerBytes = largestAnswerBytes;
        this.errors = new ErrorAnswers(redaction, clock);
        this.redaction = redaction;
    }

    /**
     * The body of a 2xx answer.
     *
     * @param whole how long all of it may take; null for the client's own call timeout
     * @throws MakistryException on every other answer, and where there is none
     */
    byte[] send(Request request, @Nullable Duration whole) {
        Sent sent = new Sent();
        String what = request.method() + " " + request.url().encodedPath();
        Call call = http.newCall(request.newBuilder().tag(Sent.class, sent).build());
        if (whole != null) {
            call.timeout().timeout(whole.toNanos(), TimeUnit.NANOSECONDS);
        }
        boolean gzip = false;
        try (Response answer = call.execute()) {
            Response onWire = answer.networkResponse();
            gzip = onWire != null && "gzip".equalsIgnoreCase(onWire.header("Content-Encoding"));
            byte[] body = read(what, answer);
            if (!answer.isSuccessful()) {
                throw errors.of(what, answer, body);
            }
            return body;
        } catch (IOException broken) {
            String why = sent.sent ? afterSending(what, broken, gzip) : beforeSending(request, broken);
            throw MakistryException.builder(FailureType.SERVICE_UNAVAILABLE, why)
                    .requestSent(sent.sent)
                    .outcomeUnknown(sent.sent && !"GET".equals(request.method()))
                    .cause(broken)
                    .build();
        }
    }

    private byte[] read(String what, Response answer) throws IOException {
        BufferedSource source = answer.body().source();
        boolean tooLarge = answer.body().contentLength() > largestAnswerBytes || source.request(largestAnswerBytes + 1);
        if (tooLarge) {
            throw MakistryException.builder(
                            FailureType.SERVICE_UNAVAILABLE,
                            "Makistry's answer to " + what + " is larger than " + largestAnswerBytes
                                    + " bytes and was not read on; no answer of the API is that large")
                    .httpStatus(answer.code())
                    .requestSent(true)
                    .outcomeUnknown(!"GET".equals(answer.request().method()))
                    .build();
        }
        return source.readByteArray();
    }

    private String beforeSending(Request request, IOException broken) {
        String host = request.url().host() + ":" + request.url().port();
        String why;
        if (broken instanceof UnknownHostException) {
            why = "the host is not known; check MAKISTRY_BASE_URL and the name service";
        } else if (broken instanceof SSLException) {
            why = "TLS failed (" + redaction.apply(broken.getMessage())
                    + "); check MAKISTRY_BASE_URL, this machine's clock and its trusted certificates";
        } else if (broken instanceof InterruptedIOException) {
            why = "no connection came about in time; check the network and MAKISTRY_BASE_URL";
        } else {
            why = "the connection was refused or broke (" + redaction.apply(broken.getMessage())
                    + "); check the network and MAKISTRY_BASE_URL";
        }
        return "Makistry cannot be reached at " + host + ": " + why;
    }

    private static String afterSending(String what, IOException broken, boolean gzip) {
        if (Thread.currentThread().isInterrupted()) {
            return "The wait for Makistry's answer to " + what + " was interrupted";
        }
        if (broken instanceof InterruptedIOException) {
            return "Makistry took " + what + " and did not answer in time";
        }
        boolean cut = broken instanceof EOFException
                || broken instanceof ProtocolException
                || broken instanceof SocketException
                || broken instanceof SSLException;
        if (gzip && !cut) {
            return "Makistry's answer to " + what + " says it is gzip and is not";
        }
        return "Makistry's answer to " + what + " was cut off";
    }

    private static Response onWire(Interceptor.Chain chain) throws IOException {
        Sent sent = chain.request().tag(Sent.class);
        if (sent != null) {
            sent.sent = true;
        }
        Response answer = chain.proceed(chain.request());
        // OkHttp would send a request again at once for this one header; here that is not its decision.
        boolean again = answer.code() == 503 && "0".equals(answer.header("Retry-After"));
        return again ? answer.newBuilder().removeHeader("Retry-After").build() : answer;
    }

    /** Whether a connection stood, so that the request may have reached Makistry. */
    private static final class Sent {
        private volatile boolean sent;
    }
}
