package dev.cadflow.workflow;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.cadflow.activity.BatchPart;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/** The main stories of a batch. */
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
    /** A file of so many parts that the batch continues as new; most cannot be read, which keeps its history short. */
    CONTINUED {
        @Override
        CadBatchRequest request(InMemoryBatches batches) {
            batches.list(IntStream.rangeClosed(1, 405)
                    .mapToObj(number -> number % 80 == 1
                            ? BatchPart.of(number, null, BOX)
                            : BatchPart.broken(number, null, "expected a JSON object"))
                    .toList());
            return CadBatchRequest.ofFile(InMemoryBatches.FILE);
        }

        @Override
        int runs() {
            return 2;
        }
    },
    /** The second of four parts is refused, and ends the batch. */
    FAILED_FAST {
        @Override
        CadBatchRequest request(InMemoryBatches batches) {
            return CadBatchRequest.of(List.of(
                            CadRequest.of("A box"),
                            CadRequest.of(PartActivities.REFUSED),
                            CadRequest.of("A cover"),
                            CadRequest.of("A lid")))
                    .withAtOnce(2)
                    .failingFast();
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

    /** How many runs it takes. */
    int runs() {
        return 1;
    }

    /** Where the history of each run goes, in their order. */
    List<String> fileNames() {
        String story = "batch-" + name().toLowerCase(Locale.ROOT).replace('_', '-');
        return IntStream.rangeClosed(1, runs())
                .mapToObj(run -> story + (run == runs() ? "" : "-" + run) + ".json")
                .toList();
    }
}
