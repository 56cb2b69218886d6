package dev.cadflow.archive;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * JSON of which there is one text for each value: names in order of their UTF-16 code units, no white space, numbers
 * as plain decimals without trailing zeros, times as ISO 8601, UTF-8 with U+FFFD for half a character. A manifest is written and signed so.
 */
final class CanonicalJson {
    /** Beyond any double; a plain text of a larger exponent would be as long as its writer likes. */
    private static final int LARGEST_SCALE = 400;

    private static final int REPLACEMENT = 0xFFFD;

    private static final ObjectMapper MAPPER = JsonMapper.builder()
            .addModule(new JavaTimeModule())
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(JsonGenerator.Feature.WRITE_BIGDECIMAL_AS_PLAIN)
            .enable(JsonGenerator.Feature.COMBINE_UNICODE_SURROGATES_IN_UTF8)
            .nodeFactory(JsonNodeFactory.withExactBigDecimals(true))
            .build();

    private CanonicalJson() {}

    /** The one text of that value. */
    static byte[] write(Object value) {
        try {
            return MAPPER.writeValueAsBytes(canonical(MAPPER.valueToTree(value)));
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException("A tree of JSON can always be written", impossible);
        }
    }

    /**
     * Reads any JSON, canonical or not.
     *
     * @throws IOException where it is not JSON or not of that type, or names a member twice
     */
    static <T> T read(byte[] json, Class<T> type) throws IOException {
        @Nullable T value;
        try {
            value = MAPPER.readValue(json, type);
        } catch (JsonProcessingException malformed) {
            // In one line, without the place in the bytes.
            throw new IOException(malformed.getOriginalMessage(), malformed);
        }
        if (value == null) {
            throw new IOException("expected " + type.getSimpleName() + ", found null");
        }
        return value;
    }

    /**
     * The one text of all that an object has but that member, known to this version or not.
     *
     * @throws IOException where it is no object, or names a member twice
     */
    static byte[] without(String member, byte[] json) throws IOException {
        return write(read(json, ObjectNode.class).without(member));
    }

    private static JsonNode canonical(JsonNode node) {
        if (node.isObject()) {
            TreeMap<String, JsonNode> sorted = new TreeMap<>();
            node.properties().forEach(field -> sorted.put(unicode(field.getKey()), canonical(field.getValue())));
            ObjectNode object = JsonNodeFactory.instance.objectNode();
            object.setAll(sorted);
            return object;
        }
        if (node.isArray()) {
            ArrayNode array = JsonNodeFactory.instance.arrayNode();
            node.forEach(element -> array.add(canonical(element)));
            return array;
        }
        if (node.isTextual()) {
            return TextNode.valueOf(unicode(node.textValue()));
        }
        return node.isFloatingPointNumber() ? canonicalNumber(node) : node;
    }

    /** JSON can name half a character, such as that of a text which was cut; UTF-8 cannot. */
    private static String unicode(String text) {
        boolean isWhole = text.codePoints().noneMatch(CanonicalJson::isHalf);
        return isWhole
                ? text
                : text.codePoints()
                        .map(point -> isHalf(point) ? REPLACEMENT : point)
                        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                        .toString();
    }

    private static boolean isHalf(int codePoint) {
        return codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE;
    }

    private static JsonNode canonicalNumber(JsonNode number) {
        if (number.isDouble() && !Double.isFinite(number.doubleValue())) {
            return TextNode.valueOf(number.asText());
        }
        BigDecimal exact = number.decimalValue().stripTrailingZeros();
        if (Math.abs((long) exact.scale()) > LARGEST_SCALE) {
            return TextNode.valueOf(exact.toString());
        }
        return DecimalNode.valueOf(exact.scale() < 0 ? exact.setScale(0) : exact);
    }
}
