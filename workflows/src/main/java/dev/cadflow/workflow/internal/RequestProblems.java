package dev.cadflow.workflow.internal;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cadflow.workflow.CadFailure;
import dev.cadflow.workflow.CadFailure.Problem;
import dev.cadflow.workflow.FailureType;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What is wrong with one request, gathered while it is read. */
final class RequestProblems {
    private static final int LONGEST_QUOTE = 80;
    private static final int LONGEST_NAME = 64;

    private final List<Problem> problems = new ArrayList<>();

    /** Takes a broken rule with the JSON that broke it; null where the field is missing. */
    void add(String field, String rule, @Nullable JsonNode found) {
        add(field, rule, found == null || found.isMissingNode() ? "nothing" : found.toString());
    }

    /** Takes a broken rule with what was found, in words. */
    void add(String field, String rule, String found) {
        problems.add(new Problem(shorten(field), rule, shorten(found)));
    }

    /**
     * Takes each field of the object that is not known, with the nearest one that is.
     *
     * @param path what stands before the field's name, such as {@code expect.}; empty for the request itself
     */
    void addUnknownFields(String path, JsonNode object, List<String> known) {
        object.fieldNames().forEachRemaining(name -> {
            if (!known.contains(name)) {
                String nearest = known.stream()
                        .min(Comparator.comparingInt(field -> distance(name.toLowerCase(Locale.ROOT), field)))
                        .orElseThrow();
                add(path + name, "a known field, the nearest is \"" + nearest + "\"", object.get(name));
            }
        });
    }

    /**
     * Ends the workflow where there is a problem.
     *
     * @throws io.temporal.failure.ApplicationFailure of type {@code invalid_input}, with every problem
     */
    void throwIfAny() {
        if (problems.isEmpty()) {
            return;
        }
        String message = problems.stream()
                .map(Problem::toString)
                .collect(Collectors.joining("; ", "The request is invalid. ", ""));
        String nextStep = "Correct the request and start it again; nothing was submitted.";
        throw new CadFailure(
                        FailureType.INVALID_INPUT,
                        message,
                        new CadFailure.Details(null, null, null, null, nextStep, problems, null))
                .toApplicationFailure(null);
    }

    /** The text of a field; null where it is missing or, which is a problem, no string. */
    @Nullable String text(String field, @Nullable JsonNode node) {
        if (node == null) {
            return null;
        }
        if (!node.isTextual()) {
            add(field, "a string", node);
            return null;
        }
        return node.textValue();
    }

    /** The flag; false where it is missing or, which is a problem, neither true nor false. */
    boolean flag(String field, @Nullable JsonNode node) {
        if (node != null && !node.isBoolean()) {
            add(field, "true or false", node);
        }
        return node != null && node.booleanValue();
    }

    /** The field's value; null where it is missing or JSON's null, which mean the same. */
    static @Nullable JsonNode field(JsonNode json, String name) {
        JsonNode node = json.get(name);
        return node == null || node.isNull() ? null : node;
    }

    private static String shorten(String text) {
        if (text.codePointCount(0, text.length()) <= LONGEST_QUOTE) {
            return text;
        }
        return text.substring(0, text.offsetByCodePoints(0, LONGEST_QUOTE)) + "…";
    }

    /** Levenshtein's distance, over the beginning of a name that is absurdly long. */
    private static int distance(String name, String to) {
        String from = name.length() > LONGEST_NAME ? name.substring(0, LONGEST_NAME) : name;
        int[] row = new int[to.length() + 1];
        for (int j = 0; j <= to.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= from.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= to.length(); j++) {
                int change = diagonal + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(change, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[to.length()];
    }
}
