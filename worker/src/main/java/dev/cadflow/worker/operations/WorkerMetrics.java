package dev.cadflow.worker.operations;

import com.uber.m3.tally.RootScopeBuilder;
import com.uber.m3.tally.Scope;
import com.uber.m3.tally.ScopeCloseException;
import com.uber.m3.util.Duration;
import dev.cadflow.worker.webhook.WebhookOutcome;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.temporal.common.reporter.MicrometerClientStatsReporter;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;

/** A worker's figures, those of the Temporal SDK among them. Labels have few values, and none is secret. */
public final class WorkerMetrics implements AutoCloseable {
    private static final double REPORT_EVERY_SECONDS = 5;

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final Scope temporal;
    private final Counter archivedBytes;
    private final Map<WebhookOutcome, Counter> webhooks = new EnumMap<>(WebhookOutcome.class);

    /** Figures that all stand at zero. */
    public WorkerMetrics() {
        this.temporal = new RootScopeBuilder()
                .reporter(new MicrometerClientStatsReporter(registry))
                .reportEvery(Duration.ofSeconds(REPORT_EVERY_SECONDS));
        new JvmMemoryMetrics().bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
        this.archivedBytes = Counter.builder("cadflow.archived.bytes")
                .description("Bytes of the files that workflows have in the archive")
                .baseUnit("bytes")
                .register(registry);
        for (WebhookOutcome outcome : WebhookOutcome.values()) {
            // All from the start: a rate over a counter that appears late misses its first count.
            webhooks.put(
                    outcome,
                    Counter.builder("cadflow.webhooks")
                            .description("Requests to the webhook receiver by what became of them")
                            .tag("outcome", outcome.label())
                            .register(registry));
        }
    }

    /** Where a Temporal client reports to. */
    public Scope temporalScope() {
        return temporal;
    }

    /** Counts a request to the webhook receiver. */
    public void countWebhook(WebhookOutcome outcome) {
        Objects.requireNonNull(webhooks.get(outcome)).increment();
    }

    /** Counts a try of an activity. */
    void countActivityTry(String activity, String outcome) {
        Counter.builder("cadflow.activity.tries")
                .description("Tries of activities by what became of them: done, or the type of the failure")
                .tag("activity", activity)
                .tag("outcome", outcome)
                .register(registry)
                .increment();
    }

    /** Counts a file that went into the archive, or was there already. */
    void countArchived(long bytes) {
        archivedBytes.increment(bytes);
    }

    /** Everything, in the text format of Prometheus. */
    public String scrape() {
        return registry.scrape();
    }

    /** Closes the scope, whose reporter closes the registry; so this comes after all that reports. */
    @Override
    public void close() throws ScopeCloseException {
        temporal.close();
    }
}
