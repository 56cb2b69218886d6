package dev.cadflow.workflow;

import dev.cadflow.activity.BatchPage;
import dev.cadflow.activity.BatchPageInput;
import dev.cadflow.activity.BatchPart;
import dev.cadflow.activity.BatchReport;
import dev.cadflow.activity.CadBatchActivities;
import dev.cadflow.activity.FinishReportInput;
import dev.cadflow.activity.PrepareBatchInput;
import dev.cadflow.activity.PreparedBatch;
import dev.cadflow.activity.ReportPageInput;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** What batches keep, in memory: a file's parts are those that the test gives. */
final class InMemoryBatches implements CadBatchActivities {
    static final String FILE = "file:///orders/parts.jsonl";

    private final Map<String, List<CadBatchPart>> pages = new ConcurrentHashMap<>();
    private final Map<String, List<CadBatchPart>> reports = new ConcurrentHashMap<>();
    private volatile List<BatchPart> parts = List.of();

    /** What any file lists from now on. */
    void list(List<BatchPart> listed) {
        parts = List.copyOf(listed);
    }

    /** The report, as it lies at that URI. */
    List<CadBatchPart> report(URI uri) {
        return reports.getOrDefault(uri.toString(), List.of());
    }

    @Override
    public PreparedBatch prepare(PrepareBatchInput input) {
        int most = BatchPage.MOST_PARTS;
        return new PreparedBatch(parts.size(), (parts.size() + most - 1) / most);
    }

    @Override
    public BatchPage readPage(BatchPageInput input) {
        int from = input.page() * BatchPage.MOST_PARTS;
        return new BatchPage(parts.subList(from, Math.min(parts.size(), from + BatchPage.MOST_PARTS)));
    }

    @Override
    public void writeReportPage(ReportPageInput input) {
        pages.put(input.folder() + "/" + input.page(), input.parts());
    }

    @Override
    public BatchReport finishReport(FinishReportInput input) {
        List<CadBatchPart> lines = new ArrayList<>();
        for (int page = 0; page < input.pages(); page++) {
            lines.addAll(pages.getOrDefault(input.folder() + "/" + page, List.of()));
        }
        lines.addAll(input.parts());
        URI uri = URI.create("file:///archive/" + input.folder() + "/report.jsonl");
        reports.put(uri.toString(), lines);
        return new BatchReport(uri);
    }
}
