package dev.cadflow.sandbox;

import dev.cadflow.sandbox.part.BoxWithHole;
import dev.cadflow.sandbox.part.OutputFormat;
import dev.cadflow.sandbox.part.PartFile;
import java.util.LinkedHashMap;
import java.util.Map;

/** Makes files when they are asked for and keeps the latest: the same part is written and hashed once. */
final class StoredFiles {

    private static final int MOST_KEPT = 64;

    private final Map<Key, StoredFile> kept = new LinkedHashMap<>(MOST_KEPT, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, StoredFile> eldest) {
            return size() > MOST_KEPT;
        }
    };

    private record Key(BoxWithHole part, OutputFormat format, long fileBytes) {}

    /** The file of a job. A large one takes some seconds the first time, in which others wait: it is hashed as a whole. */
    synchronized StoredFile of(Job job) {
        Key key = new Key(job.part(), job.request().outputFormat(), job.fileBytes());
        return kept.computeIfAbsent(
                key,
                wanted -> StoredFile.of(PartFile.write(wanted.part, wanted.format, wanted.fileBytes)
                        .content()));
    }
}
