package dev.cadflow.activity;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import org.jspecify.annotations.Nullable;

/**
 * A part of a batch as it was listed. Its request is not checked beyond being a JSON object: that is its own
 * workflow's task.
 *
 * @param number its place in the request from 1, or the line of the file that it begins on
 * @param name its own name; null where it has none
 * @param request the request; null where there is a problem
 * @param problem what keeps the part from being made, as expected and found; null where nothing does
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public record BatchPart(
        int number,
        @Nullable String name,
        @Nullable JsonNode request,
        @Nullable String problem) {

    /** A part that can be made. */
    public static BatchPart of(int number, @Nullable String name, JsonNode request) {
        return new BatchPart(number, name, request, null);
    }

    /** A part that cannot. */
    public static BatchPart broken(int number, @Nullable String name, String problem) {
        return new BatchPart(number, name, null, problem);
    }

    /** What tells the part from the others of its batch: its name, or else its number. */
    public String key() {
        return name == null ? Integer.toString(number) : name;
    }
}
