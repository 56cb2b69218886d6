package dev.cadflow.examples;

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
import dev.cadflow.workflow.OutputFormat;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** A Makistry whose jobs end as their prompts say: well, but for those that name a way to go wrong. */
final class FakeCad implements CadActivities {
    static final String IMPOSSIBLE = "an impossible part";
    static final String SLOW = "a slow part";

    final List<SubmitInput> submits = new CopyOnWriteArrayList<>();
    final List<ArchiveInput> archives = new CopyOnWriteArrayList<>();

    /** A slow job ends once somebody adopts it. */
    @Override
    public FindArchivedResult findArchived(FindArchivedInput input) {
        return FindArchivedResult.NOTHING;
    }

    @Override
    public SubmitResult submit(SubmitInput input) {
        submits.add(input);
        String adopted = input.request().jobId();
        if (adopted != null) {
            return new SubmitResult(adopted.replace("slow", "done"), plan(), 0);
        }
        String prompt = Objects.requireNonNull(input.request().prompt());
        String kind = prompt.equals(IMPOSSIBLE) ? "impossible" : prompt.equals(SLOW) ? "slow" : "done";
        return new SubmitResult(kind + "_" + submits.size(), plan(), 1);
    }

    @Override
    public PollResult poll(PollInput input) {
        if (input.jobId().startsWith("slow")) {
            return new PollResult("processing", null, 1);
        }
        boolean impossible = input.jobId().startsWith("impossible");
        return new PollResult(
                impossible ? "failed" : "success",
                job(input.jobId(), impossible ? "geometry_validation_failed" : null),
                1);
    }

    @Override
    public ArchiveResult archive(ArchiveInput input) {
        archives.add(input);
        URI uri = URI.create("file:///archive/" + input.archiveKey());
        CadFile file = new CadFile(uri, "ab".repeat(32), 1234, OutputFormat.STEP.mediaType(), OutputFormat.STEP, null);
        return new ArchiveResult(file, URI.create(uri + ".manifest.json"), 0);
    }

    private static WaitPlan plan() {
        Duration minute = Duration.ofMinutes(1);
        return new WaitPlan(false, minute, minute, Duration.ZERO, minute, Duration.ofMinutes(10));
    }

    private static JobFinished job(String jobId, @Nullable String errorCode) {
        return new JobFinished(
                jobId,
                errorCode == null ? "success" : "failed",
                "text_to_cad",
                "standard",
                "STEP",
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                errorCode,
                errorCode == null ? null : "no such part can be");
    }
}
