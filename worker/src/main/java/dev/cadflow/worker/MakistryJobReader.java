package dev.cadflow.worker;

import dev.cadflow.makistry.DownloadUrlSeal;
import dev.cadflow.makistry.Job;
import dev.cadflow.makistry.MakistryException;
import dev.cadflow.worker.webhook.JobReader;
import dev.cadflow.workflow.Cadflow;

/** Reads a webhook's body as the Makistry client reads an answer, and seals its download URL. */
public final class MakistryJobReader implements JobReader {
    private final DownloadUrlSeal seal;

    /** A reader whose URLs the workers with that seal can open. */
    public MakistryJobReader(DownloadUrlSeal seal) {
        this.seal = seal;
    }

    @Override
    public ReceivedJob read(byte[] body) throws NotAJobException {
        Job job;
        try {
            job = Job.parse(body);
        } catch (MakistryException notAJob) {
            throw new NotAJobException(String.valueOf(notAJob.getMessage()));
        }
        Object workflowId = job.metadata().get(Cadflow.WORKFLOW_ID_METADATA);
        return new ReceivedJob(workflowId instanceof String id ? id : null, seal.seal(job));
    }
}
