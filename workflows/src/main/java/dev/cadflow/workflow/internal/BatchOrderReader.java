package dev.cadflow.workflow.internal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cadflow.activity.BatchPart;
import dev.cadflow.workflow.CadBatchRequest;
import io.temporal.workflow.Workflow;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads the request of a batch and finds everything that is wrong with it at once. One reader reads one request. */
final class BatchOrderReader {
    /** Temporal's servers take 1000 bytes; the parts' own ids are longer by a name. */
    private static final int LONGEST_WORKFLOW_ID_BYTES = 800;

    private static final int LONGEST_URI = 2000;
    private static final Set<String> SCHEMES = Set.of("file", "https", "s3");
    private static final List<String> FIELDS = List.of("requests", "requests_uri", "at_once", "fail_fast", "metadata");

    private final RequestProblems problems = new RequestProblems();

    private BatchOrderReader() {}

    /**
     * The batch that the JSON describes.
     *
     * @param json the workflow's input; null where it was given none
     * @throws io.temporal.failure.ApplicationFailure of type {@code invalid_input}, with every problem found
     */
    static BatchOrder read(@Nullable JsonNode json) {
        BatchOrderReader reader = new BatchOrderReader();
        BatchOrder order = reader.order(json);
        reader.problems.throwIfAny();
        return order;
    }

    private BatchOrder order(@Nullable JsonNode json) {
        int idBytes = Workflow.getInfo().getWorkflowId().getBytes(StandardCharsets.UTF_8).length;
        if (idBytes > LONGEST_WORKFLOW_ID_BYTES) {
            problems.add("workflow id", "at most " + LONGEST_WORKFLOW_ID_BYTES + " bytes", idBytes + " bytes");
        }
        if (json == null || !json.isObject()) {
            problems.add("request", "a JSON object such as {\"requests_uri\": \"file:///orders/parts.csv\"}", json);
            return new BatchOrder(List.of(), null, 1, false, null, Map.of());
        }
        problems.addUnknownFields("", json, FIELDS);
        JsonNode requests = RequestProblems.field(json, "requests");
        JsonNode requestsUri = RequestProblems.field(json, "requests_uri");
        if ((requests == null) == (requestsUri == null)) {
            problems.add("requests", "either requests or requests_uri", requests == null ? "neither" : "both");
        }
        JsonNode metadata = RequestProblems.field(json, "metadata");
        return new BatchOrder(
                requests(requests),
                uri(requestsUri),
                atOnce(RequestProblems.field(json, "at_once")),
                problems.flag("fail_fast", RequestProblems.field(json, "fail_fast")),
                metadata,
                new MetadataReader(problems).readOrEmpty(metadata));
    }

    private List<BatchPart> requests(@Nullable JsonNode node) {
        if (node == null) {
            return List.of();
        }
        int most = CadBatchRequest.MOST_INLINE;
        if (!node.isArray() || node.isEmpty() || node.size() > most) {
            problems.add(
                    "requests",
                    "an array of 1 to " + most + " requests; more go into a file named by requests_uri",
                    node.isArray() ? node.size() + " requests" : node.toString());
            return List.of();
        }
        List<BatchPart> parts = new ArrayList<>();
        Set<String> keys = new HashSet<>();
        for (int i = 0; i < node.size(); i++) {
            part(i, node.get(i), keys, parts);
        }
        return parts;
    }

    private void part(int index, JsonNode node, Set<String> keys, List<BatchPart> parts) {
        String field = "requests[" + index + "]";
        if (!node.isObject()) {
            problems.add(field, "a JSON object such as {\"prompt\": \"A 40x20x10mm box\"}", node);
            return;
        }
        ObjectNode request = node.deepCopy();
        request.remove("name");
        String name = problems.text(field + ".name", RequestProblems.field(node, "name"));
        if (name != null && !CadBatchRequest.isPartName(name)) {
            problems.add(field + ".name", "1 to 100 letters, digits, '.', '_' or '-'", node.get("name"));
        }
        BatchPart part = BatchPart.of(index + 1, name, request);
        if (!keys.add(part.key())) {
            problems.add(field + ".name", "a name that no other part of the batch has, nor as its number", part.key());
        }
        parts.add(part);
    }

    private @Nullable String uri(@Nullable JsonNode node) {
        String text = problems.text("requests_uri", node);
        if (text == null) {
            return null;
        }
        try {
            URI uri = new URI(text);
            String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
            boolean credentials =
                    uri.getRawAuthority() != null && uri.getRawAuthority().contains("@");
            if (SCHEMES.contains(scheme) && text.length() <= LONGEST_URI && !credentials) {
                return text;
            }
        } catch (URISyntaxException e) {
            // Reported with the other ways to be wrong, and without the text, which may hold a password.
        }
        problems.add(
                "requests_uri",
                "a file:, https: or s3: URI without credentials, of at most " + LONGEST_URI + " characters",
                "another text");
        return null;
    }

    private int atOnce(@Nullable JsonNode node) {
        if (node == null) {
            return CadBatchRequest.DEFAULT_AT_ONCE;
        }
        int most = CadBatchRequest.MOST_AT_ONCE;
        if (!node.isIntegralNumber() || !node.canConvertToInt() || node.intValue() < 1 || node.intValue() > most) {
            problems.add("at_once", "a whole number from 1 to " + most, node);
            return 1;
        }
        return node.intValue();
    }
}
