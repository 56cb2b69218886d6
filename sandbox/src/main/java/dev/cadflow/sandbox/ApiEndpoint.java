package dev.cadflow.sandbox;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.jspecify.annotations.Nullable;

/**
 * The calls below {@code /v1}. Each is counted, then checked for its key, then held to the quota; then a fault may
 * strike; only then it is processed.
 */
final class ApiEndpoint {

    private static final Pattern JOB = Pattern.compile("/v1/jobs/([^/]{1,200})");
    private static final Pattern ROTATE = Pattern.compile("/v1/keys/([^/]{1,200})/rotate-secret");

    private final byte[] authorization;
    private final String apiKeyId;
    private final QuotaWindow quota;
    private final Counters counters;
    private final Faults faults;
    private final JobStore store;
    private final JobRunner runner;
    private final JobViews views;
    private final Submits submits;
    private final SigningSecret signingSecret;
    private final SandboxTime time;

    ApiEndpoint(
            SandboxOptions options,
            QuotaWindow quota,
            Counters counters,
            Faults faults,
            JobStore store,
            JobRunner runner,
            JobViews views,
            Submits submits,
            SigningSecret signingSecret,
            SandboxTime time) {
        this.authorization = ("Bearer " + options.apiKey()).getBytes(StandardCharsets.UTF_8);
        this.apiKeyId = options.apiKeyId();
        this.quota = quota;
        this.counters = counters;
        this.faults = faults;
        this.store = store;
        this.runner = runner;
        this.views = views;
        this.submits = submits;
        this.signingSecret = signingSecret;
        this.time = time;
    }

    /** A request that was read, and what it asks for. */
    private record Call(@Nullable FaultTarget target, FaultMatch.Subject subject, Processing processing) {}

    private interface Processing {
        Answer process() throws Refusal;
    }

    Reply handle(Request request) {
        String path = Request.getPathInContext(request);
        Route route = route(path);
        counters.request(route);
        try {
            authorize(request);
            Call call = call(route, path, request);
            if (!quota.admit()) {
                counters.refusedByQuota();
                throw new Refusal(429, "quota_exceeded", "The key has spent its requests for this minute or hour");
            }
            return process(call);
        } catch (Refusal refusal) {
            return Reply.of(refusal.answer());
        }
    }

    private Reply process(Call call) {
        Fault fault = call.target == null ? null : faults.take(FaultKind.Stage.ANSWER, call.target, call.subject);
        if (fault != null && fault.kind() == FaultKind.ANSWER) {
            return Reply.of(AnswerWriter.of(fault));
        }
        if (fault != null && fault.kind() == FaultKind.CUT_BEFORE) {
            return new Reply(Answer.json(500, Json.object()), fault);
        }
        try {
            return new Reply(call.processing.process(), fault);
        } catch (Refusal refusal) {
            return new Reply(refusal.answer(), fault);
        }
    }

    private static Route route(String path) {
        return switch (path) {
            case "/v1/text-to-cad" -> Route.TEXT_TO_CAD;
            case "/v1/image-to-cad" -> Route.IMAGE_TO_CAD;
            case "/v1/jobs" -> Route.LIST_JOBS;
            default ->
                JOB.matcher(path).matches()
                        ? Route.GET_JOB
                        : ROTATE.matcher(path).matches() ? Route.ROTATE_SECRET : Route.UNKNOWN;
        };
    }

    private void authorize(Request request) throws Refusal {
        String value = request.getHeaders().get(HttpHeader.AUTHORIZATION);
        byte[] found = (value == null ? "" : value).getBytes(StandardCharsets.UTF_8);
        if (!MessageDigest.isEqual(authorization, found)) {
            throw new Refusal(
                    401,
                    "invalid_api_key",
                    "Authorization: expected Bearer and a valid API key, found "
                            + (value == null ? "nothing" : "something else"));
        }
    }

    private Call call(Route route, String path, Request request) throws Refusal {
        return switch (route) {
            case TEXT_TO_CAD -> submit(Endpoint.TEXT_TO_CAD, request);
            case IMAGE_TO_CAD -> submit(Endpoint.IMAGE_TO_CAD, request);
            case LIST_JOBS -> {
                requireMethod(request, "GET");
                yield new Call(FaultTarget.LIST_JOBS, FaultMatch.Subject.UNKNOWN, () -> list(request));
            }
            case GET_JOB -> {
                requireMethod(request, "GET");
                String id = segment(JOB, path);
                Optional<Job> job = store.find(id);
                FaultMatch.Subject subject =
                        job.map(Job::subject).orElseGet(() -> new FaultMatch.Subject(id, null, null));
                yield new Call(FaultTarget.GET_JOB, subject, () -> get(job));
            }
            case ROTATE_SECRET -> {
                requireMethod(request, "POST");
                String id = segment(ROTATE, path);
                yield new Call(FaultTarget.ROTATE_SECRET, FaultMatch.Subject.UNKNOWN, () -> rotate(id));
            }
            default ->
                new Call(null, FaultMatch.Subject.UNKNOWN, () -> {
                    throw Refusal.notFound("path: expected a call of the API, found " + path);
                });
        };
    }

    private Call submit(Endpoint endpoint, Request request) throws Refusal {
        requireMethod(request, "POST");
        String idempotencyKey = request.getHeaders().get("Idempotency-Key");
        SubmitForm form = SubmitReader.read(endpoint, request);
        return new Call(FaultTarget.SUBMIT, form.subject(), () -> submits.take(form, idempotencyKey));
    }

    private Answer get(Optional<Job> found) throws Refusal {
        Job job = found.orElseThrow(() -> Refusal.notFound("No job of this key has this id"));
        runner.settle(job);
        if (!time.now().isBefore(job.expiresAt())) {
            throw new Refusal(410, "output_expired", "The output of this job has expired; submit it again");
        }
        return Answer.json(200, views.view(job, FaultTarget.GET_JOB));
    }

    private Answer list(Request request) throws Refusal {
        ListQuery query = ListQuery.of(Request.extractQueryParameters(request));
        store.all().forEach(runner::settle);
        List<Job> found =
                store.newestFirst(query.olderThan(), job -> query.matches(job, time.now()), query.limit() + 1);
        List<Job> page = found.subList(0, Math.min(found.size(), query.limit()));
        ObjectNode answer = Json.object();
        ArrayNode jobs = answer.putArray("jobs");
        page.forEach(job -> jobs.add(views.view(job, FaultTarget.LIST_JOBS)));
        if (found.size() > page.size()) {
            answer.put(
                    "next_cursor", SandboxTime.format(page.get(page.size() - 1).createdAt()));
        }
        return Answer.json(200, answer);
    }

    private Answer rotate(String id) throws Refusal {
        if (!id.equals(apiKeyId)) {
            throw Refusal.notFound("No key of this account has this id");
        }
        return Answer.json(200, Json.object().put("api_key_id", id).put("signing_secret", signingSecret.rotate()));
    }

    private static void requireMethod(Request request, String method) throws Refusal {
        if (!request.getMethod().equals(method)) {
            throw Refusal.methodNotAllowed(request.getMethod(), method);
        }
    }

    private static String segment(Pattern pattern, String path) {
        Matcher matcher = pattern.matcher(path);
        return matcher.matches() ? matcher.group(1) : "";
    }
}
