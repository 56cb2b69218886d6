package dev.cadflow.sandbox;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.jetty.http.MultiPart;
import org.eclipse.jetty.io.Content;
import org.jspecify.annotations.Nullable;

/**
 * Reads {@code multipart/form-data} as it comes in. Of an image only the beginning is kept and the rest counted, so that
 * many large uploads at once take no memory.
 */
final class MultipartReader implements MultiPart.Parser.Listener {

    private static final Pattern FORM_DATA =
            Pattern.compile("multipart/form-data\\s*;.*", Pattern.CASE_INSENSITIVE | Pattern.DOTALL);
    private static final Pattern NAME = Pattern.compile("(?:^|;)\\s*name=(?:\"([^\"]*)\"|([^;\\s]+))");
    private static final int LARGEST_FIELD_BYTES = 1 << 20;
    private static final int MOST_PARTS = 32;
    private static final int MOST_HEADER_BYTES = 8 * 1024;

    private final MultiPart.Parser parser;
    private final ObjectNode fields = Json.object();
    private final List<SubmitForm.Image> images = new ArrayList<>();
    private final ByteArrayOutputStream kept = new ByteArrayOutputStream();
    private String name = "";
    private @Nullable String contentType;
    private long sizeBytes;
    private boolean complete;
    private @Nullable String problem;

    private MultipartReader(String boundary) {
        parser = new MultiPart.Parser(boundary, this);
        parser.setMaxParts(MOST_PARTS);
        parser.setPartHeadersMaxLength(MOST_HEADER_BYTES);
    }

    /** A reader for a content type, or null where it is not a form with a boundary. */
    static @Nullable MultipartReader of(String contentType) {
        String boundary = FORM_DATA.matcher(contentType).matches() ? MultiPart.extractBoundary(contentType) : null;
        return boundary == null || boundary.isEmpty() ? null : new MultipartReader(boundary);
    }

    void accept(byte[] buffer, int length, boolean last) {
        if (problem != null || complete) {
            return;
        }
        Content.Chunk chunk = Content.Chunk.from(ByteBuffer.wrap(buffer, 0, length), last);
        try {
            parser.parse(chunk);
        } finally {
            chunk.release();
        }
    }

    ObjectNode fields() {
        return fields;
    }

    List<SubmitForm.Image> images() {
        return images;
    }

    /** What is wrong with the form; null where it was read whole. */
    @Nullable String problem() {
        return problem != null || complete ? problem : "body: expected a whole multipart form, found it broken off";
    }

    @Override
    public void onPartBegin() {
        name = "";
        contentType = null;
        sizeBytes = 0;
        kept.reset();
    }

    @Override
    public void onPartHeader(String header, String value) {
        switch (header.toLowerCase(Locale.ROOT)) {
            case "content-type" -> contentType = value;
            case "content-disposition" -> {
                Matcher matcher = NAME.matcher(value);
                if (matcher.find()) {
                    name = matcher.group(1) == null ? matcher.group(2) : matcher.group(1);
                }
            }
            default -> {
                // Nothing else in a part's head means anything here.
            }
        }
    }

    @Override
    public void onPartContent(Content.Chunk chunk) {
        ByteBuffer bytes = chunk.getByteBuffer();
        sizeBytes += bytes.remaining();
        int most = name.equals("image") ? ImageType.HEAD_BYTES : LARGEST_FIELD_BYTES;
        int keep = Math.min(bytes.remaining(), most - kept.size());
        byte[] copy = new byte[keep];
        bytes.get(copy);
        kept.writeBytes(copy);
    }

    @Override
    public void onPartEnd() {
        if (name.equals("image")) {
            images.add(new SubmitForm.Image(contentType, kept.toByteArray(), sizeBytes));
        } else if (sizeBytes > LARGEST_FIELD_BYTES) {
            problem = name + ": expected at most " + LARGEST_FIELD_BYTES + " bytes, found " + sizeBytes;
        } else {
            fields.put(name, kept.toString(StandardCharsets.UTF_8));
        }
    }

    @Override
    public void onComplete() {
        complete = true;
    }

    @Override
    public void onFailure(Throwable failure) {
        problem = "body: expected a multipart form, found " + failure.getMessage();
    }
}
