package dev.cadflow.makistry;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Takes what is secret out of text that came from outside and is about to be shown or recorded. */
final class Redaction {
    private static final Pattern KEY = Pattern.compile("mk_[a-z]+_[0-9A-Za-z]{8,}");
    private static final Pattern URL_QUERY = Pattern.compile("(https?://[^\\s?\"'<>]*)\\?[^\\s\"'<>]*");

    private final String apiKey;

    Redaction(String apiKey) {
        this.apiKey = apiKey;
    }

    /** The text without API keys and without the queries of URLs; null for null. */
    @Nullable String apply(@Nullable String text) {
        if (text == null) {
            return null;
        }
        String withoutOurs = text.replace(apiKey, "[API key]");
        String withoutKeys = KEY.matcher(withoutOurs).replaceAll("[API key]");
        return URL_QUERY.matcher(withoutKeys).replaceAll("$1?[query]");
    }
}
