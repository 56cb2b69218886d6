package dev.cadflow.worker.codec;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.JsonFormat;
import dev.cadflow.worker.http.HttpServer;
import dev.cadflow.worker.http.ListenAddress;
import dev.cadflow.worker.http.RequestBody;
import io.temporal.api.common.v1.Payload;
import io.temporal.api.common.v1.Payloads;
import io.temporal.payload.codec.PayloadCodec;
import io.temporal.payload.codec.PayloadCodecException;
import java.io.IOException;
import java.net.URI;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpHeaderValue;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The codec endpoint for the Temporal Web UI and CLI, by Temporal's remote codec protocol: {@code POST /encode} and
 * {@code POST /decode} with a JSON object of payloads; what it cannot decode it gives back as it came. Whoever may call
 * it may read everything, so every request must bring the token, and a browser lets only the pages of the allowed
 * origins use it.
 *
 * <p>The CLI brings it as {@code Authorization: Bearer TOKEN}. A Web UI has no field for a token, but can be told to
 * include credentials: whoever has opened {@code GET /} in the same browser, and given the token as the password, is
 * then known by HTTP's Basic authentication (RFC 7617).
 */
public final class CodecServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(CodecServer.class);

    /** Larger than what a Temporal server lets a history hold in one event, in base64. */
    private static final int LARGEST_BODY_BYTES = 8 * 1024 * 1024;

    private static final Duration BODY_TIMEOUT = Duration.ofSeconds(20);
    private static final Duration IDLE_TIMEOUT = Duration.ofSeconds(30);
    private static final int MOST_CONNECTIONS = 16;

    private final HttpServer server;

    private CodecServer(HttpServer server) {
        this.server = server;
    }

    /**
     * Starts to listen.
     *
     * @param token what a request must bring, as bearer token or as password of any user
     * @param origins of the pages that a browser lets use it, such as {@code http://localhost:8233}; the CLI needs none
     * @throws IOException where the address cannot be listened at; the message names it
     */
    public static CodecServer start(ListenAddress listen, String token, Set<String> origins, PayloadCodec codec)
            throws IOException {
        return new CodecServer(HttpServer.start(
                "codec",
                listen,
                new CodecHandler(token.getBytes(UTF_8), Set.copyOf(origins), codec),
                IDLE_TIMEOUT,
                MOST_CONNECTIONS));
    }

    /** The endpoint as this machine reaches it, with the port that it really has; what the CLI and the UI are given. */
    public URI url() {
        return server.url("");
    }

    @Override
    public void close() {
        server.close();
    }

    private static final class CodecHandler extends Handler.Abstract {
        private static final String JSON = "application/json";
        private static final String TEXT = "text/plain; charset=utf-8";
        private static final String ALLOWED_METHODS = "POST, OPTIONS";
        /** What the Web UI sends beside the body. */
        private static final String ALLOWED_HEADERS = "authorization, content-type, x-namespace";

        private static final String BEARER = "Bearer ";
        private static final String BASIC = "Basic ";
        private static final String SIGN_IN = "Basic realm=\"cadflow codec endpoint: the token is the password\"";
        private static final String SIGNED_IN =
                "Signed in. The Web UIs that may use this endpoint now read payloads in this browser,"
                        + " where their codec settings include cross-origin credentials.\n";

        private final byte[] token;
        private final Set<String> origins;
        private final PayloadCodec codec;

        CodecHandler(byte[] token, Set<String> origins, PayloadCodec codec) {
            this.token = token;
            this.origins = origins;
            this.codec = codec;
        }

        @Override
        public boolean handle(Request request, Response response, Callback callback) {
            allowOrigin(request, response);
            switch (Request.getPathInContext(request)) {
                case "/" -> signIn(request, response, callback);
                case "/encode" -> call(codec::encode, request, response, callback);
                case "/decode" -> call(this::decode, request, response, callback);
                default -> refuseUnread(response, callback, HttpStatus.NOT_FOUND_404, "expected /, /encode or /decode");
            }
            return true;
        }

        /** The page that makes a browser ask for the token, and remember it. */
        private void signIn(Request request, Response response, Callback callback) {
            if (!HttpMethod.GET.is(request.getMethod())) {
                response.getHeaders().put(HttpHeader.ALLOW, "GET");
                refuseUnread(response, callback, HttpStatus.METHOD_NOT_ALLOWED_405, "expected GET");
            } else if (!isAuthorized(request)) {
                response.getHeaders().put(HttpHeader.WWW_AUTHENTICATE, SIGN_IN);
                refuse(response, callback, HttpStatus.UNAUTHORIZED_401, "expected the token as password");
            } else {
                response.getHeaders().put(HttpHeader.CONTENT_TYPE, TEXT);
                response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store");
                Content.Sink.write(response, true, SIGNED_IN, callback);
            }
        }

        private void call(
                UnaryOperator<List<Payload>> operation, Request request, Response response, Callback callback) {
            if (HttpMethod.OPTIONS.is(request.getMethod())) {
                answerPreflight(response, callback);
            } else if (!HttpMethod.POST.is(request.getMethod())) {
                response.getHeaders().put(HttpHeader.ALLOW, ALLOWED_METHODS);
                refuseUnread(response, callback, HttpStatus.METHOD_NOT_ALLOWED_405, "expected POST");
            } else if (isForeign(request)) {
                refuseUnread(
                        response, callback, HttpStatus.FORBIDDEN_403, "expected an origin of CADFLOW_CODEC_ORIGINS");
            } else if (!isAuthorized(request)) {
                // Not Basic, at which a browser would open a dialog over the Web UI.
                response.getHeaders().put(HttpHeader.WWW_AUTHENTICATE, "Bearer");
                refuseUnread(response, callback, HttpStatus.UNAUTHORIZED_401, "expected the token");
            } else {
                RequestBody.read(
                        request,
                        LARGEST_BODY_BYTES,
                        BODY_TIMEOUT,
                        body -> apply(operation, body, response, callback),
                        failure -> refuseBody(failure, response, callback));
            }
        }

        /** What cannot be read stays as it is: refused, it would keep the CLI from showing all the rest. */
        private List<Payload> decode(List<Payload> payloads) {
            return payloads.stream().map(this::decodeOrKeep).toList();
        }

        private Payload decodeOrKeep(Payload payload) {
            try {
                return codec.decode(List.of(payload)).get(0);
            } catch (PayloadCodecException undecodable) {
                LOG.warn("The codec endpoint leaves a payload as it is: {}", undecodable.getMessage());
                return payload;
            }
        }

        private boolean isAuthorized(Request request) {
            List<String> given = request.getHeaders().getValuesList(HttpHeader.AUTHORIZATION);
            return given.size() == 1 && MessageDigest.isEqual(token, tokenOf(given.get(0)));
        }

        /** The token that a header brings; empty where it brings none. */
        private static byte[] tokenOf(String authorization) {
            if (authorization.startsWith(BEARER)) {
                return authorization.substring(BEARER.length()).getBytes(UTF_8);
            }
            if (authorization.startsWith(BASIC)) {
                try {
                    String userAndPassword =
                            new String(Base64.getDecoder().decode(authorization.substring(BASIC.length())), UTF_8);
                    return userAndPassword
                            .substring(userAndPassword.indexOf(':') + 1)
                            .getBytes(UTF_8);
                } catch (IllegalArgumentException notBase64) {
                    return new byte[0];
                }
            }
            return new byte[0];
        }

        /** Whether a page asks that may not; the CLI is no page. */
        private boolean isForeign(Request request) {
            @Nullable String origin = request.getHeaders().get(HttpHeader.ORIGIN);
            return origin != null && !origins.contains(origin);
        }

        private void allowOrigin(Request request, Response response) {
            @Nullable String origin = request.getHeaders().get(HttpHeader.ORIGIN);
            response.getHeaders().put(HttpHeader.VARY, "Origin");
            if (origin != null && origins.contains(origin)) {
                response.getHeaders().put(HttpHeader.ACCESS_CONTROL_ALLOW_ORIGIN, origin);
                // The Web UI sends the browser's credentials along where it is told so; the answer must allow that.
                response.getHeaders().put(HttpHeader.ACCESS_CONTROL_ALLOW_CREDENTIALS, "true");
            }
        }

        private static void answerPreflight(Response response, Callback callback) {
            response.getHeaders().put(HttpHeader.ACCESS_CONTROL_ALLOW_METHODS, ALLOWED_METHODS);
            response.getHeaders().put(HttpHeader.ACCESS_CONTROL_ALLOW_HEADERS, ALLOWED_HEADERS);
            response.setStatus(HttpStatus.NO_CONTENT_204);
            response.write(true, null, callback);
        }

        private static void apply(
                UnaryOperator<List<Payload>> operation, byte[] body, Response response, Callback callback) {
            String json;
            try {
                Payloads.Builder asked = Payloads.newBuilder();
                JsonFormat.parser().ignoringUnknownFields().merge(new String(body, UTF_8), asked);
                json = JsonFormat.printer()
                        .omittingInsignificantWhitespace()
                        .print(Payloads.newBuilder().addAllPayloads(operation.apply(asked.getPayloadsList())));
            } catch (InvalidProtocolBufferException notPayloads) {
                refuse(
                        response,
                        callback,
                        HttpStatus.BAD_REQUEST_400,
                        "expected {\"payloads\": [{\"metadata\": {…}, \"data\": \"base64\"}]}, found something else");
                return;
            }
            response.getHeaders().put(HttpHeader.CONTENT_TYPE, JSON);
            response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store");
            Content.Sink.write(response, true, json, callback);
        }

        private static void refuseBody(RequestBody.Failure failure, Response response, Callback callback) {
            switch (failure) {
                case TOO_LARGE ->
                    refuse(
                            response,
                            callback,
                            HttpStatus.PAYLOAD_TOO_LARGE_413,
                            "expected at most " + LARGEST_BODY_BYTES + " bytes");
                case TOO_SLOW ->
                    refuse(
                            response,
                            callback,
                            HttpStatus.REQUEST_TIMEOUT_408,
                            "expected the body within " + BODY_TIMEOUT);
                case BROKEN_OFF ->
                    refuseUnread(response, callback, HttpStatus.BAD_REQUEST_400, "expected a whole body");
            }
        }

        /** What is left of the body would be in the way of another request on this connection. */
        private static void refuseUnread(Response response, Callback callback, int status, String message) {
            response.getHeaders().put(HttpHeader.CONNECTION, HttpHeaderValue.CLOSE);
            refuse(response, callback, status, message);
        }

        private static void refuse(Response response, Callback callback, int status, String message) {
            response.setStatus(status);
            response.getHeaders().put(HttpHeader.CONTENT_TYPE, TEXT);
            Content.Sink.write(response, true, message + "\n", callback);
        }
    }
}
