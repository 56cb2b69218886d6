package dev.cadflow.starter;

import com.uber.m3.tally.NoopScope;
import dev.cadflow.worker.TemporalConnection;
import dev.cadflow.worker.TemporalSettings;
import dev.cadflow.worker.WorkerStartException;
import io.temporal.client.WorkflowClient;
import io.temporal.envconfig.ClientConfig;
import io.temporal.envconfig.LoadClientConfigOptions;
import java.io.IOException;
import java.net.URI;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** The server that {@code TEMPORAL_*} or {@code temporal.toml} name, as every Temporal client reads them. */
final class ConfiguredTemporal implements Temporal {
    private static final String DEFAULT_PROFILE = "default";

    private final TemporalConnection connection;

    private ConfiguredTemporal(TemporalConnection connection) {
        this.connection = connection;
    }

    /**
     * Whether a server is named: by its address, or by a profile.
     *
     * @throws UsageException where {@code temporal.toml} is there and cannot be read
     */
    static boolean isNamed(Map<String, String> environment) {
        return isSet(environment, "TEMPORAL_ADDRESS")
                || isSet(environment, "TEMPORAL_PROFILE")
                || hasDefaultProfile(environment);
    }

    private static boolean isSet(Map<String, String> environment, String name) {
        return !environment.getOrDefault(name, "").isBlank();
    }

    private static boolean hasDefaultProfile(Map<String, String> environment) {
        try {
            LoadClientConfigOptions options = LoadClientConfigOptions.newBuilder()
                    .setEnvOverrides(environment)
                    .build();
            return ClientConfig.load(options).getProfiles().containsKey(DEFAULT_PROFILE);
        } catch (NullPointerException withoutProfiles) {
            // What envconfig 1.38 throws for a file that has no profile at all, such as an empty one.
            return false;
        } catch (IOException unreadable) {
            // Its message quotes the file, which may hold an API key.
            throw new UsageException(
                    "temporal.toml: expected a readable TOML file, found one that is not; correct it, or"
                            + " name another one with TEMPORAL_CONFIG_FILE");
        } catch (IllegalArgumentException wrong) {
            throw new UsageException("temporal.toml: " + wrong.getMessage(), wrong);
        }
    }

    /**
     * Connects to it.
     *
     * @throws UsageException where the configuration cannot be used or the server does not answer
     */
    static ConfiguredTemporal connect(Map<String, String> environment) {
        try {
            return new ConfiguredTemporal(TemporalConnection.open(
                    new TemporalSettings(environment), new NoopScope(), UnaryOperator.identity()));
        } catch (WorkerStartException unreachable) {
            throw new UsageException(String.valueOf(unreachable.getMessage()), unreachable);
        }
    }

    @Override
    public WorkflowClient client() {
        return connection.client();
    }

    @Override
    public String description() {
        WorkflowClient client = client();
        return client.getWorkflowServiceStubs().getOptions().getTarget() + ", namespace "
                + client.getOptions().getNamespace();
    }

    @Override
    public boolean outlivesProcess() {
        return true;
    }

    @Override
    public @Nullable URI webUi(String workflowId) {
        return null;
    }

    @Override
    public void close() {
        connection.close();
    }
}
