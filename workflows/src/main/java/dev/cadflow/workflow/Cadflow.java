package dev.cadflow.workflow;

import java.util.Locale;

/** Names that callers and workers agree on. */
public final class Cadflow {
    /** The task queue of a worker that sets no other. */
    public static final String TASK_QUEUE = "cadflow";

    /** The workflow type, as the Temporal CLI and the Web UI name it. */
    public static final String WORKFLOW_TYPE = "GenerateCadWorkflow";

    /** Metadata keys that begin so belong to cadflow; a request that carries one is refused. */
    public static final String RESERVED_METADATA_PREFIX = "cadflow_";

    /** The metadata key by which a webhook finds its workflow: Makistry echoes it on every job. */
    public static final String WORKFLOW_ID_METADATA = "cadflow_workflow_id";

    private static final int LONGEST_NAME = 200;

    private Cadflow() {}

    /**
     * The workflow id for a part that the caller has a name for, such as a part number or an order line.
     *
     * <p>The same name always gives the same id, so that starting twice attaches to one workflow and buys one job.
     *
     * @param name what the caller calls the part; letters, digits, {@code .}, {@code _} and {@code -} are kept in
     *     lower case, every other run of characters becomes one {@code -}
     * @return {@code cadflow-} and the name
     * @throws IllegalArgumentException where nothing of the name is left, or more than 200 characters are
     */
    public static String workflowId(String name) {
        String kept =
                name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9._-]+", "-").replaceAll("^-+|-+$", "");
        if (kept.isEmpty() || kept.length() > LONGEST_NAME) {
            throw new IllegalArgumentException("name: expected 1 to " + LONGEST_NAME
                    + " characters of letters, digits, '.', '_' or '-', found \"" + name + "\"");
        }
        return "cadflow-" + kept;
    }
}
