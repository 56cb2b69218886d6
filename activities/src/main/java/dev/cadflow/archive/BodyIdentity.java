package dev.cadflow.archive;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.util.Objects;
import java.util.regex.Pattern;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/**
 * What a storage host says of a body: by this a later answer is known to be of the same body, and the whole is compared
 * in the end. What the host did not say is null.
 *
 * @param sourceHost the host, without path and query
 * @param totalBytes the length of the whole body
 * @param etag as sent, with its quotes
 * @param lastModified as sent
 * @param crc32c of {@code x-goog-hash}, base64
 * @param md5 of {@code x-goog-hash}, base64
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
record BodyIdentity(
        String sourceHost,
        @Nullable Long totalBytes,
        @Nullable String etag,
        @Nullable String lastModified,
        @Nullable String crc32c,
        @Nullable String md5) {
    private static final Pattern MD5_ETAG = Pattern.compile("\"[0-9a-fA-F]{32}\"");

    /** The identity that an answer's headers tell. */
    static BodyIdentity of(Response response, @Nullable Long totalBytes) {
        return new BodyIdentity(
                response.request().url().host(),
                totalBytes,
                response.header("ETag"),
                response.header("Last-Modified"),
                googleHash(response, "crc32c"),
                googleHash(response, "md5"));
    }

    /**
     * What {@code If-Range} may carry: a strong ETag, else the time of the last change; null where neither was sent, and
     * then a broken download begins again.
     */
    @Nullable String validator() {
        return etag != null && !etag.startsWith("W/") ? etag : lastModified;
    }

    /** The ETag as the hex digits of an MD5; null where it does not look like one. */
    @Nullable String etagMd5() {
        return etag != null && MD5_ETAG.matcher(etag).matches() ? etag.substring(1, 33) : null;
    }

    /** Whether nothing that both say differs. */
    boolean mayBeSameBody(BodyIdentity other) {
        return agree(totalBytes, other.totalBytes)
                && agree(etag, other.etag)
                && agree(lastModified, other.lastModified)
                && agree(crc32c, other.crc32c)
                && agree(md5, other.md5);
    }

    private static boolean agree(@Nullable Object one, @Nullable Object other) {
        return one == null || other == null || Objects.equals(one, other);
    }

    private static @Nullable String googleHash(Response response, String algorithm) {
        // Google's hash is that of the bytes as stored, and what is stored compressed comes decompressed.
        if (!"identity".equalsIgnoreCase(response.header("x-goog-stored-content-encoding", "identity"))) {
            return null;
        }
        for (String header : response.headers("x-goog-hash")) {
            for (String hash : header.split(",")) {
                String[] pair = hash.strip().split("=", 2);
                if (pair.length == 2 && pair[0].equalsIgnoreCase(algorithm)) {
                    return pair[1];
                }
            }
        }
        return null;
    }
}
