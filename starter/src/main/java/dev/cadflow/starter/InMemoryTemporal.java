package dev.cadflow.starter;

import io.temporal.client.WorkflowClient;
import io.temporal.serviceclient.WorkflowServiceStubs;
import io.temporal.serviceclient.WorkflowServiceStubsOptions;
import io.temporal.testserver.TestServer;
import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The Java SDK's in-memory server, inside this process, for a machine without the Temporal CLI. */
final class InMemoryTemporal implements Temporal {
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);

    private final TestServer.PortBoundTestServer server;
    private final WorkflowServiceStubs stubs;
    private final WorkflowClient client;

    private InMemoryTemporal(TestServer.PortBoundTestServer server, WorkflowServiceStubs stubs) {
        this.server = server;
        this.stubs = stubs;
        this.client = WorkflowClient.newInstance(stubs);
    }

    /** Starts it on a free port. Time is not skipped: waits take as long as they say. */
    static InMemoryTemporal start() {
        int port = FreePorts.find(1).get(0);
        TestServer.PortBoundTestServer server = TestServer.createPortBoundServer(port, true);
        WorkflowServiceStubs stubs = WorkflowServiceStubs.newServiceStubs(WorkflowServiceStubsOptions.newBuilder()
                .setTarget("127.0.0.1:" + port)
                .build());
        InMemoryTemporal temporal = new InMemoryTemporal(server, stubs);
        try {
            stubs.connect(CONNECT_TIMEOUT);
        } catch (RuntimeException unreachable) {
            temporal.close();
            throw unreachable;
        }
        return temporal;
    }

    @Override
    public WorkflowClient client() {
        return client;
    }

    @Override
    public String description() {
        return "in-memory server of this command: nothing of it survives the process."
                + " With the Temporal CLI on the PATH you get a server with a Web UI";
    }

    @Override
    public boolean outlivesProcess() {
        return false;
    }

    @Override
    public @Nullable URI webUi(String workflowId) {
        return null;
    }

    @Override
    public void close() {
        stubs.shutdownNow();
        server.close();
    }
}
