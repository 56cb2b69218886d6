package dev.cadflow.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;

/**
 * What tests and people steer the sandbox with, below {@code /sandbox}; the package's documentation lists the calls. It
 * has no key and does not count toward the quota.
 */
final class ControlEndpoint {

    private static final int LARGEST_BODY_BYTES = 1 << 20;
    private static final Pattern JOB = Pattern.compile("/sandbox/jobs/([^/]{1,200})/(finish|expire)");

    private final SandboxControl control;

    ControlEndpoint(SandboxControl control) {
        this.control = control;
    }

    Answer handle(Request request) {
        try {
            // A web page that is open in a browser beside the sandbox must not steer it.
            if (request.getHeaders().contains(HttpHeader.ORIGIN)) {
                throw new Refusal(403, null, "Origin: expected none, found one: no web page may steer the sandbox");
            }
            return answer(request.getMethod() + " " + Request.getPathInContext(request), request);
        } catch (Refusal refusal) {
            return refusal.answer();
        }
    }

    private Answer answer(String call, Request request) throws Refusal {
        return switch (call) {
            case "GET /sandbox/state" -> Answer.json(200, state());
            case "GET /sandbox/faults" -> Answer.json(200, Json.object().set("faults", pendingFaults()));
            case "POST /sandbox/faults" -> addFaults(body(request));
            case "DELETE /sandbox/faults" -> done(() -> control.faults().clear());
            case "POST /sandbox/pause" -> done(control::pause);
            case "POST /sandbox/resume" -> done(control::resume);
            case "POST /sandbox/reset" -> done(control::reset);
            default -> job(call, request);
        };
    }

    private static Answer done(Runnable action) {
        action.run();
        return Answer.json(200, Json.object().put("ok", true));
    }

    private Answer addFaults(JsonNode body) throws Refusal {
        List<Fault> faults = new ArrayList<>();
        try {
            if (body.isArray()) {
                body.forEach(node -> faults.add(FaultJson.read(node)));
            } else {
                faults.add(FaultJson.read(body));
            }
            control.faults().add(faults.toArray(Fault[]::new));
        } catch (IllegalArgumentException | IllegalStateException e) {
            throw Refusal.invalidInput(String.valueOf(e.getMessage()));
        }
        return Answer.json(200, Json.object().put("added", faults.size()));
    }

    private Answer job(String call, Request request) throws Refusal {
        Matcher matcher = JOB.matcher(Request.getPathInContext(request));
        if (!matcher.matches()) {
            throw Refusal.notFound("path: expected a call of the control endpoint, found " + call);
        }
        if (!request.getMethod().equals("POST")) {
            throw Refusal.methodNotAllowed(request.getMethod(), "POST");
        }
        String id = matcher.group(1);
        JsonNode body = body(request);
        try {
            if (matcher.group(2).equals("expire")) {
                control.expire(id);
            } else {
                finish(id, body);
            }
        } catch (IllegalArgumentException e) {
            throw Refusal.notFound(String.valueOf(e.getMessage()));
        }
        return Answer.json(200, Json.object().put("ok", true));
    }

    private void finish(String id, JsonNode body) throws Refusal {
        String status = body.path("status").asText(JobStatus.SUCCESS.wireName());
        switch (status) {
            case "success" -> control.finish(id);
            case "failed" ->
                control.fail(
                        id,
                        body.path("error_code").asText(Job.Failure.EXAMPLE.code()),
                        body.path("error_message").asText(Job.Failure.EXAMPLE.message()));
            default -> throw Refusal.invalidInput("status: expected success or failed, found " + status);
        }
    }

    private static JsonNode body(Request request) throws Refusal {
        byte[] bytes = BodyReader.read(request, LARGEST_BODY_BYTES);
        if (bytes.length == 0) {
            return Json.object();
        }
        try {
            return Json.read(bytes);
        } catch (IOException e) {
            throw Refusal.invalidInput("body: expected JSON, found something else");
        }
    }

    private ObjectNode state() {
        SandboxCounts counts = control.counts();
        ObjectNode state = Json.object();
        ObjectNode numbers = state.putObject("counts");
        numbers.put("api_requests", counts.apiRequests());
        ObjectNode byRoute = numbers.putObject("by_route");
        for (Route route : Route.values()) {
            byRoute.put(route.wireName(), counts.of(route));
        }
        numbers.put("refused_by_quota", counts.refusedByQuota());
        numbers.put("submits_charged", counts.submitsCharged());
        numbers.put("submits_repeated", counts.submitsRepeated());
        numbers.put("credits_reserved", counts.creditsReserved());
        numbers.put("credits_consumed", counts.creditsConsumed());
        numbers.put("downloads_with_authorization", counts.downloadsWithAuthorization());
        numbers.put("downloads_by_range", counts.downloadsByRange());
        ArrayNode jobs = state.putArray("jobs");
        control.jobs().forEach(job -> jobs.add(view(job)));
        state.put("idempotency_keys", control.idempotencyKeys());
        state.set("faults", pendingFaults());
        return state;
    }

    private static ObjectNode view(SandboxJob job) {
        ObjectNode view = Json.object()
                .put("job_id", job.jobId())
                .put("status", job.status().wireName())
                .put("endpoint", job.endpoint().wireName())
                .put("design_mode", job.designMode().wireName())
                .put("output_format", job.outputFormat().wireName())
                .put("created_at", SandboxTime.format(job.createdAt()))
                .put("updated_at", SandboxTime.format(job.updatedAt()))
                .put("expires_at", SandboxTime.format(job.expiresAt()))
                .put("prompt", job.prompt())
                .put("callback_url", String.valueOf(job.callbackUrl()))
                .put("idempotency_key", job.idempotencyKey());
        view.set("metadata", job.metadata());
        ArrayNode deliveries = view.putArray("deliveries");
        for (Delivery delivery : job.deliveries()) {
            deliveries
                    .addObject()
                    .put("attempt", delivery.attempt())
                    .put("at", SandboxTime.format(delivery.at()))
                    .put("answer", delivery.answer())
                    .put("problem", delivery.problem());
        }
        return view;
    }

    private ArrayNode pendingFaults() {
        ArrayNode faults = JsonNodeFactory.instance.arrayNode();
        for (Faults.Remaining pending : control.faults().pending()) {
            faults.addObject()
                    .put("target", pending.fault().target().wireName())
                    .put("kind", pending.fault().kind().wireName())
                    .put("remaining", pending.remaining());
        }
        return faults;
    }
}
