package dev.cadflow.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cadflow.sandbox.Fault;
import dev.cadflow.sandbox.FaultKind;
import dev.cadflow.sandbox.FaultTarget;
import dev.cadflow.sandbox.JobStatus;
import dev.cadflow.sandbox.Route;
import dev.cadflow.sandbox.SandboxOptions;
import dev.cadflow.sandbox.SandboxServer;
import dev.cadflow.worker.testing.Eventually;
import dev.cadflow.worker.testing.InMemoryTemporal;
import dev.cadflow.workflow.CadRequest;
import dev.cadflow.workflow.CadResult;
import dev.cadflow.workflow.DeliveredBy;
import dev.cadflow.workflow.DesignMode;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The list that one workflow's poll asks for ends the waits of others, through a whole worker. */
final class OneListForManyTest {
    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    private Path folder;

    @Test
    void aWorkflowThatWouldPollInAnHourEndsByTheListThatAnothersPollBrings() throws Exception {
        try (SandboxServer sandbox = SandboxServer.start(
                        SandboxOptions.builder().timeScale(0.001).noQuota().build());
                InMemoryTemporal temporal = new InMemoryTemporal()) {
            Bench bench = new Bench(sandbox, temporal.client(), folder);
            WorkerConfig config = bench.config(
                            "CADFLOW_POLL_FIRST_STANDARD", "1s",
                            "CADFLOW_POLL_INTERVAL", "1s",
                            "CADFLOW_POLL_FIRST_PRO", "1h",
                            "CADFLOW_DEADLINE_PRO", "2h")
                    .withReceiverAsCallback();
            Fault noWebhook = Fault.of(FaultTarget.WEBHOOK, FaultKind.WEBHOOK_DROPPED);
            sandbox.faults().add(noWebhook, noWebhook);
            try (WorkerRuntime worker = WorkerRuntime.start(config, temporal.client())) {
                bench.start(
                        "patient",
                        CadRequest.builder()
                                .prompt("A box")
                                .designMode(DesignMode.PRO)
                                .build());
                Eventually.assertThat(() -> sandbox.jobs().stream().anyMatch(job -> job.status() == JobStatus.SUCCESS));

                bench.run("hasty", CadRequest.of("A box"));
                CadResult patient = bench.result("patient");

                assertThat(worker.webhookUrl()).isPresent();
                assertThat(patient.deliveredBy()).isEqualTo(DeliveredBy.POLL);
                assertThat(patient.makistryRequests()).isEqualTo(1);
                assertThat(sandbox.counts().of(Route.LIST_JOBS)).isPositive();
            }
        }
    }
}
