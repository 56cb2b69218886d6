package dev.cadflow.activity.impl;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.cadflow.activity.SubmitInput;
import dev.cadflow.makistry.DownloadUrlSeal;
import dev.cadflow.makistry.MakistryClient;
import dev.cadflow.makistry.Quota;
import dev.cadflow.makistry.QuotaLimits;
import dev.cadflow.makistry.Submission;
import dev.cadflow.sandbox.Route;
import dev.cadflow.sandbox.SandboxOptions;
import dev.cadflow.sandbox.SandboxServer;
import dev.cadflow.workflow.CadFailure;
import dev.cadflow.workflow.CadRequest;
import dev.cadflow.workflow.FailureType;
import io.temporal.client.WorkflowOptions;
import io.temporal.testing.TestWorkflowEnvironment;
import io.temporal.worker.Worker;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import okhttp3.OkHttpClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A submit from an image whose turn in the quota is three hours away: it is retried every hour until then. */
final class TurnBeforeImagesTest {
    private static final String TASK_QUEUE = "turn-before-images";
    private static final Duration FAR = Duration.ofHours(3);
    private static final byte[] PNG = Base64.getDecoder()
            .decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==");

    private final TestWorkflowEnvironment temporal = TestWorkflowEnvironment.newInstance();
    private final AtomicInteger read = new AtomicInteger();
    private volatile byte[] image = PNG;
    private SandboxServer sandbox;
    private MakistryClient client;

    @BeforeEach
    void start() throws Exception {
        sandbox = SandboxServer.start(SandboxOptions.builder().noQuota().build());
        client = MakistryClient.builder(sandbox.apiKey())
                .baseUrl(sandbox.apiBaseUrl())
                .quota(new Quota(new QuotaLimits(1, 1, FAR, FAR), Duration.ZERO, new TemporalsClock(temporal)))
                .build();
        Worker worker = temporal.newWorker(TASK_QUEUE);
        worker.registerWorkflowImplementationTypes(RequestCountTest.SubmitWorkflowImpl.class);
        worker.registerActivitiesImplementations(
                CadActivitiesImpl.builder(client, DownloadUrlSeal.forApiKey(sandbox.apiKey()), input -> {
                            throw new AssertionError("Nothing is archived here");
                        })
                        .callbackUrl(URI.create("https://cad.example/hook"))
                        .images(new ImageSources(
                                ImagePrefixes.of(List.of(URI.create("s3://drawings/"))), new OkHttpClient(), uri -> {
                                    read.incrementAndGet();
                                    return new ByteArrayInputStream(image);
                                }))
                        .build());
        temporal.start();
        client.submit(Submission.of(
                CadRequest.of("A box"),
                List.of(),
                UUID.randomUUID(),
                "order-6",
                URI.create("https://cad.example/hook")));
    }

    @AfterEach
    void stop() {
        temporal.close();
        client.close();
        sandbox.close();
    }

    @Test
    void theImageIsReadAtFirstAndThenInItsTurn() {
        submit();

        assertThat(read).hasValue(2);
        assertThat(sandbox.counts().of(Route.IMAGE_TO_CAD)).isEqualTo(1);
    }

    @Test
    void anImageThatIsNoneIsToldOfAtOnce() {
        image = "<html>".getBytes(ISO_8859_1);

        CadFailure failure = CadFailure.from(catchThrowable(this::submit)).orElseThrow();

        assertThat(failure.type()).isEqualTo(FailureType.INVALID_INPUT);
        assertThat(read).hasValue(1);
        assertThat(sandbox.counts().of(Route.IMAGE_TO_CAD)).isZero();
    }

    private void submit() {
        CadRequest request =
                CadRequest.builder().images(List.of("s3://drawings/a.png")).build();
        temporal.getWorkflowClient()
                .newWorkflowStub(
                        RequestCountTest.SubmitWorkflow.class,
                        WorkflowOptions.newBuilder().setTaskQueue(TASK_QUEUE).build())
                .requestsOf(new SubmitInput(request, UUID.randomUUID(), "order-7"));
    }
}
