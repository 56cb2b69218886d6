package dev.cadflow.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cadflow.sandbox.part.FileContent;
import java.nio.charset.StandardCharsets;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.jspecify.annotations.Nullable;

/** An HTTP answer before it is sent; Content-Length follows from the body. */
record Answer(int status, HttpFields headers, FileContent body) {

    private static final FileContent EMPTY = FileContent.of(new byte[0]);

    static Answer json(int status, JsonNode body) {
        return of(status, "application/json", Json.write(body));
    }

    static Answer text(int status, String contentType, String body) {
        return of(status, contentType, body.getBytes(StandardCharsets.UTF_8));
    }

    static Answer empty(int status, HttpFields headers) {
        return new Answer(status, headers, EMPTY);
    }

    /** An error as the API words it. */
    static Answer error(int status, @Nullable String errorCode, String message) {
        ObjectNode body = Json.object();
        if (errorCode != null) {
            body.put("error_code", errorCode);
        }
        return json(status, body.put("message", message));
    }

    private static Answer of(int status, String contentType, byte[] body) {
        return new Answer(status, HttpFields.build().put(HttpHeader.CONTENT_TYPE, contentType), FileContent.of(body));
    }

    Answer withHeader(String name, String value) {
        return new Answer(status, HttpFields.build(headers).put(name, value), body);
    }

    Answer withBody(String contentType, FileContent other) {
        return new Answer(status, HttpFields.build(headers).put(HttpHeader.CONTENT_TYPE, contentType), other);
    }
}
