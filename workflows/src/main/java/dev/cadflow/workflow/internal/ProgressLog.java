package dev.cadflow.workflow.internal;

import dev.cadflow.workflow.CadFailure;
import dev.cadflow.workflow.CadProgress;
import dev.cadflow.workflow.CadProgress.Stage;
import dev.cadflow.workflow.CadRequest;
import dev.cadflow.workflow.CadResult;
import dev.cadflow.workflow.CadSearchAttributes;
import dev.cadflow.workflow.DesignMode;
import dev.cadflow.workflow.OutputFormat;
import io.temporal.common.SearchAttributeUpdate;
import io.temporal.workflow.Workflow;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What the workflow does now, told to the query {@code progress} and, as Markdown, to the details page of the Web UI.
 * Not thread-safe: it belongs to one workflow.
 */
final class ProgressLog {
    private Stage stage = Stage.SUBMITTING;
    private Instant since = now();
    private @Nullable String jobId;
    private @Nullable String jobStatus;
    private boolean callbackRegistered;
    private @Nullable Instant nextPollAt;
    private @Nullable Instant deadlineAt;
    private int polls;
    private int makistryRequests;
    private boolean indexed;

    static Instant now() {
        return Instant.ofEpochMilli(Workflow.currentTimeMillis());
    }

    CadProgress snapshot(FinishedJobs signals) {
        return new CadProgress(
                stage,
                since,
                jobId,
                jobStatus,
                callbackRegistered,
                nextPollAt,
                deadlineAt,
                polls,
                signals.ignored(jobId),
                makistryRequests);
    }

    @Nullable String jobId() {
        return jobId;
    }

    int makistryRequests() {
        return makistryRequests;
    }

    void spent(int requests) {
        makistryRequests += requests;
    }

    void looking() {
        enter(Stage.SUBMITTING);
        tell("**Looking in the archive** since " + seconds(since), "For the file of an identical earlier request.");
    }

    void found(String job) {
        jobId = job;
    }

    void submitting(String what) {
        enter(Stage.SUBMITTING);
        tell("**Submitting to Makistry** since " + seconds(since), what);
    }

    void waiting(String job, boolean callback, Instant deadline) {
        enter(Stage.WAITING);
        jobId = job;
        callbackRegistered = callback;
        deadlineAt = deadline;
    }

    /** From now on the stage, and at once what is known of the job, go into the search attributes. */
    void index(CadRequest request) {
        indexed = true;
        DesignMode mode = request.knownDesignMode();
        OutputFormat format = request.knownOutputFormat();
        List<SearchAttributeUpdate<?>> updates = new ArrayList<>();
        updates.add(CadSearchAttributes.STATUS.valueSet(status()));
        updates.add(CadSearchAttributes.JOB_ID.valueSet(String.valueOf(jobId)));
        if (mode != null) {
            updates.add(CadSearchAttributes.DESIGN_MODE.valueSet(mode.wireName()));
        }
        if (format != null) {
            updates.add(CadSearchAttributes.OUTPUT_FORMAT.valueSet(format.wireName()));
        }
        Workflow.upsertTypedSearchAttributes(updates.toArray(new SearchAttributeUpdate<?>[0]));
    }

    void nextPoll(Instant at) {
        nextPollAt = at;
        String awaited = callbackRegistered ? "Makistry's webhook" : "Makistry";
        String status = jobStatus == null ? "" : ", last seen `" + jobStatus + "`";
        tell(
                "**Waiting for " + awaited + "** since " + seconds(since) + ", until " + seconds(deadline()),
                "Job `" + jobId + "`" + status + ". "
                        + (callbackRegistered ? "Without a webhook, asked for at " : "Asked for next at ")
                        + seconds(at) + "; polled " + polls + " times so far.");
    }

    private Instant deadline() {
        return deadlineAt == null ? since : deadlineAt;
    }

    void polled(@Nullable String status) {
        polls++;
        if (status != null) {
            jobStatus = status;
        }
    }

    void archiving(String status, String key, Duration untilExpiry) {
        enter(Stage.ARCHIVING);
        jobStatus = status;
        nextPollAt = null;
        tell(
                "**Archiving the file** since " + seconds(since),
                "Job `" + jobId + "` into `" + key + "`. Makistry keeps the file until "
                        + seconds(since.plus(untilExpiry)) + ", which leaves " + left(untilExpiry)
                        + " from the beginning; until then archiving is tried again where it fails.");
    }

    /** In the two largest units of a person's. */
    private static String left(Duration duration) {
        return duration.toDays() > 0
                ? duration.toDays() + " d " + duration.toHoursPart() + " h"
                : duration.toHours() + " h " + duration.toMinutesPart() + " min";
    }

    void done(CadResult result) {
        enter(Stage.DONE);
        tell(
                "**Done** at " + seconds(since),
                "Job `" + result.jobId() + "`: `" + result.file().uri() + "`, "
                        + result.file().sizeBytes() + " bytes, SHA-256 `"
                        + result.file().sha256() + "`. It cost " + makistryRequests + " Makistry "
                        + (makistryRequests == 1 ? "request." : "requests."));
    }

    void failed(CadFailure failure) {
        enter(Stage.FAILED);
        nextPollAt = null;
        String next = failure.details().nextStep();
        tell("**Failed: " + failure.type().wireName() + "** at " + seconds(since), next == null ? "" : next);
    }

    void cancelled() {
        enter(Stage.CANCELLED);
        nextPollAt = null;
        tell(
                "**Cancelled** at " + seconds(since),
                jobId == null
                        ? "No job is known to have been submitted."
                        : "Makistry goes on with job `" + jobId + "`: a request with that `job_id` picks it up.");
    }

    private void enter(Stage next) {
        stage = next;
        since = now();
        if (indexed) {
            Workflow.upsertTypedSearchAttributes(CadSearchAttributes.STATUS.valueSet(status()));
        }
    }

    private String status() {
        return stage.name().toLowerCase(Locale.ROOT);
    }

    private static void tell(String headline, String rest) {
        Workflow.setCurrentDetails(headline + "\n\n" + rest);
    }

    private static String seconds(Instant time) {
        return time.truncatedTo(ChronoUnit.SECONDS).toString();
    }
}
