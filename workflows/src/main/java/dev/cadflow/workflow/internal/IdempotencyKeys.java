package dev.cadflow.workflow.internal;

import dev.cadflow.workflow.CadRequest;
import io.temporal.workflow.WorkflowInfo;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.UUID;

/** The keys under which a workflow buys: the same after a retry, a crash and a reset. */
final class IdempotencyKeys {
    private IdempotencyKeys() {}

    /**
     * The key of a purchase: it stands on the workflow's origin. Where the request brings a key of its own it stands on
     * that, and on what is asked for: under another prompt the same key buys another job.
     *
     * @param ordinal 1 for the first purchase of the workflow
     */
    static UUID forPurchase(WorkflowInfo info, CadRequest request, int ordinal) {
        String shared = request.idempotencyKey();
        if (shared != null) {
            return derive(shared + "\n" + askedFor(request), ordinal);
        }
        return derive(origin(info), ordinal);
    }

    /**
     * The run that stands for all that are to buy one job: the first of the chain, so that a run that the server starts
     * anew under a retry policy asks for the job that the first run bought. A cron schedule starts its runs in one chain
     * too, and each of them is meant to buy: there it is the run itself, as it was before any reset.
     */
    static String origin(WorkflowInfo info) {
        boolean recurring =
                info.getCronSchedule() != null && !info.getCronSchedule().isEmpty();
        return recurring ? info.getOriginalExecutionRunId() : info.getFirstExecutionRunId();
    }

    private static String askedFor(CadRequest request) {
        return String.join(
                "\n",
                request.designModeOrDefault().wireName(),
                request.outputFormatOrDefault().wireName(),
                String.join("\n", request.images()),
                request.prompt() == null ? "" : request.prompt());
    }

    /** A UUID of version 4 shape, as Makistry asks for, made of a digest instead of chance. */
    static UUID derive(String purchaser, int ordinal) {
        ByteBuffer digest = ByteBuffer.wrap(sha256("cadflow/submit/" + purchaser + "/" + ordinal));
        long high = (digest.getLong() & ~0xF000L) | 0x4000L;
        long low = (digest.getLong() & ~(0b11L << 62)) | (0b10L << 62);
        return new UUID(high, low);
    }

    private static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
