package dev.cadflow.starter;

import dev.cadflow.workflow.CadFailure;
import io.temporal.client.WorkflowFailedException;
import io.temporal.failure.CanceledFailure;
import io.temporal.failure.TemporalFailure;
import io.temporal.failure.TerminatedFailure;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Says why there is no file, and what to do next. */
final class Failures {
    private Failures() {}

    /** Says how a workflow ended that gave no result. */
    static void tell(WorkflowFailedException failure, @Nullable String jobId, Console console) {
        console.status("");
        console.say("");
        Optional<CadFailure> typed = CadFailure.from(failure);
        if (typed.isPresent()) {
            tell(typed.get(), jobId, console);
            return;
        }
        console.say("Failed    " + untyped(failure.getCause()));
        tellJob(jobId, console);
        if (jobId != null) {
            console.say("Next      Take the job up again with ./cadflow generate --job-id " + jobId);
        }
    }

    private static void tell(CadFailure failure, @Nullable String jobId, Console console) {
        CadFailure.Details details = failure.details();
        console.say("Failed    " + failure.type().wireName() + ": " + failure.message());
        details.problems().stream()
                .map(CadFailure.Problem::toString)
                .filter(problem -> !failure.message().contains(problem))
                .forEach(problem -> console.say("          " + problem));
        tellJob(details.jobId() == null ? jobId : details.jobId(), console);
        if (details.location() != null) {
            console.say("Kept      " + details.location());
        }
        if (details.nextStep() != null) {
            console.say("Next      " + details.nextStep());
        }
    }

    private static void tellJob(@Nullable String jobId, Console console) {
        if (jobId != null) {
            console.say("Job       " + jobId);
        }
    }

    private static String untyped(@Nullable Throwable cause) {
        if (cause instanceof CanceledFailure) {
            return "the workflow was cancelled";
        }
        if (cause instanceof TerminatedFailure terminated) {
            return "the workflow was terminated: " + terminated.getOriginalMessage();
        }
        return cause instanceof TemporalFailure temporal
                ? "the workflow ended with " + temporal.getClass().getSimpleName() + ": "
                        + temporal.getOriginalMessage()
                : "the workflow ended without a reason";
    }
}
