package dev.cadflow.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cadflow.sandbox.part.OutputFormat;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The fields of a submit as they came, from JSON or multipart alike, before anything is known to be right.
 *
 * @param fields as the JSON of text-to-cad names them; fields that are unknown are ignored
 * @param images what is known of each image; empty for text-to-cad
 * @param broken why the body could not be read; null where it could
 */
record SubmitForm(
        Endpoint endpoint,
        ObjectNode fields,
        List<Image> images,
        @Nullable Refusal broken) {

    static final long LARGEST_IMAGE_BYTES = 10L << 20;
    static final int MOST_IMAGES = 3;
    private static final int LONGEST_PROMPT = 5000;
    private static final int LONGEST_CALLBACK = 2048;

    /** An image of which only the beginning was kept. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Image(@Nullable String contentType, byte[] head, long sizeBytes) {}

    /** What faults may match on, whatever else is wrong. */
    FaultMatch.Subject subject() {
        JsonNode prompt = fields.path("prompt");
        return new FaultMatch.Subject(null, prompt.isTextual() ? prompt.asText() : null, fields.get("metadata"));
    }

    /** Checks every rule of the API. */
    SubmitRequest validate() throws Refusal {
        if (broken != null) {
            throw broken;
        }
        if (endpoint == Endpoint.IMAGE_TO_CAD) {
            validateImages();
        }
        return new SubmitRequest(endpoint, prompt(), designMode(), outputFormat(), callbackUrl(), metadata());
    }

    private @Nullable String prompt() throws Refusal {
        String prompt = text("prompt");
        if (prompt == null && endpoint == Endpoint.IMAGE_TO_CAD) {
            return null;
        }
        int length = prompt == null ? 0 : prompt.codePointCount(0, prompt.length());
        if (length > LONGEST_PROMPT || (endpoint == Endpoint.TEXT_TO_CAD && (prompt == null || prompt.isBlank()))) {
            throw Refusal.invalidInput("prompt: expected 1 to " + LONGEST_PROMPT + " characters, found "
                    + (length > 0 && length <= LONGEST_PROMPT ? "only blanks" : length));
        }
        return prompt;
    }

    private DesignMode designMode() throws Refusal {
        String name = text("design_mode");
        String allowed = endpoint == Endpoint.TEXT_TO_CAD ? "standard, pro or assembly" : "standard or assembly";
        DesignMode mode = name == null
                ? DesignMode.STANDARD
                : DesignMode.of(name).orElseThrow(() -> notAllowed("design_mode", allowed, name));
        if (mode == DesignMode.PRO && endpoint == Endpoint.IMAGE_TO_CAD) {
            throw notAllowed("design_mode", allowed + " for image-to-cad", mode.wireName());
        }
        return mode;
    }

    private OutputFormat outputFormat() throws Refusal {
        String name = text("output_format");
        return name == null
                ? OutputFormat.STEP
                : OutputFormat.of(name).orElseThrow(() -> notAllowed("output_format", "STEP, STL, GLB or 3MF", name));
    }

    private @Nullable URI callbackUrl() throws Refusal {
        String text = text("callback_url");
        if (text == null) {
            return null;
        }
        try {
            URI uri = new URI(text);
            String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
            boolean secure = scheme.equals("https") || (scheme.equals("http") && isLoopback(uri.getHost()));
            if (secure && uri.getHost() != null && text.length() <= LONGEST_CALLBACK) {
                return uri;
            }
        } catch (URISyntaxException e) {
            // Not a URL at all: refused below in the same words.
        }
        throw notAllowed("callback_url", "an HTTPS URL of at most " + LONGEST_CALLBACK + " characters", text);
    }

    private static boolean isLoopback(@Nullable String host) {
        // By its name alone: a lookup here would let a client make the sandbox ask name servers.
        return host != null
                && (host.equalsIgnoreCase("localhost")
                        || host.equals("[::1]")
                        || host.matches("127\\.\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}"));
    }

    private ObjectNode metadata() throws Refusal {
        JsonNode metadata = fields.path("metadata");
        if (metadata.isMissingNode() || metadata.isNull()) {
            return Json.object();
        }
        if (metadata instanceof ObjectNode object) {
            return object;
        }
        throw notAllowed("metadata", "a JSON object", metadata.getNodeType().toString());
    }

    private void validateImages() throws Refusal {
        if (images.isEmpty() || images.size() > MOST_IMAGES) {
            throw Refusal.invalidInput("image: expected 1 to " + MOST_IMAGES + " files, found " + images.size());
        }
        for (int i = 0; i < images.size(); i++) {
            Image image = images.get(i);
            String name = "image " + (i + 1);
            if (image.sizeBytes > LARGEST_IMAGE_BYTES) {
                throw Refusal.invalidInput(
                        name + ": expected at most " + LARGEST_IMAGE_BYTES + " bytes, found " + image.sizeBytes);
            }
            ImageType declared = ImageType.ofMediaType(image.contentType)
                    .orElseThrow(() -> notAnImage(name, "image/png, image/jpeg, image/webp or image/gif"));
            if (ImageType.ofContent(image.head).filter(declared::equals).isEmpty()) {
                throw notAnImage(name, "the content of " + declared.mediaType());
            }
        }
    }

    private @Nullable String text(String name) throws Refusal {
        JsonNode value = fields.path(name);
        if (value.isMissingNode() || value.isNull()) {
            return null;
        }
        if (!value.isTextual()) {
            throw notAllowed(name, "a string", value.getNodeType().toString());
        }
        return value.asText();
    }

    private static Refusal notAnImage(String name, String expected) {
        return new Refusal(422, "image_parse_failed", name + ": expected " + expected + ", found something else");
    }

    private static Refusal notAllowed(String name, String expected, String found) {
        String shown = found.length() <= 100 ? found : found.substring(0, 100) + "…";
        return Refusal.invalidInput(name + ": expected " + expected + ", found " + shown);
    }
}
