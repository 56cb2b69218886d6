package dev.cadflow.workflow.internal;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cadflow.activity.BatchPageInput;
import dev.cadflow.activity.BatchPart;
import dev.cadflow.activity.BatchReport;
import dev.cadflow.activity.CadBatchActivities;
import dev.cadflow.activity.FinishReportInput;
import dev.cadflow.activity.PrepareBatchInput;
import dev.cadflow.activity.PreparedBatch;
import dev.cadflow.activity.ReportPageInput;
import dev.cadflow.workflow.CadBatchPart;
import dev.cadflow.workflow.CadBatchProgress;
import dev.cadflow.workflow.CadBatchProgress.Stage;
import dev.cadflow.workflow.CadBatchResult;
import dev.cadflow.workflow.CadFailure;
import dev.cadflow.workflow.CadResult;
import dev.cadflow.workflow.Cadflow;
import dev.cadflow.workflow.FailureType;
import io.temporal.activity.ActivityOptions;
import io.temporal.api.enums.v1.ParentClosePolicy;
import io.temporal.api.enums.v1.WorkflowIdReusePolicy;
import io.temporal.failure.ActivityFailure;
import io.temporal.failure.ApplicationFailure;
import io.temporal.failure.CanceledFailure;
import io.temporal.failure.TemporalException;
import io.temporal.workflow.ChildWorkflowCancellationType;
import io.temporal.workflow.ChildWorkflowOptions;
import io.temporal.workflow.Workflow;
import io.temporal.workflow.WorkflowInfo;
import io.temporal.workflow.WorkflowInit;
import java.net.URI;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Makes the parts of a batch page by page: a part starts as soon as another ends, across pages, and a page of the
 * report is written beside each page of parts.
 *
 * <p>After some pages the workflow continues as new, so that its history stays short. A child can only be awaited by
 * the run that started it, so the parts in work are waited for first. That leaves places empty for about the time of
 * one part in every {@value #MOST_PARTS_OF_A_RUN}; a layer of workflows between batch and part would save that time,
 * and cost the one bound on how many are in work at once.
 */
public class GenerateCadBatchWorkflowImpl implements GenerateCadBatchWorkflowDefinition {
    /** About nine events each, which is below the 4096 at which a server suggests to continue as new. */
    private static final int MOST_PARTS_OF_A_RUN = 400;

    /** What every further part would meet as well. */
    private static final Set<FailureType> CONCERN_EVERY_PART =
            Set.of(FailureType.INVALID_API_KEY, FailureType.PAYMENT_REQUIRED, FailureType.BUDGET_EXHAUSTED);

    private final BatchLog log;
    private final String folder;
    private boolean stopped;

    /** Sets up what the query needs. */
    @WorkflowInit
    public GenerateCadBatchWorkflowImpl(@Nullable JsonNode request, @Nullable BatchState earlier) {
        WorkflowInfo info = Workflow.getInfo();
        log = new BatchLog(earlier);
        folder = ArchiveKeys.folder(info.getWorkflowId()) + "/" + info.getFirstExecutionRunId();
    }

    @Override
    public CadBatchResult generate(@Nullable JsonNode json, @Nullable BatchState earlier) {
        try {
            BatchOrder order = BatchOrderReader.read(json);
            int pages = earlier == null ? prepare(order).pages() : earlier.pages();
            log.enter(Stage.RUNNING);
            make(order, pages, earlier == null ? 0 : earlier.nextPage(), json);
            drain();
            URI report = finishReport(activities(BatchPolicies.report()));
            if (order.failFast() && !log.failures().isEmpty()) {
                throw failedFast(log.failures().get(0), report);
            }
            log.ended(Stage.DONE, null);
            return log.result(order, report);
        } catch (ActivityFailure | ApplicationFailure failure) {
            settle();
            throw ended(failure);
        } catch (CanceledFailure cancelled) {
            settle();
            log.cancelled();
            throw cancelled;
        }
    }

    @Override
    public CadBatchProgress progress() {
        return log.snapshot();
    }

    private PreparedBatch prepare(BatchOrder order) {
        log.enter(Stage.PREPARING);
        PreparedBatch batch = order.requestsUri() == null
                ? order.listedPages()
                : activities(BatchPolicies.prepare()).prepare(new PrepareBatchInput(order.requestsUri(), folder));
        log.prepared(batch);
        return batch;
    }

    private void make(BatchOrder order, int pages, int firstPage, @Nullable JsonNode json) {
        int taken = 0;
        for (int page = firstPage; page < pages && !stopped; page++) {
            if (taken >= MOST_PARTS_OF_A_RUN || Workflow.getInfo().isContinueAsNewSuggested()) {
                drain();
                reportPage();
                if (!stopped) {
                    Workflow.continueAsNew(json, log.state(pages, page));
                }
                return;
            }
            taken += startPage(order, page);
            reportPage();
        }
    }

    private int startPage(BatchOrder order, int page) {
        List<BatchPart> parts = page(order, page);
        for (BatchPart part : parts) {
            Workflow.await(() -> stopped || log.running() < order.atOnce());
            if (stopped) {
                break;
            }
            begin(part, order);
        }
        return parts.size();
    }

    private List<BatchPart> page(BatchOrder order, int page) {
        return order.requestsUri() == null
                ? order.listedPage(page)
                : activities(BatchPolicies.readPage(page))
                        .readPage(new BatchPageInput(folder, page))
                        .parts();
    }

    private void begin(BatchPart part, BatchOrder order) {
        JsonNode request = part.request();
        if (request == null) {
            ended(PartOutcomes.broken(part, String.valueOf(part.problem())), order);
            return;
        }
        WorkflowInfo info = Workflow.getInfo();
        String workflowId = Cadflow.partWorkflowId(info.getWorkflowId(), part.key());
        log.started();
        Workflow.newUntypedChildWorkflowStub(Cadflow.WORKFLOW_TYPE, childOptions(part, workflowId))
                .executeAsync(CadResult.class, order.complete(part, request, IdempotencyKeys.origin(info)))
                .handle((result, failure) -> {
                    if (failure != null && !(failure instanceof TemporalException)) {
                        throw unreadable(part, failure);
                    }
                    log.finished();
                    ended(
                            failure == null
                                    ? PartOutcomes.succeeded(part, workflowId, result)
                                    : PartOutcomes.ended(part, workflowId, failure),
                            order);
                    return null;
                });
    }

    /**
     * The part has ended, and this worker cannot read how, such as for want of a key. An error, since that alone fails the
     * task: the batch waits for a worker that can.
     */
    private static Error unreadable(BatchPart part, RuntimeException why) {
        return new Error("Part " + part.number() + ": expected an outcome that this worker can read", why);
    }

    private void ended(CadBatchPart part, BatchOrder order) {
        log.add(part);
        CadBatchPart.Failure failure = part.failure();
        stopped |= failure != null
                && (order.failFast()
                        || FailureType.find(failure.type())
                                .filter(CONCERN_EVERY_PART::contains)
                                .isPresent());
    }

    private static ChildWorkflowOptions childOptions(BatchPart part, String workflowId) {
        return ChildWorkflowOptions.newBuilder()
                .setWorkflowId(workflowId)
                // A part that an earlier start of this batch has made is not bought again.
                .setWorkflowIdReusePolicy(WorkflowIdReusePolicy.WORKFLOW_ID_REUSE_POLICY_ALLOW_DUPLICATE_FAILED_ONLY)
                // A batch that is terminated leaves nothing behind that spends; its parts may say what they bought.
                .setParentClosePolicy(ParentClosePolicy.PARENT_CLOSE_POLICY_REQUEST_CANCEL)
                .setCancellationType(ChildWorkflowCancellationType.WAIT_CANCELLATION_COMPLETED)
                .setStaticSummary(
                        Cadflow.summary("Part " + part.number() + (part.name() == null ? "" : ": " + part.name())))
                .build();
    }

    private void drain() {
        log.enter(Stage.DRAINING);
        Workflow.await(() -> log.running() == 0);
    }

    private void reportPage() {
        List<CadBatchPart> parts = log.unreported();
        if (!parts.isEmpty()) {
            activities(BatchPolicies.report()).writeReportPage(new ReportPageInput(folder, log.reportPages(), parts));
            log.reportPageWritten(parts.size());
        }
    }

    private URI finishReport(CadBatchActivities activities) {
        BatchReport report =
                activities.finishReport(new FinishReportInput(folder, log.reportPages(), log.unreported()));
        log.reported(report.uri());
        return report.uri();
    }

    /** Whatever ends the batch early: what is in work is waited for and reported, as far as that can be. */
    private void settle() {
        stopped = true;
        Workflow.newDetachedCancellationScope(() -> {
                    drain();
                    if (log.counts().ended() > 0 && !log.isReported()) {
                        try {
                            finishReport(activities(BatchPolicies.lastReport()));
                        } catch (ActivityFailure noReport) {
                            // What ended the batch is the better news; the parts' own workflows tell the rest.
                        }
                    }
                })
                .run();
    }

    private RuntimeException failedFast(CadBatchPart part, URI report) {
        CadBatchPart.Failure failure = part.failure();
        String type = failure == null ? "" : failure.type();
        String message = failure == null ? "" : failure.message();
        CadFailure.Details details = CadFailure.Details.NONE
                .withJobId(part.jobId())
                .withNextStep("Correct the part and start the batch again under the same workflow id: parts that "
                        + "succeeded are not made again.");
        return new CadFailure(
                        FailureType.find(type).orElse(FailureType.SERVICE_UNAVAILABLE),
                        "Part " + part.number() + (part.name() == null ? "" : " (" + part.name() + ")") + " failed: "
                                + message + ". " + log.tally() + "; the report is " + report,
                        details)
                .toFinalFailure(null);
    }

    private RuntimeException ended(RuntimeException failure) {
        if (failure instanceof ActivityFailure && failure.getCause() instanceof CanceledFailure) {
            log.cancelled();
            return failure;
        }
        CadFailure known = CadFailure.from(failure)
                .orElseGet(() -> CadFailure.of(
                        FailureType.SERVICE_UNAVAILABLE,
                        "An activity did not end in time; its last try says why: " + failure.getMessage()));
        log.ended(Stage.FAILED, known.details().nextStep());
        return known.toFinalFailure(failure instanceof ActivityFailure ? failure : null);
    }

    private static CadBatchActivities activities(ActivityOptions options) {
        return Workflow.newActivityStub(CadBatchActivities.class, options);
    }
}
