package dev.cadflow.activity.impl;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.cadflow.activity.BatchPage;
import dev.cadflow.activity.BatchPageInput;
import dev.cadflow.activity.BatchPart;
import dev.cadflow.activity.BatchReport;
import dev.cadflow.activity.CadBatchActivities;
import dev.cadflow.activity.FinishReportInput;
import dev.cadflow.activity.PrepareBatchInput;
import dev.cadflow.activity.PreparedBatch;
import dev.cadflow.activity.ReportPageInput;
import dev.cadflow.activity.impl.PartFormat.BrokenPart;
import dev.cadflow.archive.ArchiveException;
import dev.cadflow.archive.WorkingFiles;
import dev.cadflow.workflow.CadBatchPart;
import dev.cadflow.workflow.CadFailure;
import dev.cadflow.workflow.FailureType;
import io.temporal.activity.Activity;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Enumeration;
import java.util.List;
import java.util.Optional;

/** What a batch keeps, in the archive under {@code .batches/}. Safe for use by many threads, as Temporal does. */
public final class CadBatchActivitiesImpl implements CadBatchActivities {
    /** At 100 submits an hour, six weeks. */
    static final int MOST_PARTS = 100_000;

    /** Temporal's servers refuse payloads of 2 MB. */
    private static final int LARGEST_PAGE_BYTES = 512 * 1024;

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final ImageSources sources;
    private final WorkingFiles files;

    /**
     * Activities over one archive.
     *
     * @param sources where files that list parts may be read from; the same rules as for images
     * @param files where pages and reports go
     */
    public CadBatchActivitiesImpl(ImageSources sources, WorkingFiles files) {
        this.sources = sources;
        this.files = files;
    }

    @Override
    public PreparedBatch prepare(PrepareBatchInput input) {
        String uri = input.requestsUri();
        try {
            return sources.<PreparedBatch, BrokenPart>read(uri, in -> keepPages(new PartList(in), input.folder()));
        } catch (ImageRefused refused) {
            throw invalid("expected " + refused.rule() + ", found \"" + ImageSources.shown(uri) + "\"");
        } catch (BrokenPart broken) {
            throw invalid(broken.getMessage() + ", in \"" + ImageSources.shown(uri) + "\"");
        } catch (ArchiveException failure) {
            throw ApplicationFailures.of(failure.failure());
        } catch (IOException unavailable) {
            throw ApplicationFailures.of(new CadFailure(
                    FailureType.SERVICE_UNAVAILABLE,
                    "requests_uri: \"" + ImageSources.shown(uri) + "\" cannot be read now; nothing was submitted",
                    CadFailure.Details.NONE.withNextStep(ImageSources.READ_AGAIN)));
        }
    }

    private PreparedBatch keepPages(PartList list, String folder) throws IOException, BrokenPart {
        int parts = 0;
        int pages = 0;
        List<BatchPart> page = new ArrayList<>();
        int bytes = 0;
        for (Optional<BatchPart> next = list.next(); next.isPresent(); next = list.next()) {
            if (++parts > MOST_PARTS) {
                throw new BrokenPart("expected at most " + MOST_PARTS + " parts, found more");
            }
            int size = MAPPER.writeValueAsBytes(next.get()).length;
            if (page.size() == BatchPage.MOST_PARTS || (!page.isEmpty() && bytes + size > LARGEST_PAGE_BYTES)) {
                keepPage(folder, pages++, page);
                bytes = 0;
            }
            page.add(next.get());
            bytes += size;
        }
        if (parts == 0) {
            throw new BrokenPart("expected at least one part, found none");
        }
        keepPage(folder, pages++, page);
        return new PreparedBatch(parts, pages);
    }

    private void keepPage(String folder, int number, List<BatchPart> page) throws JsonProcessingException {
        byte[] json = MAPPER.writeValueAsBytes(new BatchPage(page));
        files.write(partsPage(folder, number), new ByteArrayInputStream(json));
        page.clear();
        Activity.getExecutionContext().heartbeat(number);
    }

    @Override
    public BatchPage readPage(BatchPageInput input) {
        String name = partsPage(input.folder(), input.page());
        try (InputStream in = files.open(name)) {
            return MAPPER.readValue(in, BatchPage.class);
        } catch (IOException unreadable) {
            throw unavailable(name);
        }
    }

    @Override
    public void writeReportPage(ReportPageInput input) {
        write(reportPage(input.folder(), input.page()), new ByteArrayInputStream(lines(input.parts())));
    }

    @Override
    public BatchReport finishReport(FinishReportInput input) {
        InputStream last = new ByteArrayInputStream(lines(input.parts()));
        try (SequenceInputStream report = new SequenceInputStream(new Pages(input, last))) {
            return new BatchReport(write(folder(input.folder()) + "/report.jsonl", report));
        } catch (IOException neverOnClose) {
            throw unavailable(folder(input.folder()));
        }
    }

    /** The report's pages, each opened when its turn comes, and the last lines. */
    private final class Pages implements Enumeration<InputStream> {
        private final FinishReportInput input;
        private final InputStream last;
        private int next;

        Pages(FinishReportInput input, InputStream last) {
            this.input = input;
            this.last = last;
        }

        @Override
        public boolean hasMoreElements() {
            return next <= input.pages();
        }

        @Override
        public InputStream nextElement() {
            int page = next++;
            if (page == input.pages()) {
                return last;
            }
            Activity.getExecutionContext().heartbeat(page);
            String name = reportPage(input.folder(), page);
            try {
                return files.open(name);
            } catch (IOException unreadable) {
                throw unavailable(name);
            }
        }
    }

    private URI write(String name, InputStream content) {
        try {
            return files.write(name, content);
        } catch (ArchiveException failure) {
            throw ApplicationFailures.of(failure.failure());
        }
    }

    private static byte[] lines(List<CadBatchPart> parts) {
        ByteArrayOutputStream lines = new ByteArrayOutputStream();
        for (CadBatchPart part : parts) {
            try {
                lines.writeBytes(MAPPER.writeValueAsBytes(part));
            } catch (JsonProcessingException impossible) {
                throw new IllegalStateException("A part that came as JSON is none any more", impossible);
            }
            lines.writeBytes("\n".getBytes(StandardCharsets.UTF_8));
        }
        return lines.toByteArray();
    }

    private static String folder(String folder) {
        return ".batches/" + folder;
    }

    private static String partsPage(String folder, int page) {
        return folder(folder) + "/parts-%05d.json".formatted(page);
    }

    private static String reportPage(String folder, int page) {
        return folder(folder) + "/report-%05d.jsonl".formatted(page);
    }

    private static RuntimeException invalid(String message) {
        CadFailure.Details details = CadFailure.Details.NONE.withNextStep(
                "Correct requests_uri or the file and start the batch again; nothing was submitted.");
        return ApplicationFailures.of(new CadFailure(FailureType.INVALID_INPUT, "requests_uri: " + message, details));
    }

    private static RuntimeException unavailable(String name) {
        return ApplicationFailures.of(new CadFailure(
                FailureType.ARCHIVE_UNAVAILABLE,
                "archive: expected to read " + name + ", found that it cannot be read now",
                CadFailure.Details.NONE.withNextStep(
                        "Check the archive; it is tried again by itself. All workers need the same archive.")));
    }
}
