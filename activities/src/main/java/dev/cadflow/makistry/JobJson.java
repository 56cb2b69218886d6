package dev.cadflow.makistry;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.cadflow.workflow.FailureType;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import okhttp3.HttpUrl;
import org.jspecify.annotations.Nullable;

/** Reads what Makistry sends, strict on what a job cannot do without and liberal on all else. */
final class JobJson {
    static final ObjectMapper MAPPER = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private static final TypeReference<LinkedHashMap<String, Object>> OBJECT = new TypeReference<>() {};

    private JobJson() {}

    /** The JSON tree; Jackson's own limits keep a hostile one from growing deep. */
    static JsonNode tree(byte[] json) {
        try {
            JsonNode tree = MAPPER.readTree(json);
            if (tree != null && !tree.isMissingNode()) {
                return tree;
            }
        } catch (JsonProcessingException notJson) {
            // Its message quotes the text, which may hold a signed URL: it is left out on purpose.
        } catch (IOException impossible) {
            throw new IllegalStateException("Reading from memory cannot fail", impossible);
        }
        throw noJob("expected a JSON object, found " + json.length + " bytes that are no JSON");
    }

    static Job read(byte[] json) {
        return read(tree(json));
    }

    static Job read(JsonNode job) {
        if (!job.isObject()) {
            throw noJob(
                    "expected a JSON object, found " + job.getNodeType().name().toLowerCase(Locale.ROOT));
        }
        String jobId = text(job, "job_id");
        if (!Job.isJobId(jobId) || jobId == null) {
            throw noJob("job_id: expected 1 to 128 characters of A-Z, a-z, 0-9, '_' or '-', found "
                    + (jobId == null ? "none" : jobId.length() + " characters of other kinds or number"));
        }
        String status = text(job, "status");
        if (status == null || status.isBlank() || status.length() > 100) {
            throw noJob("status: expected a word, found none, in job " + jobId);
        }
        JsonNode brainstorm = job.get("brainstorm");
        return new Job(
                jobId,
                status,
                text(job, "endpoint"),
                text(job, "design_mode"),
                text(job, "output_format"),
                text(job, "created_at"),
                text(job, "updated_at"),
                object(job.get("metadata")),
                httpUrl(text(job, "download_url")),
                text(job, "expires_at"),
                brainstorm == null || brainstorm.isNull() ? null : brainstorm,
                integer(job.get("tokens_used")),
                integer(job.get("latency_ms")),
                text(job, "error_code"),
                text(job, "error_message"));
    }

    static @Nullable String text(JsonNode object, String field) {
        JsonNode value = object.get(field);
        return value != null && value.isTextual() ? value.textValue() : null;
    }

    private static @Nullable Long integer(@Nullable JsonNode value) {
        return value != null && value.isNumber() && value.canConvertToLong() ? (Long) value.longValue() : null;
    }

    private static Map<String, Object> object(@Nullable JsonNode value) {
        return value != null && value.isObject() ? MAPPER.convertValue(value, OBJECT) : Map.of();
    }

    private static @Nullable URI httpUrl(@Nullable String text) {
        if (text == null) {
            return null;
        }
        try {
            URI uri = new URI(text);
            boolean http = "https".equalsIgnoreCase(uri.getScheme()) || "http".equalsIgnoreCase(uri.getScheme());
            return http && uri.getHost() != null ? uri : null;
        } catch (URISyntaxException unescaped) {
            // Signed URLs come with characters that java.net.URI refuses and every browser escapes.
            HttpUrl lenient = HttpUrl.parse(text);
            return lenient == null ? null : lenient.uri();
        }
    }

    private static MakistryException noJob(String why) {
        return MakistryException.of(
                FailureType.SERVICE_UNAVAILABLE, "What should be a job of Makistry's is none: " + why);
    }
}
