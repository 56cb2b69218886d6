package dev.cadflow.activity.impl;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import com.fasterxml.jackson.dataformat.csv.CsvParser;
import com.fasterxml.jackson.dataformat.csv.CsvSchema;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * CSV: a request in each record, its fields named by the header. An empty cell is a field that is not there. A column
 * {@code metadata.order} is the key {@code order} of the metadata.
 */
final class CsvFormat implements PartFormat {
    private static final String METADATA_COLUMN = "metadata.";

    /** How a cell becomes a field. */
    private enum Kind {
        TEXT,
        FLAG,
        WORDS,
        OBJECT
    }

    /** The columns, which are a part's name and the fields of a request. */
    private static final Map<String, Kind> COLUMNS = Map.ofEntries(
            Map.entry("name", Kind.TEXT),
            Map.entry("prompt", Kind.TEXT),
            Map.entry("images", Kind.WORDS),
            Map.entry("design_mode", Kind.TEXT),
            Map.entry("output_format", Kind.TEXT),
            Map.entry("metadata", Kind.OBJECT),
            Map.entry("deadline", Kind.TEXT),
            Map.entry("job_id", Kind.TEXT),
            Map.entry("archive_key", Kind.TEXT),
            Map.entry("expect", Kind.OBJECT),
            Map.entry("resubmit_on_expiry", Kind.FLAG),
            Map.entry("reuse", Kind.FLAG),
            Map.entry("idempotency_key", Kind.TEXT));

    private static final CsvMapper MAPPER = CsvMapper.csvBuilder()
            .enable(CsvParser.Feature.WRAP_AS_ARRAY)
            .enable(CsvParser.Feature.TRIM_SPACES)
            .build();

    private final List<String> header;
    private final ObjectReader reader;

    /**
     * A format of its header.
     *
     * @throws BrokenPart where the header names no column, one twice, or one that is not known
     */
    CsvFormat(byte[] headerRecord) throws BrokenPart {
        String text = utf8(headerRecord);
        // What spreadsheets write where the comma is the decimal sign.
        char separator = text.indexOf(';') >= 0 && text.indexOf(',') < 0 ? ';' : ',';
        reader = MAPPER.readerFor(new TypeReference<List<List<String>>>() {})
                .with(CsvSchema.emptySchema().withColumnSeparator(separator));
        header = cells(text);
        Set<String> seen = new HashSet<>();
        for (String column : header) {
            boolean known = COLUMNS.containsKey(column)
                    || (column.startsWith(METADATA_COLUMN) && column.length() > METADATA_COLUMN.length());
            if (!known || !seen.add(column)) {
                throw new BrokenPart("header: expected columns of "
                        + COLUMNS.keySet().stream().sorted().toList() + " or metadata.KEY, each once, found \""
                        + shorten(column) + "\"");
            }
        }
    }

    static Set<String> columns() {
        return COLUMNS.keySet();
    }

    @Override
    public ObjectNode read(byte[] record) throws BrokenPart {
        List<String> cells = cells(utf8(record));
        if (cells.size() > header.size()) {
            throw new BrokenPart("expected " + header.size() + " cells as in the header, found " + cells.size());
        }
        ObjectNode request = JsonNodeFactory.instance.objectNode();
        for (int i = 0; i < cells.size(); i++) {
            if (!cells.get(i).isEmpty()) {
                set(request, header.get(i), cells.get(i));
            }
        }
        return request;
    }

    private static void set(ObjectNode request, String column, String cell) throws BrokenPart {
        if (column.startsWith(METADATA_COLUMN)) {
            request.withObject("/metadata").put(column.substring(METADATA_COLUMN.length()), cell);
            return;
        }
        switch (COLUMNS.getOrDefault(column, Kind.TEXT)) {
            case TEXT -> request.put(column, cell);
            case FLAG -> {
                boolean flag = cell.equalsIgnoreCase("true");
                if (!flag && !cell.equalsIgnoreCase("false")) {
                    throw new BrokenPart(column + ": expected true or false, found \"" + shorten(cell) + "\"");
                }
                request.put(column, flag);
            }
            case WORDS -> {
                ArrayNode words = request.putArray(column);
                for (String word : cell.split("\\s+")) {
                    words.add(word);
                }
            }
            case OBJECT -> {
                ObjectNode object =
                        JsonLinesFormat.object(cell.getBytes(StandardCharsets.UTF_8), column + " as a JSON object");
                request.withObject("/" + column).setAll(object);
            }
        }
    }

    private List<String> cells(String record) throws BrokenPart {
        try {
            List<List<String>> records = reader.readValue(record);
            if (records.size() == 1) {
                return records.get(0);
            }
            throw new BrokenPart("expected one CSV record, found " + records.size());
        } catch (JsonProcessingException malformed) {
            throw new BrokenPart("expected a CSV record, found none: " + malformed.getOriginalMessage());
        }
    }

    private static String utf8(byte[] bytes) throws BrokenPart {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException other) {
            throw new BrokenPart("expected UTF-8, found another encoding");
        }
    }

    private static String shorten(String text) {
        return text.length() <= 80 ? text : text.substring(0, 80) + "…";
    }
}
