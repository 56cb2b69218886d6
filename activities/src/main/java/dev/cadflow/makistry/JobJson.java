package dev.cadflow.makistry;

import static java.nio.charset.StandardCharsets.UTF_8;

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

    /** What a job says goes into a workflow's history several times; Temporal refuses payloads of 2 MB. */
    private static final int LARGEST_BRAINSTORM_BYTES = 64 * 1024;

    private static final int DEEPEST_BRAINSTORM = 64;
    private static final int LONGEST_TEXT = 4000;
    private static final int LONGEST_URL = 8000;

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
        return new Job(
                jobId,
                status,
                shortText(job, "endpoint"),
                shortText(job, "design_mode"),
                shortText(job, "output_format"),
                shortText(job, "created_at"),
                shortText(job, "updated_at"),
                object(job.get("metadata")),
                httpUrl(text(job, "download_url")),
                shortText(job, "expires_at"),
                brainstorm(job.get("brainstorm")),
                integer(job.get("tokens_used")),
                integer(job.get("latency_ms")),
                shortText(job, "error_code"),
                shortText(job, "error_message"));
    }

    static @Nullable String text(JsonNode object, String field) {
        JsonNode value = object.get(field);
        return value != null && value.isTextual() ? value.textValue() : null;
    }

    private static @Nullable String shortText(JsonNode object, String field) {
        String text = text(object, field);
        return text == null || text.length() <= LONGEST_TEXT ? text : text.substring(0, LONGEST_TEXT) + "…";
    }

    /** The analysis is a courtesy: one that is too large for a history must not cost the file. */
    private static @Nullable JsonNode brainstorm(@Nullable JsonNode value) {
        boolean fits = value != null
                && !value.isNull()
                && isShallow(value, DEEPEST_BRAINSTORM)
                && value.toString().getBytes(UTF_8).length <= LARGEST_BRAINSTORM_BYTES;
        return fits ? value : null;
    }

    private static boolean isShallow(JsonNode node, int levels) {
        if (levels == 0) {
            return !node.isContainerNode();
        }
        for (JsonNode child : node) {
            if (!isShallow(child, levels - 1)) {
                return false;
            }
        }
        return true;
    }

    private static @Nullable Long integer(@Nullable JsonNode value) {
        return value != null && value.isNumber() && value.canConvertToLong() ? (Long) value.longValue() : null;
    }

    private static Map<String, Object> object(@Nullable JsonNode value) {
        return value != null && value.isObject() ? MAPPER.convertValue(value, OBJECT) : Map.of();
    }

    private static @Nullable URI httpUrl(@Nullable String text) {
        if (text == null || text.length() > LONGEST_URL) {
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
