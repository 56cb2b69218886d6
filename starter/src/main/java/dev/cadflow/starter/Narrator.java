package dev.cadflow.starter;

import dev.cadflow.workflow.CadProgress;
import dev.cadflow.workflow.CadProgress.Stage;
import dev.cadflow.workflow.CadResult;
import dev.cadflow.workflow.Measures;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Tells a person what a workflow does: each step on a line when it happens, each retry once, and on a terminal what
 * goes on now. A step that was over before anyone looked is told all the same. For one thread, but the
 * job's id may be asked for by others.
 */
final class Narrator {
    private static final Duration SHORT = Duration.ofSeconds(100);
    private static final int UNANSWERED_BEFORE_TOLD = 3;

    private final Console console;
    private final Clock clock;
    private final Instant begin;
    private final Set<String> retriesTold = new HashSet<>();
    private volatile @Nullable String jobId;
    private boolean waitingTold;
    private boolean archivingTold;
    private boolean adopted;
    private int unanswered;

    /** Starts to count the time. */
    Narrator(Console console, Clock clock) {
        this.console = console;
        this.clock = clock;
        this.begin = clock.instant();
    }

    /** The job that is to be taken up instead of submitting one. */
    void adopting(String job) {
        adopted = true;
        jobId = job;
        step("taking up job " + job);
    }

    /** Makistry's job, once it is known. */
    @Nullable String jobId() {
        return jobId;
    }

    /**
     * Tells what is new.
     *
     * @param archive how far the download is; null where none runs
     */
    void progress(CadProgress progress, List<RetryingActivity> retrying, @Nullable RunningArchive archive) {
        unanswered = 0;
        tellJob(progress.jobId());
        if (progress.stage() == Stage.WAITING) {
            tellWaiting(progress);
        }
        if (progress.stage() == Stage.ARCHIVING) {
            tellArchiving();
        }
        retrying.forEach(this::tellRetry);
        console.status(elapsed() + "  " + now(progress, retrying, archive));
    }

    /** The workflow could not be asked; told once where it stays so. */
    void unanswered() {
        if (++unanswered == UNANSWERED_BEFORE_TOLD) {
            step("no worker answers for the workflow yet; one must poll its task queue, such as ./cadflow worker");
        }
        console.status(elapsed() + "  no worker answers yet");
    }

    /** Tells the end, and what of the way to it was not told. */
    void done(CadResult result) {
        tellJob(result.jobId());
        tellArchiving();
        step("downloaded, proven and archived");
        console.status("");
        console.say("");
        console.say("File      " + Places.shown(result.file().uri()));
        console.say("Size      "
                + String.format(Locale.ROOT, "%,d bytes", result.file().sizeBytes()) + ", "
                + result.file().outputFormat().wireName());
        console.say("SHA-256   " + result.file().sha256());
        Measures measures = result.file().measures();
        if (measures != null && measures.boundingBoxMm() != null) {
            console.say("Measures  " + measures.boundingBoxMm());
        }
        console.say("Manifest  " + Places.shown(result.manifestUri()));
        console.say("Makistry  " + count(result.makistryRequests(), "request") + ", delivered by "
                + result.deliveredBy().name().toLowerCase(Locale.ROOT)
                + (result.tokensUsed() == null ? "" : String.format(Locale.ROOT, ", %,d tokens", result.tokensUsed())));
    }

    private void tellJob(@Nullable String job) {
        if (job != null && jobId == null) {
            jobId = job;
            step("submitted as job " + job);
        }
    }

    private void tellWaiting(CadProgress progress) {
        if (waitingTold) {
            return;
        }
        waitingTold = true;
        String deadline = progress.deadlineAt() == null ? "" : ", for " + until(progress.deadlineAt()) + " at most";
        String poll = progress.nextPollAt() == null ? "" : ", first poll in " + until(progress.nextPollAt());
        step((progress.callbackRegistered()
                        ? "waiting for the webhook"
                        : "waiting; Makistry is asked from time to time")
                + poll
                + deadline);
    }

    private void tellArchiving() {
        if (!archivingTold) {
            archivingTold = true;
            step(adopted ? "the job is done; downloading its file" : "done; downloading the file");
        }
    }

    private void tellRetry(RetryingActivity activity) {
        if (retriesTold.add(activity.name() + activity.attempt())) {
            step(activity.verb() + " failed, " + activity.failure() + "; try " + activity.attempt()
                    + (activity.nextTryAt() == null ? "" : " in " + until(activity.nextTryAt())));
        }
    }

    private String now(CadProgress progress, List<RetryingActivity> retrying, @Nullable RunningArchive archive) {
        if (archive != null) {
            return archive.toString();
        }
        return retrying.isEmpty() ? now(progress) : now(retrying.get(0));
    }

    private String now(RetryingActivity activity) {
        return activity.verb() + ": try " + activity.attempt()
                + (activity.nextTryAt() == null ? "" : " in " + until(activity.nextTryAt()));
    }

    private String now(CadProgress progress) {
        return switch (progress.stage()) {
            case SUBMITTING -> "submitting";
            case WAITING ->
                "Makistry works"
                        + (progress.jobStatus() == null ? "" : " (" + progress.jobStatus() + ")")
                        + (progress.nextPollAt() == null ? "" : ", next poll in " + until(progress.nextPollAt()));
            case ARCHIVING -> "downloading and proving";
            case DONE, FAILED, CANCELLED -> "ending";
        };
    }

    private void step(String text) {
        console.say(elapsed() + "  " + text);
    }

    private String elapsed() {
        Duration elapsed = Duration.between(begin, clock.instant());
        return elapsed.compareTo(SHORT) < 0
                ? String.format(Locale.ROOT, "%5.1f s", elapsed.toMillis() / 1000.0)
                : String.format(Locale.ROOT, "%2d:%02d  ", elapsed.toMinutes(), elapsed.toSecondsPart());
    }

    private String until(Instant time) {
        Duration left = Duration.between(clock.instant(), time);
        if (left.isNegative()) {
            return "0 s";
        }
        Duration rounded = left.plusMillis(500).truncatedTo(ChronoUnit.SECONDS);
        return rounded.compareTo(SHORT) < 0
                ? rounded.toSeconds() + " s"
                : rounded.toMinutes() + " min"
                        + (rounded.toSecondsPart() == 0 ? "" : " " + rounded.toSecondsPart() + " s");
    }

    private static String count(int number, String what) {
        return number + " " + what + (number == 1 ? "" : "s");
    }
}
