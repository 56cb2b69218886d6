package dev.cadflow.starter;

import io.temporal.client.WorkflowClient;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * A Temporal server to work with. Closing it closes the connection, and stops the server where it is the command's own.
 */
interface Temporal extends AutoCloseable {
    /** Connected to the server. */
    WorkflowClient client();

    /** Which server it is, for a person. */
    String description();

    /** Whether its workflows live on when this process ends. */
    boolean outlivesProcess();

    /** The page of a workflow in the Web UI; null where there is none or its address is not known. */
    @Nullable URI webUi(String workflowId);

    @Override
    void close();
}
