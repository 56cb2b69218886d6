package dev.cadflow.workflow.internal;

import dev.cadflow.workflow.OutputFormat;
import java.util.Locale;
import java.util.Optional;

/** Where in the archive a file goes. */
final class ArchiveKeys {
    /** Leaves room for the extension, the manifest's ending and a store's own prefix within common limits. */
    private static final int LONGEST_KEY = 200;

    private static final int LONGEST_FOLDER = 120;
    private static final String MANIFEST_ENDING = ".manifest.json";

    private ArchiveKeys() {}

    /** What is wrong with a key that a caller chose, as the rule that it breaks; empty where nothing is. */
    static Optional<String> brokenRule(String key) {
        if (key.isEmpty() || key.length() > LONGEST_KEY) {
            return Optional.of("1 to " + LONGEST_KEY + " characters");
        }
        if (key.startsWith("/") || key.matches("^[A-Za-z]:.*")) {
            return Optional.of("a path relative to the archive");
        }
        if (key.indexOf('\\') >= 0) {
            return Optional.of("parts separated by '/', without '\\'");
        }
        for (String part : key.split("/", -1)) {
            if (part.isEmpty()) {
                return Optional.of("no empty part between '/' and '/'");
            }
            if (part.startsWith(".")) {
                return Optional.of("no part that begins with '.'");
            }
            if (!part.codePoints().allMatch(ArchiveKeys::isPlain) || part.endsWith(" ")) {
                return Optional.of("letters, digits, inner spaces and any of . _ - + = @ ( ) in each part");
            }
        }
        if (key.toLowerCase(Locale.ROOT).endsWith(MANIFEST_ENDING)) {
            return Optional.of("no name that ends in " + MANIFEST_ENDING + ", which is the manifest's own");
        }
        return Optional.empty();
    }

    private static boolean isPlain(int codePoint) {
        return Character.isLetterOrDigit(codePoint) || "._-+=@() ".indexOf(codePoint) >= 0;
    }

    /** The caller's key with the format's extension, which is added where it is missing. */
    static String withExtension(String key, OutputFormat format) {
        return key.toLowerCase(Locale.ROOT).endsWith(format.extension()) ? key : key + format.extension();
    }

    /** The key of a request that names none: a folder for the workflow, a name for the job. */
    static String byDefault(String workflowId, String jobId, OutputFormat format) {
        return folder(workflowId) + "/" + jobId + format.extension();
    }

    /** A folder's name for a workflow: what of its id a file system takes; not always unique to it. */
    static String folder(String workflowId) {
        String folder = workflowId.replaceAll("[^A-Za-z0-9._-]+", "-").replaceAll("^[.-]+", "");
        if (folder.length() > LONGEST_FOLDER) {
            folder = folder.substring(0, LONGEST_FOLDER);
        }
        return folder.isEmpty() ? "workflow" : folder;
    }
}
