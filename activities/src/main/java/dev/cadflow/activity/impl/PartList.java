package dev.cadflow.activity.impl;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cadflow.activity.BatchPart;
import dev.cadflow.activity.impl.PartFormat.BrokenPart;
import dev.cadflow.workflow.CadBatchRequest;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * The parts of a JSON Lines or CSV file, one by one. Which of the two it is, its first character says. One use, one
 * thread.
 */
final class PartList {
    private final PartRecords records;
    private final PartFormat format;
    private final Set<String> keys = new HashSet<>();

    /**
     * Opens a list.
     *
     * @param in not closed
     * @throws BrokenPart where a CSV file has no usable header
     */
    PartList(InputStream in) throws IOException, BrokenPart {
        records = new PartRecords(in);
        if (records.beginsWithJson()) {
            format = new JsonLinesFormat();
        } else {
            records.keepQuotedLineBreaks();
            Optional<PartRecords.Line> header = records.next();
            format = header.isEmpty()
                    ? new JsonLinesFormat()
                    : new CsvFormat(header.get().bytes());
        }
    }

    /** The next part, which may be a broken one; empty at the end. */
    Optional<BatchPart> next() throws IOException {
        Optional<PartRecords.Line> record = records.next();
        return record.map(this::part);
    }

    private BatchPart part(PartRecords.Line record) {
        int number = record.line();
        if (record.tooLong()) {
            return BatchPart.broken(
                    number, null, "expected at most " + PartRecords.LONGEST_BYTES + " bytes for a part, found more");
        }
        try {
            ObjectNode request = format.read(record.bytes());
            JsonNode name = request.remove("name");
            boolean named = name != null && !name.isNull();
            if (named && !(name.isTextual() && CadBatchRequest.isPartName(name.textValue()))) {
                return BatchPart.broken(number, null, "name: expected 1 to 100 letters, digits, '.', '_' or '-'");
            }
            BatchPart part = BatchPart.of(number, named ? name.textValue() : null, request);
            if (keys.add(part.key())) {
                return part;
            }
            return BatchPart.broken(
                    number,
                    part.name(),
                    "name: expected one that no other part of the batch has, nor as its line, found \"" + part.key()
                            + "\" again");
        } catch (BrokenPart broken) {
            return BatchPart.broken(number, null, String.valueOf(broken.getMessage()));
        }
    }
}
