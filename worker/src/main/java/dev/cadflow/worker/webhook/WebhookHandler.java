package dev.cadflow.worker.webhook;

import dev.cadflow.worker.http.RequestBody;
import dev.cadflow.worker.webhook.JobReader.NotAJobException;
import dev.cadflow.worker.webhook.JobReader.ReceivedJob;
import dev.cadflow.worker.webhook.SignatureVerifier.Verdict;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpHeaderValue;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One request to the receiver, from its first header to its answer. */
final class WebhookHandler extends Handler.Abstract {
    private static final Logger LOG = LoggerFactory.getLogger(WebhookServer.class);

    private final WebhookLimits limits;
    private final SignatureVerifier verifier;
    private final JobReader reader;
    private final WorkflowSignaller signaller;
    private final Consumer<WebhookOutcome> outcomes;
    private final Semaphore signals;

    WebhookHandler(
            WebhookLimits limits,
            SignatureVerifier verifier,
            JobReader reader,
            WorkflowSignaller signaller,
            Consumer<WebhookOutcome> outcomes) {
        this.limits = limits;
        this.verifier = verifier;
        this.reader = reader;
        this.signaller = signaller;
        this.outcomes = outcomes;
        this.signals = new Semaphore(limits.maxSignals());
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        if (!WebhookServer.PATH.equals(Request.getPathInContext(request))) {
            answer(WebhookOutcome.WRONG_PATH, response, callback);
        } else if (!HttpMethod.POST.is(request.getMethod())) {
            response.getHeaders().put(HttpHeader.ALLOW, HttpMethod.POST.asString());
            answer(WebhookOutcome.WRONG_METHOD, response, callback);
        } else {
            RequestBody.read(
                    request,
                    limits.maxBodyBytes(),
                    limits.bodyTimeout(),
                    body -> answer(take(request, body), response, callback),
                    failure -> answer(outcomeOf(failure), response, callback));
        }
        return true;
    }

    private WebhookOutcome take(Request request, byte[] body) {
        Verdict verdict = verifier.verify(
                request.getHeaders().getValuesList(SignatureVerifier.TIMESTAMP_HEADER),
                request.getHeaders().getValuesList(SignatureVerifier.SIGNATURE_HEADER),
                body);
        return switch (verdict) {
            case GENUINE -> takeGenuine(body);
            case STALE ->
                refused(
                        WebhookOutcome.STALE,
                        "was signed more than "
                                + SignatureVerifier.TOLERANCE.toSeconds()
                                + " s ago or ahead: a replay, or this machine's clock is off");
            case MALFORMED -> refused(WebhookOutcome.BAD_SIGNATURE, "has no well-formed signature");
            case FORGED ->
                refused(
                        WebhookOutcome.BAD_SIGNATURE,
                        "was signed with none of the secrets in MAKISTRY_SIGNING_SECRETS");
        };
    }

    private WebhookOutcome takeGenuine(byte[] body) {
        ReceivedJob received;
        try {
            received = reader.read(body);
        } catch (NotAJobException notAJob) {
            return refused(WebhookOutcome.NOT_A_JOB, "is signed, but not a job: " + notAJob.getMessage());
        }
        String workflowId = received.workflowId();
        if (workflowId == null || workflowId.isBlank()) {
            LOG.info("Webhook of {} names no workflow; left alone", received.job());
            return WebhookOutcome.NOT_OURS;
        }
        if (!received.job().isTerminal()) {
            LOG.info("Webhook of {} is not of an end; left alone", received.job());
            return WebhookOutcome.NOT_FINISHED;
        }
        if (!signals.tryAcquire()) {
            LOG.warn("Webhook of {} put off: {} signals are under way", received.job(), limits.maxSignals());
            return WebhookOutcome.UNAVAILABLE;
        }
        try {
            return signal(workflowId, received);
        } finally {
            signals.release();
        }
    }

    private WebhookOutcome signal(String workflowId, ReceivedJob received) {
        try {
            return switch (signaller.signal(workflowId, received.job())) {
                case SIGNALLED -> WebhookOutcome.SIGNALLED;
                case NO_SUCH_WORKFLOW -> {
                    LOG.info("Webhook of {}: no workflow {} is running", received.job(), workflowId);
                    yield WebhookOutcome.NO_SUCH_WORKFLOW;
                }
            };
        } catch (SignalNotDeliveredException notNow) {
            LOG.warn("Webhook of {} put off: {}", received.job(), notNow.getMessage());
            return WebhookOutcome.UNAVAILABLE;
        }
    }

    private WebhookOutcome refused(WebhookOutcome outcome, String why) {
        LOG.warn("Webhook refused with {}: it {}", outcome.httpStatus(), why);
        return outcome;
    }

    private static WebhookOutcome outcomeOf(RequestBody.Failure failure) {
        return switch (failure) {
            case TOO_LARGE -> WebhookOutcome.TOO_LARGE;
            case TOO_SLOW -> WebhookOutcome.TOO_SLOW;
            case BROKEN_OFF -> WebhookOutcome.BROKEN_OFF;
        };
    }

    private void answer(WebhookOutcome outcome, Response response, Callback callback) {
        outcomes.accept(outcome);
        response.setStatus(outcome.httpStatus());
        if (!outcome.isBodyRead()) {
            // What is left of the body is in the way of another request on this connection.
            response.getHeaders().put(HttpHeader.CONNECTION, HttpHeaderValue.CLOSE);
        }
        response.write(true, null, callback);
    }
}
