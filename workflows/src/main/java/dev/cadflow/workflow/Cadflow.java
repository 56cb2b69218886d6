package dev.cadflow.workflow;

import dev.cadflow.activity.CadActivities;
import dev.cadflow.activity.CadBatchActivities;
import dev.cadflow.workflow.internal.GenerateCadBatchWorkflowImpl;
import dev.cadflow.workflow.internal.GenerateCadWorkflowImpl;
import dev.cadflow.workflow.internal.PinnedGenerateCadBatchWorkflowImpl;
import dev.cadflow.workflow.internal.PinnedGenerateCadWorkflowImpl;
import io.temporal.common.converter.DataConverterException;
import io.temporal.worker.Worker;
import io.temporal.worker.WorkerDeploymentOptions;
import io.temporal.worker.WorkflowImplementationOptions;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What callers and workers agree on: names, and how a worker comes to run cadflow. */
public final class Cadflow {
    /** The task queue of a worker that sets no other. */
    public static final String TASK_QUEUE = "cadflow";

    /** The workflow type, as the Temporal CLI and the Web UI name it. */
    public static final String WORKFLOW_TYPE = "GenerateCadWorkflow";

    /** The workflow type of a batch. */
    public static final String BATCH_WORKFLOW_TYPE = "GenerateCadBatchWorkflow";

    /** Metadata keys that begin so belong to cadflow; a request that carries one is refused. */
    public static final String RESERVED_METADATA_PREFIX = "cadflow_";

    /** The metadata key by which a webhook finds its workflow: Makistry echoes it on every job. */
    public static final String WORKFLOW_ID_METADATA = "cadflow_workflow_id";

    private static final int LONGEST_NAME = 200;

    /** Half of what a server takes (400), which leaves room for what encryption puts around it. */
    private static final int LONGEST_SUMMARY_BYTES = 200;

    private Cadflow() {}

    /**
     * The workflow id for a part that the caller has a name for, such as a part number or an order line.
     *
     * <p>The same name always gives the same id, so that starting twice attaches to one workflow and buys one job.
     *
     * @param name what the caller calls the part; letters, digits, {@code .}, {@code _} and {@code -} are kept in
     *     lower case, every other run of characters becomes one {@code -}. A name that is not all ASCII ends in a digest
     *     of it, so that names of other scripts are told apart
     * @return {@code cadflow-} and the name
     * @throws IllegalArgumentException where nothing of an ASCII name is left, or more than 200 characters are
     */
    public static String workflowId(String name) {
        String lower = Normalizer.normalize(name, Normalizer.Form.NFC).toLowerCase(Locale.ROOT);
        String digest = lower.chars().allMatch(character -> character < 0x80) ? "" : "-" + digest(lower);
        String kept = (lower + digest).replaceAll("[^a-z0-9._-]+", "-").replaceAll("^-+|-+$", "");
        if (kept.isEmpty() || kept.length() > LONGEST_NAME) {
            throw new IllegalArgumentException("name: expected 1 to " + LONGEST_NAME
                    + " characters of letters, digits, '.', '_' or '-', found \"" + name + "\"");
        }
        return "cadflow-" + kept;
    }

    private static String digest(String name) {
        UUID digest = UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8));
        return digest.toString().replace("-", "").substring(0, 16);
    }

    /**
     * The workflow id of a batch's part, the same at every start of that batch.
     *
     * @param batchWorkflowId the batch's own
     * @param part the part's name, or its number where it has none
     */
    public static String partWorkflowId(String batchWorkflowId, String part) {
        return batchWorkflowId + "/" + part;
    }

    /**
     * A text as a summary for the Web UI: one line, and short enough for every server, encrypted too. A server may refuse
     * what has a longer one than 400 bytes, and a workflow that sets it would hang in its task.
     *
     * @param text of any length
     * @return the text with its runs of white space and control characters made one space, cut to 200 bytes as JSON and,
     *     where it was cut, {@code …}
     */
    public static String summary(String text) {
        String line = text.replaceAll("[\\s\\p{Cntrl}]+", " ").strip();
        int bytes = 0;
        for (int at = 0; at < line.length(); at += Character.charCount(line.codePointAt(at))) {
            bytes += bytesInJson(line.codePointAt(at));
            if (bytes > LONGEST_SUMMARY_BYTES) {
                return line.substring(0, at) + "…";
            }
        }
        return line;
    }

    private static int bytesInJson(int codePoint) {
        if (codePoint < 0x80) {
            return codePoint == '"' || codePoint == '\\' ? 2 : 1;
        }
        return codePoint < 0x800 ? 2 : codePoint < 0x10000 ? 3 : 4;
    }

    /**
     * What operators should see of a request beside its workflow, to be set as its memo. Nothing of what is made.
     *
     * @return {@code design_mode} and {@code output_format}; of a request that adopts a job, those that it names
     */
    public static Map<String, Object> memo(CadRequest request) {
        DesignMode mode = request.knownDesignMode();
        OutputFormat format = request.knownOutputFormat();
        Map<String, Object> memo = new TreeMap<>();
        if (mode != null) {
            memo.put("design_mode", mode.wireName());
        }
        if (format != null) {
            memo.put("output_format", format.wireName());
        }
        return memo;
    }

    /**
     * Lets a worker run the workflows. The worker's task queue needs an implementation of {@link CadActivities} too,
     * and of {@link CadBatchActivities} where batches are to run, on this worker or on another. On a worker that uses
     * worker versioning a workflow stays on the build that it began on.
     *
     * @throws io.temporal.worker.TypeAlreadyRegisteredException where the worker has them already
     */
    public static void register(Worker worker) {
        register(worker, ActivityTaskQueues.NONE);
    }

    /**
     * Lets a worker run the workflows, some of whose activities go to task queues of their own. Those need workers with
     * implementations of {@link CadActivities} and {@link CadBatchActivities}. Workflows that run may come from or go to
     * workers with other queues.
     *
     * @throws io.temporal.worker.TypeAlreadyRegisteredException where the worker has them already
     */
    public static void register(Worker worker, ActivityTaskQueues queues) {
        register(
                worker,
                implementationOptions().setActivityOptions(queues.options()).build());
    }

    private static void register(Worker worker, WorkflowImplementationOptions options) {
        worker.registerWorkflowImplementationTypes(
                options,
                isVersioned(worker) ? PinnedGenerateCadWorkflowImpl.class : GenerateCadWorkflowImpl.class,
                isVersioned(worker) ? PinnedGenerateCadBatchWorkflowImpl.class : GenerateCadBatchWorkflowImpl.class);
    }

    /**
     * Lets a worker run the workflows and their activities.
     *
     * @throws io.temporal.worker.TypeAlreadyRegisteredException where the worker has them already
     */
    public static void register(Worker worker, CadActivities activities) {
        register(worker);
        worker.registerActivitiesImplementations(activities);
    }

    /**
     * Lets a worker run the workflows, batches among them, and their activities.
     *
     * @throws io.temporal.worker.TypeAlreadyRegisteredException where the worker has them already
     */
    public static void register(Worker worker, CadActivities activities, CadBatchActivities batchActivities) {
        register(worker, activities);
        worker.registerActivitiesImplementations(batchActivities);
    }

    private static boolean isVersioned(Worker worker) {
        @Nullable WorkerDeploymentOptions deployment = worker.getWorkerOptions().getDeploymentOptions();
        return deployment != null && deployment.isUsingVersioning();
    }

    /**
     * Input that is not even JSON fails the workflow, where the default would try its first task for ever. What a payload
     * codec refuses is none of that: the task is tried again, for the worker may yet get the key.
     */
    private static WorkflowImplementationOptions.Builder implementationOptions() {
        return WorkflowImplementationOptions.newBuilder().setFailWorkflowExceptionTypes(DataConverterException.class);
    }
}
