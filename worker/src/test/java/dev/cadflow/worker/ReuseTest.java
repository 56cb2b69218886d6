package dev.cadflow.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cadflow.sandbox.SandboxOptions;
import dev.cadflow.sandbox.SandboxServer;
import dev.cadflow.worker.testing.InMemoryTemporal;
import dev.cadflow.workflow.CadRequest;
import dev.cadflow.workflow.CadResult;
import dev.cadflow.workflow.DeliveredBy;
import dev.cadflow.workflow.DesignMode;
import dev.cadflow.workflow.OutputFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What requests with {@code reuse} cost, through a whole worker. */
final class ReuseTest {
    static final byte[] PNG = Base64.getDecoder()
            .decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==");

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    private Path folder;

    private final InMemoryTemporal temporal = new InMemoryTemporal();
    private SandboxServer sandbox;
    private WorkerRuntime worker;
    private Bench bench;

    @BeforeEach
    void start() throws Exception {
        sandbox = SandboxServer.start(
                SandboxOptions.builder().timeScale(0.005).noQuota().build());
        bench = new Bench(sandbox, temporal.client(), folder);
        worker = WorkerRuntime.start(
                bench.config("CADFLOW_IMAGES", folder.toString()).withReceiverAsCallback(), temporal.client());
    }

    @AfterEach
    void stop() {
        worker.close();
        sandbox.close();
        temporal.close();
    }

    @Test
    void theSecondIdenticalRequestCostsNothing() {
        CadResult first = run(CadRequest.builder().prompt("A box"));
        CadResult second = run(CadRequest.builder().prompt("A box").reuse(true));

        assertThat(second.deliveredBy()).isEqualTo(DeliveredBy.ARCHIVE);
        assertThat(second.makistryRequests()).isZero();
        assertThat(second.jobId()).isEqualTo(first.jobId());
        assertThat(second.file()).isEqualTo(first.file());
        assertThat(second.brainstorm()).isEqualTo(first.brainstorm());
        assertThat(sandbox.counts().apiRequests()).isEqualTo(1);
    }

    @Test
    void anotherPromptModeOrFormatCostsOne() {
        run(CadRequest.builder().prompt("A box"));
        run(CadRequest.builder().prompt("A sphere").reuse(true));
        run(CadRequest.builder().prompt("A box").designMode(DesignMode.PRO).reuse(true));
        run(CadRequest.builder().prompt("A box").outputFormat(OutputFormat.STL).reuse(true));
        assertThat(sandbox.counts().submitsCharged()).isEqualTo(4);
    }

    @Test
    void whoDoesNotAskForReusePaysAgain() {
        run(CadRequest.builder().prompt("A box"));
        run(CadRequest.builder().prompt("A box"));
        assertThat(sandbox.counts().submitsCharged()).isEqualTo(2);
    }

    @Test
    void imagesCountByTheirContentAndNotByTheirName() throws IOException {
        String sketch = image("sketch.png", PNG);
        String copy = image("copy.png", PNG);
        byte[] changed = PNG.clone();
        changed[changed.length - 1] ^= 1;
        String other = image("other.png", changed);

        run(CadRequest.builder().images(List.of(sketch)));
        assertThat(run(CadRequest.builder().images(List.of(copy)).reuse(true)).deliveredBy())
                .isEqualTo(DeliveredBy.ARCHIVE);
        assertThat(sandbox.counts().apiRequests()).isEqualTo(1);

        run(CadRequest.builder().images(List.of(other)).reuse(true));
        assertThat(sandbox.counts().apiRequests()).isEqualTo(2);
    }

    @Test
    void aFileThatIsNotWhatItsManifestSaysIsMadeAnew() throws IOException {
        CadResult first = run(CadRequest.builder().prompt("A box"));
        Files.writeString(Path.of(first.file().uri()), "damaged");

        CadResult second = run(CadRequest.builder().prompt("A box").reuse(true));

        assertThat(second.deliveredBy()).isEqualTo(DeliveredBy.WEBHOOK);
        assertThat(second.jobId()).isNotEqualTo(first.jobId());
    }

    private String image(String name, byte[] content) throws IOException {
        return Files.write(folder.resolve(name), content).toUri().toString();
    }

    private CadResult run(CadRequest.Builder request) {
        return bench.run("cadflow-" + UUID.randomUUID(), request.build());
    }
}
