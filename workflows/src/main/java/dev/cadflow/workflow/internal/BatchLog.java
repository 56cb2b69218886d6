package dev.cadflow.workflow.internal;

import dev.cadflow.activity.PreparedBatch;
import dev.cadflow.workflow.CadBatchCounts;
import dev.cadflow.workflow.CadBatchPart;
import dev.cadflow.workflow.CadBatchPart.Status;
import dev.cadflow.workflow.CadBatchProgress;
import dev.cadflow.workflow.CadBatchProgress.Stage;
import dev.cadflow.workflow.CadBatchResult;
import io.temporal.workflow.Workflow;
import java.net.URI;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What has become of a batch so far, told to the query {@code progress} and, as Markdown, to the details page of the
 * Web UI. Not thread-safe: it belongs to one workflow.
 */
final class BatchLog {
    private Stage stage = Stage.PREPARING;
    private Instant since = ProgressLog.now();
    private CadBatchCounts counts = CadBatchCounts.of(0);
    private int running;
    private int makistryRequests;
    private int reportPages;
    private @Nullable URI reportUri;
    private final List<CadBatchPart> parts = new ArrayList<>();
    private final List<CadBatchPart> failures = new ArrayList<>();
    private final List<CadBatchPart> unreported = new ArrayList<>();

    /** A log that goes on where the one before left off. */
    BatchLog(@Nullable BatchState earlier) {
        if (earlier != null) {
            counts = earlier.counts();
            makistryRequests = earlier.makistryRequests();
            reportPages = earlier.reportPages();
            parts.addAll(earlier.parts());
            failures.addAll(earlier.failures());
        }
    }

    BatchState state(int pages, int nextPage) {
        return new BatchState(pages, nextPage, counts, makistryRequests, reportPages, parts, failures);
    }

    CadBatchProgress snapshot() {
        return new CadBatchProgress(stage, since, counts, running, makistryRequests, failures, reportUri);
    }

    CadBatchCounts counts() {
        return counts;
    }

    int running() {
        return running;
    }

    List<CadBatchPart> failures() {
        return failures;
    }

    void prepared(PreparedBatch batch) {
        counts = CadBatchCounts.of(batch.parts());
    }

    void enter(Stage next) {
        stage = next;
        since = ProgressLog.now();
        tell("");
    }

    /** The end of the batch, with what a person does next. */
    void ended(Stage end, @Nullable String nextStep) {
        enter(end);
        tell(nextStep == null ? "" : nextStep);
    }

    /** The batch was cancelled, and Makistry has no cancel. */
    void cancelled() {
        ended(
                Stage.CANCELLED,
                counts.cancelled() == 0
                        ? null
                        : "Makistry goes on with the jobs of cancelled parts. The `progress` of a part names its job: put"
                                + " that `job_id` into the part before the batch is started again, which would else pay"
                                + " for another.");
    }

    void started() {
        running++;
        tell("");
    }

    void finished() {
        running--;
    }

    /** Takes a part that has ended. */
    void add(CadBatchPart part) {
        counts = counts.with(part.status());
        makistryRequests += part.makistryRequests();
        unreported.add(part);
        if (counts.total() <= CadBatchResult.MOST_PARTS) {
            parts.add(part);
        }
        if (part.status() == Status.FAILED && failures.size() < CadBatchResult.MOST_FAILURES) {
            failures.add(part);
        }
        tell("");
    }

    boolean isReported() {
        return reportUri != null;
    }

    /** The parts that are on no page of the report yet, in the order in which they ended. */
    List<CadBatchPart> unreported() {
        return List.copyOf(unreported);
    }

    int reportPages() {
        return reportPages;
    }

    /** The first so many of the parts that were on no page are on the next one now. */
    void reportPageWritten(int lines) {
        unreported.subList(0, lines).clear();
        reportPages++;
    }

    void reported(URI report) {
        counts = counts.atTheEnd();
        reportUri = report;
    }

    CadBatchResult result(BatchOrder order, URI report) {
        return new CadBatchResult(counts, makistryRequests, report, parts, failures, order.metadata());
    }

    /** How the parts stand, in words. */
    String tally() {
        return counts.succeeded() + " of " + counts.total() + " parts succeeded, " + counts.failed() + " failed, "
                + counts.cancelled() + " cancelled, " + counts.alreadyStarted() + " already started, "
                + counts.skipped() + " skipped";
    }

    private void tell(String nextStep) {
        StringBuilder text = new StringBuilder("**" + stage.name().charAt(0))
                .append(stage.name().toLowerCase(Locale.ROOT).substring(1))
                .append("** since ")
                .append(since.truncatedTo(ChronoUnit.SECONDS))
                .append("\n\n")
                .append(tally())
                .append("; ")
                .append(running)
                .append(" in work. ");
        for (CadBatchPart failed : failures) {
            text.append("\n- part ").append(failed.number());
            text.append(failed.name() == null ? "" : " `" + failed.name() + "`");
            text.append(failed.failure() == null ? "" : ": " + failed.failure().type());
        }
        if (reportUri != null) {
            text.append("\n\nReport: `").append(reportUri).append('`');
        }
        text.append(nextStep.isEmpty() ? "" : "\n\n" + nextStep);
        Workflow.setCurrentDetails(text.toString());
    }
}
