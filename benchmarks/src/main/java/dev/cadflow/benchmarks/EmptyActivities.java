package dev.cadflow.benchmarks;

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
import dev.cadflow.workflow.CadFile;
import dev.cadflow.workflow.JobFinished;
import java.net.URI;
import java.time.Duration;
import java.util.function.Consumer;

/** Activities that do nothing, so that what is measured is Temporal and the workflow. */
final class EmptyActivities implements CadActivities {
    /** As a worker with a webhook receiver plans, but for polls and a deadline that no benchmark waits for. */
    static final WaitPlan BY_WEBHOOK = plan(true, Duration.ofHours(20));

    /** Every job is done at its first poll, two seconds after its submit. */
    static final WaitPlan BY_POLL = plan(false, Duration.ofSeconds(2));

    private final WaitPlan plan;
    private final Consumer<SubmitInput> submitted;

    /**
     * Activities whose jobs are waited for so.
     *
     * @param submitted told of each submit, before its activity ends
     */
    EmptyActivities(WaitPlan plan, Consumer<SubmitInput> submitted) {
        this.plan = plan;
        this.submitted = submitted;
    }

    static String jobId(String workflowId) {
        return "pub_" + Integer.toHexString(workflowId.hashCode());
    }

    /** What a webhook says of that workflow's job, in the vendor's size. */
    static JobFinished finished(String jobId) {
        return new JobFinished(
                jobId,
                "success",
                "text_to_cad",
                "standard",
                "STEP",
                "2026-11-21T10:00:00.000000+00:00",
                "2026-11-21T10:01:14.300000+00:00",
                JobFinished.SEALED_PREFIX + "v1:" + "A".repeat(600),
                "2026-12-21T10:00:00.000000+00:00",
                null,
                8420L,
                74300L,
                null,
                null);
    }

    @Override
    public FindArchivedResult findArchived(FindArchivedInput input) {
        return FindArchivedResult.NOTHING;
    }

    @Override
    public SubmitResult submit(SubmitInput input) {
        submitted.accept(input);
        return new SubmitResult(jobId(input.workflowId()), plan, 1);
    }

    @Override
    public PollResult poll(PollInput input) {
        return new PollResult("success", finished(input.jobId()), 1);
    }

    @Override
    public ArchiveResult archive(ArchiveInput input) {
        URI uri = URI.create("file:///archive/" + input.archiveKey());
        return new ArchiveResult(
                new CadFile(uri, "ab".repeat(32), 1234, input.outputFormat().mediaType(), input.outputFormat(), null),
                URI.create(uri + ".manifest.json"),
                0);
    }

    private static WaitPlan plan(boolean callback, Duration firstPoll) {
        return new WaitPlan(
                callback, firstPoll, Duration.ofMinutes(1), Duration.ZERO, Duration.ofMinutes(1), Duration.ofHours(23));
    }
}
