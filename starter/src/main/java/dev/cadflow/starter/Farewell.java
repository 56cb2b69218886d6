package dev.cadflow.starter;

import dev.cadflow.workflow.CadRequest;
import io.temporal.client.WorkflowStub;
import org.jspecify.annotations.Nullable;

/**
 * What is said and done when a command is interrupted: how to go on where something lives on, what is lost where not.
 * Runs on another thread than the command.
 */
final class Farewell {
    private final Console console;
    private final OpenResources open;
    private final Narrator narrator;
    private final String workflowId;
    private final String adoptOptions;
    private volatile @Nullable Workplace workplace;
    private volatile boolean started;

    /**
     * Nothing is started yet.
     *
     * @param request what is made; null where that is not known
     */
    Farewell(Console console, OpenResources open, Narrator narrator, @Nullable CadRequest request, String workflowId) {
        this.console = console;
        this.open = open;
        this.narrator = narrator;
        this.workflowId = workflowId;
        this.adoptOptions = request == null ? "" : adoptOptions(request);
    }

    private static String adoptOptions(CadRequest request) {
        return (request.designMode() == null
                        ? ""
                        : " --mode " + request.designMode().wireName())
                + (request.outputFormat() == null
                        ? ""
                        : " --format " + request.outputFormat().wireName());
    }

    /** The workflow runs there from now on. */
    void startedAt(Workplace place) {
        workplace = place;
        started = true;
    }

    /** Says it, silences the command, and closes what is open. */
    void interrupted() {
        Workplace place = workplace;
        if (place == null || !started) {
            console.say("Interrupted before the workflow was started: nothing was submitted.");
        } else if (place.ownSandbox()) {
            sayGoodbyeToSandbox(place);
        } else if (place.temporal().outlivesProcess()) {
            console.say("Interrupted. The workflow lives on; attach again with\n  ./cadflow attach " + workflowId
                    + (place.ownWorker() ? "\nIts worker was this command's: until then nothing works on it." : ""));
        } else {
            sayWhatIsLost();
        }
        console.silence();
        open.close();
    }

    private void sayGoodbyeToSandbox(Workplace place) {
        if (place.temporal().outlivesProcess()) {
            try {
                WorkflowStub workflow = place.client().newUntypedWorkflowStub(workflowId);
                workflow.terminate("interrupted, and its job's sandbox ended with the command");
            } catch (RuntimeException unreachable) {
                console.say(
                        "The workflow could not be terminated; do it with\n  temporal workflow terminate --workflow-id "
                                + workflowId);
            }
        }
        console.say("Interrupted. The sandbox ends with this command and takes the job along; nothing was paid for.");
    }

    private void sayWhatIsLost() {
        String jobId = narrator.jobId();
        if (jobId == null) {
            console.say("Interrupted. The workflow ends with this command's own Temporal server. Whether Makistry has"
                    + " taken a job is not known: see its list of jobs before you submit again.");
        } else {
            console.say("Interrupted. The workflow ends with this command's own Temporal server, but Makistry goes on"
                    + " with the job, which is paid for once it succeeds. Take it up again with\n  ./cadflow generate --job-id "
                    + jobId + adoptOptions);
        }
    }
}
