package dev.cadflow.sandbox;

import dev.cadflow.sandbox.part.BoxWithHole;
import dev.cadflow.sandbox.part.OutputFormat;
import dev.cadflow.sandbox.part.PartFile;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Makes files when they are asked for and keeps the latest: the same part is written and hashed once. */
final class StoredFiles {

    private static final int MOST_KEPT = 64;

    private final Map<Key, Lazy> kept = new LinkedHashMap<>(MOST_KEPT, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, Lazy> eldest) {
            return size() > MOST_KEPT;
        }
    };

    private record Key(BoxWithHole part, OutputFormat format, long fileBytes) {}

    /** A file that is written by the first who asks; others who want the same one wait for it, nobody else does. */
    private static final class Lazy {

        private final Key key;
        private @Nullable StoredFile file;

        private Lazy(Key key) {
            this.key = key;
        }

        private synchronized StoredFile get() {
            if (file == null) {
                file = StoredFile.of(
                        PartFile.write(key.part, key.format, key.fileBytes).content());
            }
            return file;
        }
    }

    /** The file of a job. A large one takes some seconds the first time, because it is hashed as a whole. */
    StoredFile of(Job job) {
        Key key = new Key(job.part(), job.request().outputFormat(), job.fileBytes());
        Lazy lazy;
        synchronized (kept) {
            lazy = kept.computeIfAbsent(key, Lazy::new);
        }
        return lazy.get();
    }
}
