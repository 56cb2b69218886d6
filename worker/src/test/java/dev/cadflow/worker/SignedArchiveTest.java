package dev.cadflow.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.cadflow.archive.ArchiveVerifier;
import dev.cadflow.archive.ManifestKeys;
import dev.cadflow.sandbox.Fault;
import dev.cadflow.sandbox.FaultKind;
import dev.cadflow.sandbox.FaultTarget;
import dev.cadflow.sandbox.SandboxOptions;
import dev.cadflow.sandbox.SandboxServer;
import dev.cadflow.worker.testing.InMemoryTemporal;
import dev.cadflow.workflow.CadFailure;
import dev.cadflow.workflow.CadRequest;
import dev.cadflow.workflow.FailureType;
import io.temporal.client.WorkflowFailedException;
import java.io.IOException;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A whole worker that has a key to sign manifests with. */
@SuppressWarnings("NullAway.Init")
final class SignedArchiveTest {
    private static final CadRequest BOX = CadRequest.of("A 40x20x10mm box with a 5mm through-hole");

    @TempDir
    private Path folder;

    private final InMemoryTemporal temporal = new InMemoryTemporal();
    private SandboxServer sandbox;

    @BeforeEach
    void start() throws IOException {
        sandbox = SandboxServer.start(
                SandboxOptions.builder().timeScale(0.01).noQuota().build());
    }

    @AfterEach
    void stop() {
        sandbox.close();
        temporal.close();
    }

    @Test
    void whatItArchivesIsSignedByItsKeyAndByNoOther() throws Exception {
        try (WorkerRuntime worker = worker()) {
            bench().run("box-1", BOX);
            assertThat(worker.taskQueue()).isNotEmpty();
        }

        requireSignedByTheWorkerAlone();
    }

    @Test
    void whatItKeepsAsideIsSignedToo() throws Exception {
        sandbox.faults()
                .add(Fault.builder(FaultTarget.DOWNLOAD, FaultKind.FILE_WRONG)
                        .times(10)
                        .build());
        try (WorkerRuntime worker = worker()) {
            WorkflowFailedException failed =
                    catchThrowableOfType(WorkflowFailedException.class, () -> bench().run("box-2", BOX));
            CadFailure failure = CadFailure.from(failed).orElseThrow();
            assertThat(failure.type()).isEqualTo(FailureType.OUTPUT_INVALID);
            assertThat(failure.details().location()).contains("/.quarantine/");
            assertThat(worker.taskQueue()).isNotEmpty();
        }

        requireSignedByTheWorkerAlone();
    }

    private void requireSignedByTheWorkerAlone() throws Exception {
        assertThat(verify(ManifestKeys.publicKey(Settings.MANIFEST_PUBLIC_KEY)).isSound())
                .isTrue();
        PublicKey other =
                KeyPairGenerator.getInstance("Ed25519").generateKeyPair().getPublic();
        assertThat(verify(other).differences())
                .singleElement()
                .extracting(ArchiveVerifier.Difference::reason)
                .isEqualTo("expected a manifest signed by a trusted key, found a signature that is not");
    }

    private ArchiveVerifier.Report verify(PublicKey key) throws IOException {
        return new ArchiveVerifier(new ManifestKeys(List.of(key))).verify(folder.resolve("archive"));
    }

    private WorkerRuntime worker() throws WorkerStartException {
        WorkerConfig config = bench().config("CADFLOW_MANIFEST_KEY", Settings.MANIFEST_KEY);
        return WorkerRuntime.start(config.withReceiverAsCallback(), temporal.client());
    }

    private Bench bench() {
        return new Bench(sandbox, temporal.client(), folder);
    }
}
