package dev.cadflow.makistry;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import okhttp3.MediaType;
import okhttp3.MultipartBody;
import okhttp3.RequestBody;

/** The body of a submit: JSON for a prompt alone, a form where there are images. */
final class SubmitBody {
    private static final MediaType JSON = MediaType.get("application/json");

    private SubmitBody() {}

    static RequestBody of(Submission submission) {
        return submission.images().isEmpty() ? json(submission) : form(submission);
    }

    private static RequestBody json(Submission submission) {
        ObjectNode json = JobJson.MAPPER.createObjectNode();
        json.put("prompt", submission.prompt());
        json.put("design_mode", submission.designMode().wireName());
        json.put("output_format", submission.outputFormat().wireName());
        json.set("metadata", metadata(submission));
        URI callback = submission.callbackUrl();
        if (callback != null) {
            json.put("callback_url", callback.toString());
        }
        return RequestBody.create(bytes(json), JSON);
    }

    private static RequestBody form(Submission submission) {
        MultipartBody.Builder form = new MultipartBody.Builder()
                .setType(MultipartBody.FORM)
                .addFormDataPart("design_mode", submission.designMode().wireName())
                .addFormDataPart("output_format", submission.outputFormat().wireName())
                .addFormDataPart("metadata_json", null, RequestBody.create(bytes(metadata(submission)), JSON));
        String prompt = submission.prompt();
        if (prompt != null) {
            form.addFormDataPart("prompt", prompt);
        }
        URI callback = submission.callbackUrl();
        if (callback != null) {
            form.addFormDataPart("callback_url", callback.toString());
        }
        int number = 0;
        for (ImageFile image : submission.images()) {
            number++;
            String extension = image.mediaType().substring(image.mediaType().indexOf('/') + 1);
            // The file's own name may tell what is nobody else's business.
            form.addFormDataPart(
                    "image",
                    "image-" + number + "." + extension,
                    RequestBody.create(image.file().toFile(), MediaType.get(image.mediaType())));
        }
        return form.build();
    }

    private static JsonNode metadata(Submission submission) {
        return JobJson.MAPPER.valueToTree(submission.metadata());
    }

    private static byte[] bytes(JsonNode json) {
        try {
            return JobJson.MAPPER.writeValueAsBytes(json);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException("A JSON tree can always be written", impossible);
        }
    }
}
