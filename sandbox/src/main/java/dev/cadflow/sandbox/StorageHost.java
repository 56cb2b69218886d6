package dev.cadflow.sandbox;

import dev.cadflow.sandbox.part.FileContent;
import java.net.URI;
import java.time.Instant;
import java.util.Optional;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.jspecify.annotations.Nullable;

/**
 * Serves the files of jobs, as a storage bucket does: to whoever has a signed URL, and to nobody for an API key. It
 * answers {@code GET} and {@code HEAD}, single ranges with {@code If-Range}, and sends {@code ETag} and both
 * {@code x-goog-hash} headers.
 */
final class StorageHost {

    private final JobStore store;
    private final Faults faults;
    private final Counters counters;
    private final SignedUrls urls;
    private final StoredFiles files = new StoredFiles();

    StorageHost(JobStore store, Faults faults, Counters counters, SignedUrls urls) {
        this.store = store;
        this.faults = faults;
        this.counters = counters;
        this.urls = urls;
    }

    /** A new URL for the file of a job. */
    URI sign(Job job, URI storage, Instant expires) {
        String path = SignedUrls.PATH_PREFIX + job.id() + "/part."
                + job.request().outputFormat().extension();
        return urls.sign(storage, path, expires);
    }

    Reply handle(Request request) {
        counters.request(Route.DOWNLOAD);
        boolean head = request.getMethod().equals("HEAD");
        if (!head && !request.getMethod().equals("GET")) {
            return Reply.of(refusal(405, "MethodNotAllowed", "expected GET or HEAD, found " + request.getMethod()));
        }
        if (request.getHeaders().contains(HttpHeader.AUTHORIZATION)) {
            counters.downloadWithAuthorization();
            return Reply.of(refusal(
                    400,
                    "InvalidArgument",
                    "A signed URL needs no Authorization header: the API key must not be sent to the storage host"));
        }
        String path = Request.getPathInContext(request);
        Optional<Job> found = store.find(jobId(path));
        FaultMatch.Subject subject = found.map(Job::subject).orElse(FaultMatch.Subject.UNKNOWN);
        Fault whole = faults.take(FaultKind.Stage.ANSWER, FaultTarget.DOWNLOAD, subject);
        if (whole != null && whole.kind() == FaultKind.ANSWER) {
            return Reply.of(AnswerWriter.of(whole));
        }
        String problem = urls.problem(path, Request.extractQueryParameters(request));
        if (problem != null) {
            return new Reply(refusal(403, problem, "The signature does not open this file"), whole);
        }
        return new Reply(found.map(job -> file(job, request)).orElseGet(StorageHost::noSuchFile), whole);
    }

    private static String jobId(String path) {
        if (!path.startsWith(SignedUrls.PATH_PREFIX)) {
            return "";
        }
        String rest = path.substring(SignedUrls.PATH_PREFIX.length());
        return rest.substring(0, Math.max(0, rest.indexOf('/')));
    }

    private Answer file(Job job, Request request) {
        Fault fault = faults.take(FaultKind.Stage.FILE, FaultTarget.DOWNLOAD, job.subject());
        @Nullable FaultKind kind = fault == null ? null : fault.kind();
        if (kind == FaultKind.SIGNATURE_EXPIRED) {
            return refusal(403, "ExpiredToken", "The signature does not open this file");
        }
        if (kind == FaultKind.FILE_CHANGED) {
            job.changeFile();
        }
        StoredFile stored = files.of(job);
        if (fault != null) {
            FileContent served = FaultyContent.of(stored.content(), fault);
            stored = fault.digestOfServedBytes()
                    ? StoredFile.of(served)
                    : new StoredFile(served, stored.md5(), stored.googHashCrc32c(), stored.googHashMd5());
        }
        String mediaType = fault != null && fault.contentType() != null
                ? fault.contentType()
                : job.request().outputFormat().mediaType();
        boolean whole = kind == FaultKind.RANGE_IGNORED || !isRangeWanted(request, stored);
        return answer(stored, mediaType, whole ? null : request.getHeaders().get(HttpHeader.RANGE));
    }

    /** With {@code If-Range} a range is wanted only of the very file that the client has begun. */
    private static boolean isRangeWanted(Request request, StoredFile stored) {
        String condition = request.getHeaders().get(HttpHeader.IF_RANGE);
        return condition == null || condition.equals(etag(stored));
    }

    private Answer answer(StoredFile stored, String mediaType, @Nullable String rangeHeader) {
        long size = stored.content().sizeBytes();
        HttpFields.Mutable headers = HttpFields.build()
                .put(HttpHeader.CONTENT_TYPE, mediaType)
                .put(HttpHeader.ETAG, etag(stored))
                .put(HttpHeader.ACCEPT_RANGES, "bytes")
                .add(new HttpField("x-goog-hash", stored.googHashCrc32c()))
                .add(new HttpField("x-goog-hash", stored.googHashMd5()));
        ByteRange range = ByteRange.of(rangeHeader, size);
        if (range == null) {
            return new Answer(200, headers, stored.content());
        }
        if (range.equals(ByteRange.UNSATISFIABLE)) {
            return Answer.empty(416, headers.put(HttpHeader.CONTENT_RANGE, "bytes */" + size));
        }
        counters.downloadByRange();
        headers.put(HttpHeader.CONTENT_RANGE, "bytes " + range.first() + "-" + range.last() + "/" + size);
        return new Answer(206, headers, range.of(stored.content()));
    }

    private static String etag(StoredFile stored) {
        return '"' + stored.md5() + '"';
    }

    private static Answer noSuchFile() {
        return refusal(404, "NoSuchKey", "The file is not there any more");
    }

    private static Answer refusal(int status, String code, String message) {
        return Answer.text(
                status,
                "application/xml; charset=UTF-8",
                "<?xml version='1.0' encoding='UTF-8'?><Error><Code>" + code + "</Code><Message>" + message
                        + "</Message></Error>");
    }
}
