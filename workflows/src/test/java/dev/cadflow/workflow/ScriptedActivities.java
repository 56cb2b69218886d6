package dev.cadflow.workflow;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.cadflow.activity.ArchiveInput;
import dev.cadflow.activity.ArchiveResult;
import dev.cadflow.activity.CadActivities;
import dev.cadflow.activity.FindArchivedInput;
import dev.cadflow.activity.FindArchivedResult;
import dev.cadflow.activity.PollInput;
import dev.cadflow.activity.PollResult;
import dev.cadflow.activity.SubmitInput;
import dev.cadflow.activity.SubmitResult;
import dev.cadflow.activity.WaitPlan;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Activities that do what a test tells them and remember what they were asked. */
final class ScriptedActivities implements CadActivities {
    static final String JOB = "pub_a1b2c3d4e5f6";

    /** The defaults of a standard job with a callback. */
    static final WaitPlan WITH_CALLBACK = new WaitPlan(
            true,
            Duration.ofMinutes(2),
            Duration.ofSeconds(60),
            Duration.ZERO,
            Duration.ofSeconds(60),
            Duration.ofMinutes(10));

    /** The defaults of a standard job without one. */
    static final WaitPlan POLL_ONLY = new WaitPlan(
            false,
            Duration.ofSeconds(5),
            Duration.ofSeconds(5),
            Duration.ofSeconds(30),
            Duration.ofSeconds(15),
            Duration.ofMinutes(10));

    /** What an archive may have of an identical earlier request. */
    static final FindArchivedResult.Earlier EARLIER = new FindArchivedResult.Earlier(
            "pub_earlier00001",
            new CadFile(
                    URI.create("file:///archive/earlier.step"),
                    "cd".repeat(32),
                    99,
                    "application/step",
                    OutputFormat.STEP,
                    null),
            URI.create("file:///archive/earlier.step.manifest.json"),
            null,
            8420L,
            74300L);

    final List<FindArchivedInput> finds = new CopyOnWriteArrayList<>();
    final List<SubmitInput> submits = new CopyOnWriteArrayList<>();
    final List<Instant> polls = new CopyOnWriteArrayList<>();
    final List<ArchiveInput> archives = new CopyOnWriteArrayList<>();

    volatile Instant submitted = Instant.EPOCH;

    private final Supplier<Instant> clock;
    private volatile FindArchivedResult found = FindArchivedResult.NOTHING;
    private volatile Function<SubmitInput, SubmitResult> onSubmit = input -> new SubmitResult(JOB, WITH_CALLBACK, 1);
    private volatile Function<Integer, PollResult> onPoll = number -> new PollResult("processing", null, 1);
    private volatile Function<ArchiveInput, ArchiveResult> onArchive = ScriptedActivities::archived;

    ScriptedActivities(Supplier<Instant> clock) {
        this.clock = clock;
    }

    ScriptedActivities havingArchived(FindArchivedResult.Earlier earlier) {
        found = new FindArchivedResult(earlier);
        return this;
    }

    ScriptedActivities whenSubmitted(Function<SubmitInput, SubmitResult> answer) {
        onSubmit = answer;
        return this;
    }

    ScriptedActivities waitingBy(WaitPlan plan) {
        return whenSubmitted(input -> new SubmitResult(JOB, plan, 1));
    }

    /** The function gets the number of the poll, from 1. */
    ScriptedActivities whenPolled(Function<Integer, PollResult> answer) {
        onPoll = answer;
        return this;
    }

    ScriptedActivities whenArchived(Function<ArchiveInput, ArchiveResult> answer) {
        onArchive = answer;
        return this;
    }

    @Override
    public FindArchivedResult findArchived(FindArchivedInput input) {
        finds.add(input);
        return found;
    }

    @Override
    public SubmitResult submit(SubmitInput input) {
        submits.add(input);
        submitted = clock.get();
        return onSubmit.apply(input);
    }

    @Override
    public PollResult poll(PollInput input) {
        polls.add(clock.get());
        return onPoll.apply(polls.size());
    }

    @Override
    public ArchiveResult archive(ArchiveInput input) {
        archives.add(input);
        return onArchive.apply(input);
    }

    static ArchiveResult archived(ArchiveInput input) {
        URI uri = Path.of("/archive", input.archiveKey()).toUri();
        CadFile file =
                new CadFile(uri, "ab".repeat(32), 1234, input.outputFormat().mediaType(), input.outputFormat(), null);
        return new ArchiveResult(file, URI.create(uri + ".manifest.json"), 0);
    }

    static JobFinished succeeded(String jobId) {
        return finished(jobId, "success", "sealed:v1:AAAA", null, null);
    }

    static JobFinished expiring(String jobId, Instant expiry) {
        return finished(jobId, "success", "sealed:v1:AAAA", expiry.toString(), null, null);
    }

    static JobFinished failed(String jobId, String errorCode, String message) {
        return finished(jobId, "failed", null, errorCode, message);
    }

    static JobFinished finished(
            String jobId, String status, @Nullable String url, @Nullable String errorCode, @Nullable String message) {
        return finished(jobId, status, url, null, errorCode, message);
    }

    private static JobFinished finished(
            String jobId,
            String status,
            @Nullable String url,
            @Nullable String expiresAt,
            @Nullable String errorCode,
            @Nullable String message) {
        return new JobFinished(
                jobId,
                status,
                "text_to_cad",
                "standard",
                "STEP",
                null,
                null,
                url,
                expiresAt,
                JsonNodeFactory.instance.objectNode().put("project_name", "Box"),
                8420L,
                74300L,
                errorCode,
                message);
    }
}
