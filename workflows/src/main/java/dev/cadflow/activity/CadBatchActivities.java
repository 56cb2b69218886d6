package dev.cadflow.activity;

import io.temporal.activity.ActivityInterface;
import io.temporal.activity.ActivityMethod;

/**
 * What a batch keeps in the archive: the parts that it is to make, and the report of those that have ended. Each
 * operation is safe to retry: it fails with an {@code ApplicationFailure} that
 * {@link dev.cadflow.workflow.CadFailure} describes.
 */
@ActivityInterface
public interface CadBatchActivities {
    /** Reads the file that lists the parts, once, and keeps them page by page. */
    @ActivityMethod(name = "PrepareCadBatch")
    PreparedBatch prepare(PrepareBatchInput input);

    /** One page of the parts. */
    @ActivityMethod(name = "ReadCadBatchPage")
    BatchPage readPage(BatchPageInput input);

    /** Keeps some lines of the report. */
    @ActivityMethod(name = "WriteCadBatchReportPage")
    void writeReportPage(ReportPageInput input);

    /** Puts the pages and the last lines together to one file. */
    @ActivityMethod(name = "FinishCadBatchReport")
    BatchReport finishReport(FinishReportInput input);
}
