package dev.cadflow.activity.impl;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.Locale;

/** JSON Lines: a request in each line. */
final class JsonLinesFormat implements PartFormat {
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    @Override
    public ObjectNode read(byte[] record) throws BrokenPart {
        return object(record, "a JSON object in one line such as {\"prompt\": \"A 40x20x10mm box\"}");
    }

    static ObjectNode object(byte[] json, String expected) throws BrokenPart {
        try {
            JsonNode node = MAPPER.readTree(json);
            if (node instanceof ObjectNode object) {
                return object;
            }
            throw new BrokenPart("expected " + expected + ", found "
                    + node.getNodeType().name().toLowerCase(Locale.ROOT));
        } catch (JsonProcessingException malformed) {
            throw new BrokenPart("expected " + expected + ", found none: " + malformed.getOriginalMessage());
        } catch (IOException notUtf8) {
            throw new BrokenPart("expected " + expected + ", found none: " + notUtf8.getMessage());
        }
    }
}
