package dev.cadflow.sandbox;

import dev.cadflow.sandbox.part.BoxWithHole;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A job as the sandbox keeps it. Safe for use by many threads: what changes is guarded by the job itself. */
final class Job {

    /** How a job fails. */
    record Failure(String code, String message) {

        /** The vendor's example. */
        static final Failure EXAMPLE = new Failure(
                "geometry_validation_failed", "Contract gate rejected: contradictory dimension constraints detected");
    }

    private static final int MOST_DELIVERIES_KEPT = 100;

    private final String id;
    private final SubmitRequest request;
    private final @Nullable String idempotencyKey;
    private final BoxWithHole part;
    private final Instant createdAt;
    private final Instant processingFrom;
    private final Instant dueAt;
    private final long fileBytes;
    private final List<Delivery> deliveries = new ArrayList<>();
    private Instant expiresAt;
    private @Nullable Failure failure;
    private boolean held;
    private boolean finished;
    private boolean forgotten;
    private boolean fileChanged;
    private Instant finishedAt;

    Job(
            String id,
            SubmitRequest request,
            @Nullable String idempotencyKey,
            Instant createdAt,
            Duration processingTime,
            Duration lifetime,
            @Nullable Fault fault) {
        this.id = id;
        this.request = request;
        this.idempotencyKey = idempotencyKey;
        this.part = BoxWithHole.fromPrompt(request.promptOrEmpty());
        this.createdAt = createdAt;
        // A tenth of the time in the queue, so that clients see both states.
        this.processingFrom = createdAt.plus(processingTime.dividedBy(10));
        this.dueAt = createdAt.plus(processingTime);
        this.expiresAt = createdAt.plus(lifetime);
        this.finishedAt = dueAt;
        this.failure = fault != null && fault.kind() == FaultKind.JOB_FAILS ? failureOf(fault) : null;
        this.held = fault != null && fault.kind() == FaultKind.JOB_HELD;
        this.fileBytes = fault != null && fault.kind() == FaultKind.LARGE_FILE && fault.lengthBytes() != null
                ? fault.lengthBytes()
                : 0;
    }

    private static Failure failureOf(Fault fault) {
        String code = fault.errorCode() == null ? Failure.EXAMPLE.code() : fault.errorCode();
        String message = fault.errorMessage() == null ? Failure.EXAMPLE.message() : fault.errorMessage();
        return new Failure(code, message);
    }

    String id() {
        return id;
    }

    SubmitRequest request() {
        return request;
    }

    @Nullable String idempotencyKey() {
        return idempotencyKey;
    }

    Instant createdAt() {
        return createdAt;
    }

    Instant dueAt() {
        return dueAt;
    }

    /** The file is padded to at least so many bytes. */
    long fileBytes() {
        return fileBytes;
    }

    FaultMatch.Subject subject() {
        return new FaultMatch.Subject(id, request.prompt(), request.metadata());
    }

    /** The part of the file as it is stored now. */
    synchronized BoxWithHole part() {
        return fileChanged
                ? new BoxWithHole(
                        part.lengthMillimetres(),
                        part.widthMillimetres(),
                        part.heightMillimetres(),
                        part.holeDiameterMillimetres() * 0.75)
                : part;
    }

    synchronized void changeFile() {
        fileChanged = !fileChanged;
    }

    synchronized JobStatus status(Instant now) {
        if (finished) {
            return failure == null ? JobStatus.SUCCESS : JobStatus.FAILED;
        }
        return now.isBefore(processingFrom) ? JobStatus.QUEUED : JobStatus.PROCESSING;
    }

    synchronized Instant updatedAt(Instant now) {
        if (finished) {
            return finishedAt;
        }
        return now.isBefore(processingFrom) ? createdAt : processingFrom;
    }

    synchronized @Nullable Failure failure() {
        return finished ? failure : null;
    }

    /** Ends the job as planned where its time is up; says whether it did. */
    synchronized boolean finishIfDue(Instant now) {
        if (finished || forgotten || held || now.isBefore(dueAt)) {
            return false;
        }
        finished = true;
        finishedAt = now;
        return true;
    }

    /** Ends the job now; says whether it had not ended before. */
    synchronized boolean finish(Instant now, @Nullable Failure how) {
        if (finished || forgotten) {
            return false;
        }
        finished = true;
        finishedAt = now;
        failure = how;
        return true;
    }

    /** How it will end unless someone says otherwise. */
    synchronized @Nullable Failure plannedFailure() {
        return failure;
    }

    synchronized boolean isHeld() {
        return held;
    }

    synchronized boolean isFinished() {
        return finished;
    }

    synchronized Instant expiresAt() {
        return expiresAt;
    }

    synchronized void expire(Instant now) {
        expiresAt = now;
    }

    /** After a reset the job neither ends nor is delivered any more. */
    synchronized void forget() {
        forgotten = true;
    }

    synchronized boolean isForgotten() {
        return forgotten;
    }

    synchronized void delivered(Delivery delivery) {
        if (deliveries.size() < MOST_DELIVERIES_KEPT) {
            deliveries.add(delivery);
        }
    }

    synchronized SandboxJob snapshot(Instant now) {
        Failure reason = failure();
        return new SandboxJob(
                id,
                status(now),
                request.endpoint(),
                request.designMode(),
                request.outputFormat(),
                request.prompt(),
                request.metadata(),
                request.callbackUrl(),
                idempotencyKey,
                part(),
                createdAt,
                updatedAt(now),
                expiresAt,
                reason == null ? null : reason.code(),
                reason == null ? null : reason.message(),
                deliveries);
    }
}
