package dev.cadflow.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.jspecify.annotations.Nullable;

/** Reads the body of a submit. */
final class SubmitReader {

    private static final int LARGEST_JSON_BYTES = 1 << 20;
    private static final long LARGEST_MULTIPART_BYTES =
            SubmitForm.MOST_IMAGES * SubmitForm.LARGEST_IMAGE_BYTES + (2L << 20);

    private SubmitReader() {}

    static SubmitForm read(Endpoint endpoint, Request request) throws Refusal {
        return endpoint == Endpoint.TEXT_TO_CAD ? readJson(request) : readMultipart(request);
    }

    private static SubmitForm readJson(Request request) throws Refusal {
        byte[] body = BodyReader.read(request, LARGEST_JSON_BYTES);
        String contentType = contentType(request);
        if (!contentType.toLowerCase(Locale.ROOT).startsWith("application/json")) {
            return broken(Endpoint.TEXT_TO_CAD, "Content-Type: expected application/json, found " + contentType);
        }
        try {
            JsonNode json = Json.read(body);
            if (json instanceof ObjectNode fields) {
                return new SubmitForm(Endpoint.TEXT_TO_CAD, fields, List.of(), null);
            }
            return broken(Endpoint.TEXT_TO_CAD, "body: expected a JSON object, found " + json.getNodeType());
        } catch (IOException e) {
            return broken(Endpoint.TEXT_TO_CAD, "body: expected a JSON object, found what is not JSON");
        }
    }

    private static SubmitForm readMultipart(Request request) throws Refusal {
        String contentType = contentType(request);
        MultipartReader reader = MultipartReader.of(contentType);
        BodyReader.stream(
                request, LARGEST_MULTIPART_BYTES, reader == null ? (buffer, length, last) -> {} : reader::accept);
        if (reader == null) {
            return broken(
                    Endpoint.IMAGE_TO_CAD,
                    "Content-Type: expected multipart/form-data with a boundary, found " + contentType);
        }
        String problem = reader.problem();
        if (problem != null) {
            return broken(Endpoint.IMAGE_TO_CAD, problem);
        }
        ObjectNode fields = reader.fields();
        Refusal badMetadata = putMetadata(fields);
        return new SubmitForm(Endpoint.IMAGE_TO_CAD, fields, reader.images(), badMetadata);
    }

    /** Puts the object that {@code metadata_json} holds as text where text-to-cad has it. */
    private static @Nullable Refusal putMetadata(ObjectNode fields) {
        JsonNode text = fields.remove("metadata_json");
        fields.remove("metadata");
        if (text != null) {
            try {
                fields.set("metadata", Json.read(text.asText().getBytes(StandardCharsets.UTF_8)));
            } catch (IOException e) {
                return Refusal.invalidInput("metadata_json: expected a JSON object, found what is not JSON");
            }
        }
        return null;
    }

    private static String contentType(Request request) {
        String value = request.getHeaders().get(HttpHeader.CONTENT_TYPE);
        return value == null ? "none" : value;
    }

    private static SubmitForm broken(Endpoint endpoint, String problem) {
        return new SubmitForm(endpoint, Json.object(), List.of(), Refusal.invalidInput(problem));
    }
}
