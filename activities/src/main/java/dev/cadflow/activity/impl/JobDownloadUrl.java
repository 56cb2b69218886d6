package dev.cadflow.activity.impl;

import dev.cadflow.archive.DownloadUrl;
import dev.cadflow.workflow.JobFinished;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/** The URL of one job: the sealed one that came with it, else a fresh one from Makistry. Counts the requests. */
final class JobDownloadUrl implements DownloadUrl {
    private final String jobId;
    private final FreshUrl freshUrl;
    private @Nullable URI newest;
    private int makistryRequests;

    JobDownloadUrl(JobFinished job, SealedUrl sealedUrl, FreshUrl freshUrl, int earlierRequests) {
        this.makistryRequests = earlierRequests;
        this.jobId = job.jobId();
        this.freshUrl = freshUrl;
        this.newest = sealedUrl.open(jobId, job.downloadUrl()).orElse(null);
    }

    @Override
    public URI current() {
        return newest == null ? fresh() : newest;
    }

    @Override
    public URI fresh() {
        makistryRequests++;
        URI url = freshUrl.of(jobId);
        newest = url;
        return url;
    }

    int makistryRequests() {
        return makistryRequests;
    }

    /** Names the job and not the URL, which is a secret. */
    @Override
    public String toString() {
        return "JobDownloadUrl[" + jobId + "]";
    }
}
