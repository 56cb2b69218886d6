package dev.cadflow.activity.impl;

import dev.cadflow.activity.ArchiveInput;
import dev.cadflow.activity.ArchiveResult;
import dev.cadflow.activity.CadActivities;
import dev.cadflow.activity.PollInput;
import dev.cadflow.activity.PollResult;
import dev.cadflow.activity.SubmitInput;
import dev.cadflow.activity.SubmitResult;
import dev.cadflow.makistry.DownloadUrlSeal;
import dev.cadflow.makistry.Job;
import dev.cadflow.makistry.MakistryClient;
import dev.cadflow.makistry.MakistryException;
import dev.cadflow.makistry.Submission;
import dev.cadflow.workflow.CadRequest;
import dev.cadflow.workflow.JobFinished;
import java.net.URI;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The activities over Makistry and an archive. Safe for use by many threads, as Temporal does. */
public final class CadActivitiesImpl implements CadActivities {
    private final MakistryClient makistry;
    private final DownloadUrlSeal seal;
    private final WaitPlans waitPlans;
    private final @Nullable URI callbackUrl;
    private final Function<ArchiveInput, ArchiveResult> archiver;

    /**
     * Activities of one API key.
     *
     * @param makistry the client for that key
     * @param seal made from the same key
     * @param waitPlans how workflows wait for their jobs
     * @param callbackUrl the public URL of the webhook receiver, given to Makistry with every job; null for polls alone
     * @param archiver downloads, proves and publishes the file
     */
    public CadActivitiesImpl(
            MakistryClient makistry,
            DownloadUrlSeal seal,
            WaitPlans waitPlans,
            @Nullable URI callbackUrl,
            Function<ArchiveInput, ArchiveResult> archiver) {
        this.makistry = makistry;
        this.seal = seal;
        this.waitPlans = waitPlans;
        this.callbackUrl = callbackUrl;
        this.archiver = archiver;
    }

    @Override
    public SubmitResult submit(SubmitInput input) {
        CadRequest request = input.request();
        String adopted = request.jobId();
        RequestCount requests = RequestCount.ofThisActivity();
        try {
            if (adopted != null) {
                return new SubmitResult(Job.requireJobId(adopted), waitPlans.adopted(request), 0);
            }
            String jobId = makistry.submit(
                    Submission.of(request, List.of(), input.idempotencyKey(), input.workflowId(), callbackUrl));
            return new SubmitResult(jobId, waitPlans.submitted(request, callbackUrl != null), requests.withThisTry());
        } catch (MakistryException failure) {
            requests.keepForNextTry(failure);
            throw ApplicationFailures.of(failure, null);
        }
    }

    @Override
    public PollResult poll(PollInput input) {
        String jobId = input.jobId();
        RequestCount requests = RequestCount.ofThisActivity();
        try {
            Job job = makistry.job(jobId);
            JobFinished sealed = seal.seal(job);
            return new PollResult(job.status(), sealed.isTerminal() ? sealed : null, requests.withThisTry());
        } catch (MakistryException failure) {
            requests.keepForNextTry(failure);
            throw ApplicationFailures.of(failure, jobId);
        }
    }

    @Override
    public ArchiveResult archive(ArchiveInput input) {
        return archiver.apply(input);
    }
}
