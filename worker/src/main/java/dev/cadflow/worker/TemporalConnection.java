package dev.cadflow.worker;

import com.uber.m3.tally.Scope;
import io.grpc.StatusRuntimeException;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowClientOptions;
import io.temporal.envconfig.ClientConfigProfile;
import io.temporal.envconfig.LoadClientConfigProfileOptions;
import io.temporal.serviceclient.WorkflowServiceStubs;
import io.temporal.serviceclient.WorkflowServiceStubsOptions;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

/**
 * A connection to the Temporal server that {@code TEMPORAL_*} and {@code temporal.toml} name, as every Temporal client
 * finds it.
 */
public final class TemporalConnection implements AutoCloseable {
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);
    private static final String CONFIG_FILE = "TEMPORAL_CONFIG_FILE";

    private final WorkflowServiceStubs stubs;
    private final WorkflowClient client;

    private TemporalConnection(WorkflowServiceStubs stubs, WorkflowClient client) {
        this.stubs = stubs;
        this.client = client;
    }

    /**
     * Connects, waiting up to 10 s for the server to answer.
     *
     * @param metrics where the client's figures go
     * @param customizer what else the client needs, such as a data converter
     * @throws WorkerStartException where the settings cannot be read or the server does not answer
     */
    public static TemporalConnection open(
            TemporalSettings settings, Scope metrics, UnaryOperator<WorkflowClientOptions.Builder> customizer)
            throws WorkerStartException {
        ClientConfigProfile profile = load(settings.variables());
        WorkflowServiceStubsOptions options = stubsOptions(profile, metrics);
        WorkflowServiceStubs stubs;
        try {
            stubs = WorkflowServiceStubs.newConnectedServiceStubs(options, CONNECT_TIMEOUT);
        } catch (StatusRuntimeException | IllegalStateException unreachable) {
            throw new WorkerStartException(
                    "Temporal: expected a server at " + options.getTarget() + ", found none that answers within "
                            + CONNECT_TIMEOUT.toSeconds() + " s (" + unreachable.getMessage()
                            + "). Start one, or say where it is with TEMPORAL_ADDRESS or in temporal.toml",
                    unreachable);
        }
        WorkflowClientOptions.Builder client = WorkflowClientOptions.newBuilder(profile.toWorkflowClientOptions());
        return new TemporalConnection(
                stubs,
                WorkflowClient.newInstance(stubs, customizer.apply(client).build()));
    }

    private static ClientConfigProfile load(Map<String, String> variables) throws WorkerStartException {
        String file = variables.getOrDefault(CONFIG_FILE, "");
        String where = file.isBlank() ? "temporal.toml in its usual folder" : CONFIG_FILE + " " + file;
        try {
            return ClientConfigProfile.load(LoadClientConfigProfileOptions.newBuilder()
                    .setEnvOverrides(variables)
                    .build());
        } catch (NullPointerException withoutProfiles) {
            // What envconfig 1.38 throws for a file that has no profile at all, such as an empty one.
            throw new WorkerStartException(
                    where + ": expected a profile, such as [profile.default], found none", withoutProfiles);
        } catch (IOException unreadable) {
            // Its message quotes the file, which may hold an API key.
            throw new WorkerStartException(where + ": expected a readable TOML file, found one that is not", null);
        } catch (IllegalArgumentException wrong) {
            throw new WorkerStartException(where + ": " + wrong.getMessage(), wrong);
        }
    }

    private static WorkflowServiceStubsOptions stubsOptions(ClientConfigProfile profile, Scope metrics)
            throws WorkerStartException {
        try {
            WorkflowServiceStubsOptions.Builder options =
                    WorkflowServiceStubsOptions.newBuilder(profile.toWorkflowServiceStubsOptions());
            if (profile.getTls() != null && Boolean.TRUE.equals(profile.getTls().isDisabled())) {
                // With an API key the SDK turns TLS on unless it is told otherwise in so many words.
                options.setEnableHttps(false);
            }
            return options.setMetricsScope(metrics).validateAndBuildWithDefaults();
        } catch (RuntimeException wrong) {
            Throwable cause = wrong.getCause() == null ? wrong : wrong.getCause();
            throw new WorkerStartException(
                    "Temporal: expected certificates and keys that can be read in TEMPORAL_TLS_* or temporal.toml, found "
                            + cause.getClass().getSimpleName() + ": " + cause.getMessage(),
                    wrong);
        }
    }

    /** The client; it lives as long as the connection. */
    public WorkflowClient client() {
        return client;
    }

    /** Closes the connection, waiting a little for requests under way. */
    @Override
    public void close() {
        stubs.shutdown();
        if (!stubs.awaitTermination(CLOSE_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)) {
            stubs.shutdownNow();
        }
    }
}
