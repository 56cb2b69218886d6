package dev.cadflow.workflow;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.cadflow.activity.BatchPart;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/** The main stories of a batch. What is recorded is the history of its last run. */
enum BatchStory {
    /** Three parts, two at once; one is refused. */
    FEW {
        @Override
        CadBatchRequest request(InMemoryBatches batches) {
            return CadBatchRequest.of(List.of(
                            CadRequest.of("A box"), CadRequest.of(PartActivities.REFUSED), CadRequest.of("A cover")))
                    .withAtOnce(2);
        }
    },
    /** A file of so many parts that the batch continues as new. */
    CONTINUED {
        @Override
        CadBatchRequest request(InMemoryBatches batches) {
            batches.list(IntStream.rangeClosed(1, 405)
                    .mapToObj(number -> BatchPart.of(number, null, BOX))
                    .toList());
            return CadBatchRequest.ofFile(InMemoryBatches.FILE).withAtOnce(50);
        }
    },
    /** A batch whose one part does not end, cancelled. */
    CANCELLED {
        @Override
        CadBatchRequest request(InMemoryBatches batches) {
            return CadBatchRequest.of(List.of(CadRequest.of("A box"), CadRequest.of(PartActivities.ENDLESS)));
        }

        @Override
        boolean isCancelled() {
            return true;
        }
    };

    private static final JsonNode BOX = JsonNodeFactory.instance.objectNode().put("prompt", "A box");

    /** What the batch is started with, once its file lists what it should. */
    abstract CadBatchRequest request(InMemoryBatches batches);

    /** Whether it is cancelled once its first part is done. */
    boolean isCancelled() {
        return false;
    }

    String fileName() {
        return "batch-" + name().toLowerCase(Locale.ROOT) + ".json";
    }
}
