package dev.cadflow.activity;

import io.temporal.activity.ActivityInterface;
import io.temporal.activity.ActivityMethod;

/**
 * What the workflow has done in the outside world. Each operation is safe to retry: it fails with an
 * {@code ApplicationFailure} that {@link dev.cadflow.workflow.CadFailure} describes.
 */
@ActivityInterface
public interface CadActivities {
    /**
     * Looks in the archive for the file of an identical earlier request: same prompt, images by their content, design
     * mode and format. Costs no request. Only asked where a request has {@code reuse}.
     *
     * @return that file, found to be what its manifest says and what the request expects; nothing where there is none
     */
    @ActivityMethod(name = "FindArchivedCadFile")
    FindArchivedResult findArchived(FindArchivedInput input);

    /**
     * Submits a job, or takes up the one that the request names, and decides how to wait for it.
     *
     * @return the job and its wait plan, the same job for the same idempotency key
     */
    @ActivityMethod(name = "SubmitCadJob")
    SubmitResult submit(SubmitInput input);

    /** Asks Makistry once how the job stands. */
    @ActivityMethod(name = "PollCadJob")
    PollResult poll(PollInput input);

    /**
     * Downloads the file of a job that succeeded, proves it, and publishes it in the archive with its manifest;
     * where that has been done already, the same answer.
     */
    @ActivityMethod(name = "ArchiveCadFile")
    ArchiveResult archive(ArchiveInput input);
}
