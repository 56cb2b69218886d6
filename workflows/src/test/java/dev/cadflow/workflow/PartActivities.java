package dev.cadflow.workflow;

import dev.cadflow.activity.ArchiveInput;
import dev.cadflow.activity.ArchiveResult;
import dev.cadflow.activity.CadActivities;
import dev.cadflow.activity.FindArchivedInput;
import dev.cadflow.activity.FindArchivedResult;
import dev.cadflow.activity.PollInput;
import dev.cadflow.activity.PollResult;
import dev.cadflow.activity.SubmitInput;
import dev.cadflow.activity.SubmitResult;
import dev.cadflow.activity.WaitPlan;
import java.time.Duration;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Activities that make any number of parts: every job is done at its first poll, unless its prompt is one of those
 * that never end or are refused.
 */
final class PartActivities implements CadActivities {
    /** A prompt that Makistry refuses. */
    static final String REFUSED = "refused";
    /** A prompt of which nothing comes before the deadline. */
    static final String ENDLESS = "endless";
    /** A prompt whose job fails, paid for as it is. */
    static final String FAILING = "failing";
    /** A prompt for which the account has no credit. */
    static final String UNPAID = "unpaid";

    final Queue<SubmitInput> submits = new ConcurrentLinkedQueue<>();
    final AtomicInteger mostAtOnce = new AtomicInteger();

    private final Duration firstPoll;
    private final Map<String, String> promptOfJob = new ConcurrentHashMap<>();
    private final Set<String> inWork = ConcurrentHashMap.newKeySet();

    /** Activities whose jobs take so long. */
    PartActivities(Duration firstPoll) {
        this.firstPoll = firstPoll;
    }

    /** The job that a submit buys: the same for the same key. */
    static String jobId(SubmitInput submit) {
        return "pub_" + submit.idempotencyKey();
    }

    @Override
    public FindArchivedResult findArchived(FindArchivedInput input) {
        return FindArchivedResult.NOTHING;
    }

    @Override
    public SubmitResult submit(SubmitInput input) {
        submits.add(input);
        String prompt = String.valueOf(input.request().prompt());
        switch (prompt) {
            case REFUSED ->
                throw CadFailure.of(FailureType.INVALID_INPUT, "prompt: expected a part, found none")
                        .toApplicationFailure(null);
            case UNPAID ->
                throw CadFailure.of(FailureType.PAYMENT_REQUIRED, "expected credit, found none")
                        .toApplicationFailure(null);
            default -> {
                String jobId = jobId(input);
                promptOfJob.put(jobId, prompt);
                inWork.add(jobId);
                mostAtOnce.accumulateAndGet(inWork.size(), Math::max);
                WaitPlan plan = new WaitPlan(
                        false,
                        firstPoll,
                        Duration.ofMinutes(1),
                        Duration.ZERO,
                        Duration.ofMinutes(1),
                        Duration.ofDays(7));
                return new SubmitResult(jobId, plan, 1);
            }
        }
    }

    @Override
    public PollResult poll(PollInput input) {
        String jobId = input.jobId();
        return switch (promptOfJob.getOrDefault(jobId, "")) {
            case ENDLESS -> new PollResult("processing", null, 1);
            case FAILING ->
                new PollResult("failed", ScriptedActivities.failed(jobId, "geometry_validation_failed", "no solid"), 1);
            default -> new PollResult("success", ScriptedActivities.succeeded(jobId), 1);
        };
    }

    @Override
    public ArchiveResult archive(ArchiveInput input) {
        inWork.remove(input.job().jobId());
        return ScriptedActivities.archived(input);
    }
}
