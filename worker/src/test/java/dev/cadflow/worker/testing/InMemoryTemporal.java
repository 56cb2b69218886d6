package dev.cadflow.worker.testing;

import io.temporal.client.WorkflowClient;
import io.temporal.serviceclient.WorkflowServiceStubs;
import io.temporal.serviceclient.WorkflowServiceStubsOptions;
import io.temporal.testserver.TestServer;

/** Temporal's own in-memory server at a port of this machine, with time that runs as it does outside. */
public final class InMemoryTemporal implements AutoCloseable {
    private final String target = "127.0.0.1:" + Ports.free();
    private final TestServer.PortBoundTestServer server;
    private final WorkflowServiceStubs stubs;

    /** A server with nothing in it. */
    public InMemoryTemporal() {
        server = TestServer.createPortBoundServer(Integer.parseInt(target.substring(target.indexOf(':') + 1)), true);
        stubs = WorkflowServiceStubs.newServiceStubs(
                WorkflowServiceStubsOptions.newBuilder().setTarget(target).build());
    }

    /** Where it listens, {@code HOST:PORT}. */
    public String target() {
        return target;
    }

    /** A client of it. */
    public WorkflowClient client() {
        return WorkflowClient.newInstance(stubs);
    }

    @Override
    public void close() {
        stubs.shutdownNow();
        server.close();
    }
}
