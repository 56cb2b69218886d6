package dev.cadflow.archive;

import dev.cadflow.workflow.CadRequest;
import java.util.List;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Tells whether two requests ask for the same part: equal where prompt, images by their content and order, design mode
 * and output format are. Nothing else of a request counts.
 *
 * @param value a SHA-256 over these in 64 lower-case hex digits
 */
public record RequestFingerprint(String value) {
    private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");
    /** Of what is hashed; another one keeps the fingerprints of later versions apart. */
    private static final int VERSION = 1;

    /**
     * Checks the digits.
     *
     * @throws IllegalArgumentException where they are something else
     */
    public RequestFingerprint {
        if (!SHA256.matcher(value).matches()) {
            throw new IllegalArgumentException("fingerprint: expected 64 lower-case hex digits, found " + value.length()
                    + " characters that are not all so");
        }
    }

    /**
     * The fingerprint of a request.
     *
     * @param imageSha256s the SHA-256 of each of its images, in the request's order
     */
    public static RequestFingerprint of(CadRequest request, List<String> imageSha256s) {
        TreeMap<String, Object> same = new TreeMap<>();
        same.put("version", VERSION);
        same.put("prompt", request.prompt() == null ? "" : request.prompt());
        same.put("images", imageSha256s);
        same.put("design_mode", request.designModeOrDefault().wireName());
        same.put("output_format", request.outputFormatOrDefault().wireName());
        return new RequestFingerprint(Disk.hex(Disk.sha256().digest(CanonicalJson.write(same))));
    }

    @Override
    public String toString() {
        return value;
    }
}
