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
import java.util.Locale;
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

    /** Input that is not even JSON fails the workflow, where the default would try its first task for ever. */
    private static WorkflowImplementationOptions.Builder implementationOptions() {
        return WorkflowImplementationOptions.newBuilder().setFailWorkflowExceptionTypes(DataConverterException.class);
    }
}
