package dev.cadflow.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cadflow.sandbox.part.BoxWithHole;
import java.net.URI;
import java.time.Instant;
import java.util.Locale;
import java.util.function.Function;

/** How a job is shown: fields and their order are those of the vendor's examples. */
final class JobViews {

    private static final int TOKENS = 8420;

    private final SandboxTime time;
    private final Faults faults;
    private final Function<Job, URI> downloadUrl;

    JobViews(SandboxTime time, Faults faults, Function<Job, URI> downloadUrl) {
        this.time = time;
        this.faults = faults;
        this.downloadUrl = downloadUrl;
    }

    /** As {@code GET /v1/jobs} and {@code GET /v1/jobs/{job_id}} show it. */
    JsonNode view(Job job, FaultTarget target) {
        return withFaults(full(job), job, target);
    }

    /** As its webhook carries it: a failed job in fewer fields. */
    JsonNode webhook(Job job) {
        Job.Failure failure = job.failure();
        return withFaults(failure == null ? full(job) : failed(job, failure), job, FaultTarget.WEBHOOK);
    }

    /** As both submits answer. */
    JsonNode accepted(Job job) {
        ObjectNode view = Json.object().put("job_id", job.id()).put("status", JobStatus.QUEUED.wireName());
        return withFaults(view, job, FaultTarget.SUBMIT);
    }

    private ObjectNode full(Job job) {
        Instant now = time.now();
        ObjectNode view = head(job, job.status(now));
        view.put("output_format", job.request().outputFormat().wireName());
        view.put("created_at", SandboxTime.format(job.createdAt()));
        view.put("updated_at", SandboxTime.format(job.updatedAt(now)));
        Job.Failure failure = job.failure();
        if (failure != null) {
            putFailure(view, failure);
        } else if (job.isFinished()) {
            // The file is gone with the job: a list still shows the job, without a URL.
            if (now.isBefore(job.expiresAt())) {
                view.put("download_url", downloadUrl.apply(job).toString());
            }
            view.put("expires_at", SandboxTime.format(job.expiresAt()));
            view.set("brainstorm", brainstorm(job.part()));
            view.put("tokens_used", TOKENS);
            view.put(
                    "latency_ms",
                    job.updatedAt(now).toEpochMilli() - job.createdAt().toEpochMilli());
        }
        view.set("metadata", job.request().metadata());
        return view;
    }

    private ObjectNode failed(Job job, Job.Failure failure) {
        ObjectNode view = head(job, JobStatus.FAILED);
        putFailure(view, failure);
        view.set("metadata", job.request().metadata());
        return view;
    }

    private static ObjectNode head(Job job, JobStatus status) {
        return Json.object()
                .put("job_id", job.id())
                .put("status", status.wireName())
                .put("endpoint", job.request().endpoint().wireName())
                .put("design_mode", job.request().designMode().wireName());
    }

    private static void putFailure(ObjectNode view, Job.Failure failure) {
        view.put("error_code", failure.code()).put("error_message", failure.message());
    }

    private static ObjectNode brainstorm(BoxWithHole part) {
        String size = String.format(
                Locale.ROOT,
                "%s x %s x %s mm",
                number(part.lengthMillimetres()),
                number(part.widthMillimetres()),
                number(part.heightMillimetres()));
        String hole = number(part.holeDiameterMillimetres()) + " mm";
        ObjectNode brainstorm = Json.object().put("project_name", "Box with through-hole — " + size);
        brainstorm.putArray("key_features").add(size + " box").add(hole + " through-hole, centred on the top face");
        brainstorm.putArray("design_components").add("box").add("through-hole");
        brainstorm.put("optimal_geometry", "Rectangular prism with a cylindrical cut along its height");
        brainstorm.put("material_recommendations", "PLA or ABS for FDM");
        brainstorm.putArray("suggestions").add("Chamfer the outer edges").add("Fillet the rim of the hole");
        return brainstorm;
    }

    private static String number(double value) {
        return value == Math.rint(value) ? Long.toString((long) value) : Double.toString(value);
    }

    private JsonNode withFaults(ObjectNode view, Job job, FaultTarget target) {
        Fault fault = faults.take(FaultKind.Stage.VIEW, target, job.subject());
        if (fault == null) {
            return view;
        }
        switch (fault.kind()) {
            case JOB_STATUS -> {
                view.put("status", fault.text() == null ? "rendering" : fault.text());
                for (String finished : new String[] {
                    "download_url",
                    "expires_at",
                    "brainstorm",
                    "tokens_used",
                    "latency_ms",
                    "error_code",
                    "error_message"
                }) {
                    view.remove(finished);
                }
            }
            case NO_DOWNLOAD_URL -> view.remove("download_url");
            case BROKEN_JOB -> {
                return JsonNodeFactory.instance.arrayNode().add("not a job");
            }
            default -> {
                view.put("field_of_tomorrow", true);
                view.putObject("object_of_tomorrow")
                        .putArray("values")
                        .add(1)
                        .addNull()
                        .add("x");
                if (view.get("brainstorm") instanceof ObjectNode brainstorm) {
                    brainstorm.put("field_of_tomorrow", 1.5);
                }
            }
        }
        return view;
    }
}
