package dev.cadflow.archive;

import dev.cadflow.workflow.CadFailure;
import dev.cadflow.workflow.FailureType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A file could not be downloaded, proven or published. Carries the typed failure as a caller gets it; neither it nor
 * its causes hold a signed URL.
 */
public final class ArchiveException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient CadFailure failure;

    private ArchiveException(CadFailure failure, @Nullable Throwable cause) {
        super(failure.message(), cause);
        this.failure = failure;
    }

    /**
     * A failure with what to do next.
     *
     * @param message what was expected and what was found
     * @param nextStep what a person does to go on
     */
    public static ArchiveException of(FailureType type, String message, String nextStep) {
        return new ArchiveException(
                new CadFailure(type, message, CadFailure.Details.NONE.withNextStep(nextStep)), null);
    }

    /** The archive cannot do it now, because of that; tried again it may. */
    static ArchiveException unavailable(String message, String nextStep, Throwable cause) {
        return new ArchiveException(
                new CadFailure(
                        FailureType.ARCHIVE_UNAVAILABLE, message, CadFailure.Details.NONE.withNextStep(nextStep)),
                cause);
    }

    /** An archive key that breaks a rule. The job is paid for, so the next step is to adopt it under another key. */
    static ArchiveException invalidKey(String key, String rule) {
        CadFailure.Problem problem = new CadFailure.Problem("archive_key", rule, shortened(key));
        CadFailure.Details details = new CadFailure.Details(
                null,
                null,
                null,
                null,
                "Start again with the job's job_id, so that it is not paid twice, and another archive_key.",
                List.of(problem),
                null);
        return new ArchiveException(new CadFailure(FailureType.INVALID_INPUT, problem.toString(), details), null);
    }

    /** The typed failure, as it goes to the workflow. */
    public CadFailure failure() {
        return failure;
    }

    /** What happened; also says whether trying again may help. */
    public FailureType type() {
        return failure.type();
    }

    /** The same failure, which also says where the bytes were kept. */
    ArchiveException keptAt(String location) {
        CadFailure.Details known = failure.details();
        CadFailure.Details details = new CadFailure.Details(
                known.jobId(),
                known.errorCode(),
                known.errorMessage(),
                known.httpStatus(),
                known.nextStep(),
                known.problems(),
                location);
        return new ArchiveException(new CadFailure(failure.type(), failure.message(), details), getCause());
    }

    private static String shortened(String key) {
        return key.length() <= 100 ? key : key.substring(0, 100) + "… (" + key.length() + " characters)";
    }
}
