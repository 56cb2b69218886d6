package dev.cadflow.makistry;

import dev.cadflow.workflow.FailureType;
import java.util.HashSet;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Pages asked for one by one, and never for ever. */
final class JobPages implements Iterator<JobPage> {
    private final Function<@Nullable String, JobPage> request;
    private final int most;
    private final Set<String> seen = new HashSet<>();
    private @Nullable String cursor;
    private int asked;
    private boolean done;

    JobPages(int most, Function<@Nullable String, JobPage> request) {
        this.most = most;
        this.request = request;
    }

    @Override
    public boolean hasNext() {
        return !done;
    }

    @Override
    public JobPage next() {
        if (done) {
            throw new NoSuchElementException();
        }
        JobPage page = request.apply(cursor);
        asked++;
        cursor = page.nextCursor().orElse(null);
        done = cursor == null || asked >= most;
        if (cursor != null && !seen.add(cursor)) {
            done = true;
            throw MakistryException.builder(
                            FailureType.SERVICE_UNAVAILABLE,
                            "Makistry's list of jobs goes round in circles: after " + asked
                                    + " pages it named a cursor for the second time")
                    .requestSent(true)
                    .build();
        }
        return page;
    }
}
