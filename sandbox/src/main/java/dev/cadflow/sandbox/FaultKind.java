package dev.cadflow.sandbox;

import static dev.cadflow.sandbox.FaultTarget.DOWNLOAD;
import static dev.cadflow.sandbox.FaultTarget.GET_JOB;
import static dev.cadflow.sandbox.FaultTarget.LIST_JOBS;
import static dev.cadflow.sandbox.FaultTarget.SUBMIT;
import static dev.cadflow.sandbox.FaultTarget.WEBHOOK;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** What goes wrong. Faults of different stages strike together; of one stage the first that matches strikes. */
public enum FaultKind {
    /** Answers with {@code status}, {@code body}, {@code content_type}, {@code headers}; nothing is processed. */
    ANSWER(Stage.ANSWER, EnumSet.complementOf(EnumSet.of(WEBHOOK))),
    /** Cuts the connection after the request was read; nothing is processed. */
    CUT_BEFORE(Stage.ANSWER, EnumSet.complementOf(EnumSet.of(WEBHOOK))),
    /** Processes the request and cuts the connection without an answer: a job was taken and charged. */
    CUT_AFTER(Stage.ANSWER, EnumSet.complementOf(EnumSet.of(WEBHOOK))),
    /** Cuts the answer's body after {@code offset_bytes} (default: its half); Content-Length names the whole. */
    TRUNCATED(Stage.ANSWER, EnumSet.complementOf(EnumSet.of(WEBHOOK))),
    /**
     * Holds the answer for {@code hold}, before its head or, where given, after {@code offset_bytes} of its body. Each
     * takes one of the sandbox's 256 threads meanwhile.
     */
    STALLED(Stage.ANSWER, EnumSet.complementOf(EnumSet.of(WEBHOOK))),
    /** Sends the body with {@code bytes_per_second}, for at most {@code hold}; then the rest at once. */
    SLOW(Stage.ANSWER, EnumSet.complementOf(EnumSet.of(WEBHOOK))),
    /** Sends a JSON object of {@code length_bytes} (default 200 MB) in place of the answer's body. */
    HUGE(Stage.ANSWER, EnumSet.complementOf(EnumSet.of(WEBHOOK))),
    /** Says {@code Content-Encoding: gzip} over a body that is none. */
    NOT_GZIP(Stage.ANSWER, EnumSet.complementOf(EnumSet.of(WEBHOOK))),
    /** Sets {@code headers} on the answer; a header with an empty value is left out. */
    HEADERS(Stage.ANSWER, EnumSet.complementOf(EnumSet.of(WEBHOOK))),

    /** The job fails with {@code error_code} and {@code error_message} when its time is up. */
    JOB_FAILS(Stage.JOB, EnumSet.of(SUBMIT)),
    /** The job never ends by itself. */
    JOB_HELD(Stage.JOB, EnumSet.of(SUBMIT)),
    /** The job's file has at least {@code length_bytes}, and is still the same valid part. */
    LARGE_FILE(Stage.JOB, EnumSet.of(SUBMIT)),

    /** Shows the job with {@code text} as its status, and without what a finished job has. */
    JOB_STATUS(Stage.VIEW, EnumSet.of(GET_JOB, LIST_JOBS, WEBHOOK)),
    /** Shows the job without {@code download_url}. */
    NO_DOWNLOAD_URL(Stage.VIEW, EnumSet.of(GET_JOB, LIST_JOBS, WEBHOOK)),
    /** Adds fields that the vendor does not have, at the top and within. */
    EXTRA_FIELDS(Stage.VIEW, EnumSet.of(SUBMIT, GET_JOB, LIST_JOBS, WEBHOOK)),
    /** Shows an array where the job's object belongs: a broken entry in a list. */
    BROKEN_JOB(Stage.VIEW, EnumSet.of(GET_JOB, LIST_JOBS, WEBHOOK)),

    /** Flips the lowest bit of the byte at {@code offset_bytes} (default: the middle). */
    FILE_CORRUPTED(Stage.FILE, EnumSet.of(DOWNLOAD)),
    /** Zeros {@code length_bytes} (default 4096) from {@code offset_bytes} (default: the middle) on. */
    FILE_ZEROED(Stage.FILE, EnumSet.of(DOWNLOAD)),
    /** Sends {@code body} (default: an HTML page) in place of the file. */
    FILE_WRONG(Stage.FILE, EnumSet.of(DOWNLOAD)),
    /** Replaces the job's file, from this request on, with one of another hole, under another ETag. */
    FILE_CHANGED(Stage.FILE, EnumSet.of(DOWNLOAD)),
    /** Refuses the signature as expired. */
    SIGNATURE_EXPIRED(Stage.FILE, EnumSet.of(DOWNLOAD)),
    /** Answers a range request with the whole file and status 200. */
    RANGE_IGNORED(Stage.FILE, EnumSet.of(DOWNLOAD)),

    /** The webhook is never sent. */
    WEBHOOK_DROPPED(Stage.DELIVERY, EnumSet.of(WEBHOOK)),
    /** The webhook is sent twice, side by side. */
    WEBHOOK_DOUBLED(Stage.DELIVERY, EnumSet.of(WEBHOOK)),
    /** The webhook is sent after {@code hold}, which the time scale applies to. */
    WEBHOOK_DELAYED(Stage.DELIVERY, EnumSet.of(WEBHOOK)),
    /** The webhook is signed with a secret that nobody has. */
    WEBHOOK_WRONG_SIGNATURE(Stage.DELIVERY, EnumSet.of(WEBHOOK)),
    /** The webhook is well signed, {@code hold} ago (default 301 s; not scaled); a negative one lies ahead. */
    WEBHOOK_STALE(Stage.DELIVERY, EnumSet.of(WEBHOOK)),
    /** The webhook is well signed and carries the job {@code job_id} (default: one that does not exist). */
    WEBHOOK_OTHER_JOB(Stage.DELIVERY, EnumSet.of(WEBHOOK)),
    /** The webhook carries {@code body}, well signed. */
    WEBHOOK_BODY(Stage.DELIVERY, EnumSet.of(WEBHOOK)),
    /** The job ends at once, and its webhook is answered before its submit is. */
    WEBHOOK_EARLY(Stage.EARLY, EnumSet.of(WEBHOOK));

    /** The moment at which a fault is looked for. */
    enum Stage {
        ANSWER,
        JOB,
        VIEW,
        FILE,
        DELIVERY,
        EARLY
    }

    private final Stage stage;

    @SuppressWarnings("ImmutableEnumChecker") // made by Set.copyOf
    private final Set<FaultTarget> targets;

    FaultKind(Stage stage, EnumSet<FaultTarget> targets) {
        this.stage = stage;
        this.targets = Set.copyOf(targets);
    }

    Stage stage() {
        return stage;
    }

    /** Where a fault of this kind can strike. */
    public Set<FaultTarget> targets() {
        return targets;
    }

    /** The name in the control endpoint. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    static Optional<FaultKind> of(String wireName) {
        return Arrays.stream(values())
                .filter(kind -> kind.wireName().equals(wireName))
                .findFirst();
    }
}
