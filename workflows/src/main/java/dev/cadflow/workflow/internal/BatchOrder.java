package dev.cadflow.workflow.internal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cadflow.activity.BatchPage;
import dev.cadflow.activity.BatchPart;
import dev.cadflow.activity.PreparedBatch;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A batch as its workflow works on it.
 *
 * @param listed the parts of the request itself; empty where a file lists them
 * @param requestsUri the file that lists them; null where the request does
 * @param atOnce how many parts may be in work at once
 * @param failFast whether the first failure ends the batch
 * @param metadataJson for every part; null for none
 * @param metadata the same, as the result echoes it
 */
record BatchOrder(
        List<BatchPart> listed,
        @Nullable String requestsUri,
        int atOnce,
        boolean failFast,
        @Nullable JsonNode metadataJson,
        Map<String, Object> metadata) {

    /** How the parts of the request itself lie on pages. */
    PreparedBatch listedPages() {
        return new PreparedBatch(listed.size(), (listed.size() + BatchPage.MOST_PARTS - 1) / BatchPage.MOST_PARTS);
    }

    /** A page of the parts of the request itself. */
    List<BatchPart> listedPage(int page) {
        int from = page * BatchPage.MOST_PARTS;
        return listed.subList(from, Math.min(listed.size(), from + BatchPage.MOST_PARTS));
    }

    /**
     * A part's request with what the batch adds, of which the part's own wins: metadata, and a key by which a batch that is
     * reset buys nothing twice, though it makes again what had failed.
     *
     * @param origin the batch's run that stands for all of them, also after a reset
     */
    JsonNode complete(BatchPart part, JsonNode request, String origin) {
        ObjectNode complete = request.deepCopy();
        if (!complete.hasNonNull("idempotency_key")) {
            complete.put("idempotency_key", origin + "/" + part.number());
        }
        JsonNode own = complete.path("metadata");
        boolean mergeable = own.isObject() || own.isNull() || own.isMissingNode();
        if (metadataJson != null && mergeable) {
            ObjectNode merged = metadataJson.deepCopy();
            own.properties().forEach(entry -> merged.set(entry.getKey(), entry.getValue()));
            complete.set("metadata", merged);
        }
        return complete;
    }
}
