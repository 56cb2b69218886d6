package dev.cadflow.activity.impl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.cadflow.activity.CadActivities;
import dev.cadflow.activity.PollInput;
import dev.cadflow.activity.SubmitInput;
import dev.cadflow.activity.SubmitResult;
import dev.cadflow.makistry.DownloadUrlSeal;
import dev.cadflow.makistry.MakistryClient;
import dev.cadflow.makistry.Submission;
import dev.cadflow.makistry.SubmitBudget;
import dev.cadflow.sandbox.Route;
import dev.cadflow.sandbox.SandboxOptions;
import dev.cadflow.sandbox.SandboxServer;
import dev.cadflow.workflow.CadFailure;
import dev.cadflow.workflow.CadRequest;
import dev.cadflow.workflow.FailureType;
import dev.cadflow.workflow.JobFinished;
import io.temporal.testing.TestActivityEnvironment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import okhttp3.OkHttpClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the activities spend, as the sandbox charges and counts it. */
final class BuyingTest {
    private static final byte[] PNG = Base64.getDecoder()
            .decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==");

    @TempDir
    private Path folder;

    private final TestActivityEnvironment temporal = TestActivityEnvironment.newInstance();
    private final Map<String, JobFinished> told = new ConcurrentHashMap<>();
    private SandboxServer sandbox;
    private MakistryClient client;
    private CadActivities activities;

    @BeforeEach
    void start() throws IOException {
        sandbox = SandboxServer.start(SandboxOptions.builder().noQuota().build());
        client = MakistryClient.builder(sandbox.apiKey())
                .baseUrl(sandbox.apiBaseUrl())
                .build();
        temporal.registerActivitiesImplementations(
                CadActivitiesImpl.builder(client, DownloadUrlSeal.forApiKey(sandbox.apiKey()), input -> {
                            throw new AssertionError("Nothing is archived here");
                        })
                        .images(new ImageSources(ImagePrefixes.of(List.of(folder.toUri())), new OkHttpClient(), null))
                        .budget(new SubmitBudget(2, Clock.systemUTC()))
                        .finishedJobs(told::put)
                        .build());
        activities = temporal.newActivityStub(CadActivities.class);
    }

    @AfterEach
    void stop() {
        temporal.close();
        client.close();
        sandbox.close();
    }

    @Test
    void imagesAreSentAndNotKept() throws IOException {
        Path image = Files.write(folder.resolve("sketch.png"), PNG);
        CadRequest request =
                CadRequest.builder().images(List.of(image.toUri().toString())).build();

        SubmitResult result = activities.submit(input(request, UUID.randomUUID()));

        assertThat(sandbox.job(result.jobId()).prompt()).isNull();
        assertThat(sandbox.counts().of(Route.IMAGE_TO_CAD)).isEqualTo(1);
        assertThat(result.makistryRequests()).isEqualTo(1);
    }

    @Test
    void anImageThatIsNotAllowedBuysNothing() {
        CadFailure failure = failureOf(CadRequest.builder()
                .prompt("A bracket")
                .images(List.of("file:///etc/passwd"))
                .build());

        assertThat(failure.type()).isEqualTo(FailureType.INVALID_INPUT);
        assertThat(failure.details().problems()).hasSize(1);
        assertThat(sandbox.counts().apiRequests()).isZero();
    }

    @Test
    void whatIsOverTheDaysBudgetIsNotSubmitted() {
        activities.submit(input(CadRequest.of("A box"), UUID.randomUUID()));
        activities.submit(input(CadRequest.of("A box"), UUID.randomUUID()));

        CadFailure failure = failureOf(CadRequest.of("A box"));

        assertThat(failure.type()).isEqualTo(FailureType.BUDGET_EXHAUSTED);
        assertThat(failure.details().nextStep()).contains("CADFLOW_MAX_SUBMITS_PER_DAY");
        assertThat(sandbox.counts().apiRequests()).isEqualTo(2);
    }

    @Test
    void longAfterASubmitOfUnknownOutcomeTheListIsLookedThroughBeforeAnyonePaysAgain() {
        UUID key = UUID.randomUUID();
        String bought = client.submit(Submission.of(CadRequest.of("A box"), List.of(), key, "order-7", null));
        client.submit(Submission.of(CadRequest.of("A box"), List.of(), UUID.randomUUID(), "order-7", null));
        temporal.setHeartbeatDetails(new EarlierTries(1, Instant.now().minus(Duration.ofHours(2)), 1));

        SubmitResult result = activities.submit(input(CadRequest.of("A box"), key));

        assertThat(result.jobId()).isEqualTo(bought);
        assertThat(result.makistryRequests()).isEqualTo(2);
        assertThat(sandbox.counts().of(Route.TEXT_TO_CAD)).isEqualTo(2);
    }

    @Test
    void whereTheListHasNoSuchJobItIsSubmitted() {
        client.submit(Submission.of(CadRequest.of("A box"), List.of(), UUID.randomUUID(), "order-7", null));
        temporal.setHeartbeatDetails(new EarlierTries(1, Instant.now().minus(Duration.ofHours(2)), 1));

        SubmitResult result = activities.submit(input(CadRequest.of("A box"), UUID.randomUUID()));

        assertThat(result.makistryRequests()).isEqualTo(3);
        assertThat(sandbox.counts().submitsCharged()).isEqualTo(2);
    }

    @Test
    void soonAfterASubmitOfUnknownOutcomeTheKeyAloneMakesARepeatSafe() {
        UUID key = UUID.randomUUID();
        String bought = client.submit(Submission.of(CadRequest.of("A box"), List.of(), key, "order-7", null));
        temporal.setHeartbeatDetails(new EarlierTries(1, Instant.now(), 1));

        assertThat(activities.submit(input(CadRequest.of("A box"), key)).jobId())
                .isEqualTo(bought);
        assertThat(sandbox.counts().of(Route.LIST_JOBS)).isZero();
        assertThat(sandbox.counts().submitsCharged()).isEqualTo(1);
    }

    @Test
    void aSubmitIsNotGivenUpForAnImageThatIsGoneWhereAnEarlierTryHasBought() throws IOException {
        UUID key = UUID.randomUUID();
        String bought = client.submit(Submission.of(CadRequest.of("A box"), List.of(), key, "order-7", null));
        temporal.setHeartbeatDetails(new EarlierTries(1, Instant.now(), 1));
        CadRequest withoutItsImage = CadRequest.builder()
                .images(List.of(folder.resolve("gone.png").toUri().toString()))
                .build();

        SubmitResult result = activities.submit(input(withoutItsImage, key));

        assertThat(result.jobId()).isEqualTo(bought);
        assertThat(sandbox.counts().of(Route.LIST_JOBS)).isEqualTo(1);
        assertThat(sandbox.counts().submitsCharged()).isEqualTo(1);
    }

    @Test
    void aPollTellsTheWorkflowsOfOtherJobsThatAreOver() {
        String asked = activities
                .submit(new SubmitInput(CadRequest.of("A box"), UUID.randomUUID(), "order-1"))
                .jobId();
        String other = activities
                .submit(new SubmitInput(CadRequest.of("A box"), UUID.randomUUID(), "order-2"))
                .jobId();
        sandbox.finish(other);

        activities.poll(new PollInput(asked));

        assertThat(told).containsOnlyKeys("order-2");
        assertThat(told.values()).singleElement().satisfies(job -> {
            assertThat(job.jobId()).isEqualTo(other);
            assertThat(job.downloadUrl()).startsWith(JobFinished.SEALED_PREFIX);
        });
    }

    private CadFailure failureOf(CadRequest request) {
        Throwable thrown = catchThrowable(() -> activities.submit(input(request, UUID.randomUUID())));
        return CadFailure.from(thrown).orElseThrow();
    }

    private static SubmitInput input(CadRequest request, UUID key) {
        return new SubmitInput(request, key, "order-7");
    }
}
