package dev.cadflow.activity.impl;

import static dev.cadflow.makistry.RawServer.answer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.cadflow.activity.CadActivities;
import dev.cadflow.activity.PollInput;
import dev.cadflow.activity.PollResult;
import dev.cadflow.activity.SubmitInput;
import dev.cadflow.activity.SubmitResult;
import dev.cadflow.makistry.DownloadUrlSeal;
import dev.cadflow.makistry.MakistryClient;
import dev.cadflow.makistry.RawServer;
import dev.cadflow.workflow.CadFailure;
import dev.cadflow.workflow.CadRequest;
import dev.cadflow.workflow.FailureType;
import dev.cadflow.workflow.JobFinished;
import io.temporal.failure.ApplicationErrorCategory;
import io.temporal.failure.ApplicationFailure;
import io.temporal.testing.TestActivityEnvironment;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class CadActivitiesTest {
    private static final String KEY = "mk_pub_0123456789abcdef0123456789abcdef";
    private static final String DOWNLOAD = "https://storage.example/part.step?X-Signature=s3cr3t";
    private static final UUID IDEMPOTENCY_KEY = UUID.fromString("0e5a4c9c-6f0e-4b4c-9a3e-2f6f3f6f0a11");

    private final RawServer server = new RawServer();
    private final MakistryClient client =
            MakistryClient.builder(KEY).baseUrl(server.url()).build();
    private final TestActivityEnvironment temporal = TestActivityEnvironment.newInstance();

    @AfterEach
    void close() {
        temporal.close();
        client.close();
        server.close();
    }

    @Test
    void aSubmitAnswersWithTheJobAndHowToWaitForIt() {
        server.reply(answer(202, "{\"job_id\":\"pub_1\",\"status\":\"queued\"}"));

        SubmitResult result = activities(URI.create("https://cad.example/hook")).submit(input(CadRequest.of("A box")));

        assertThat(result.jobId()).isEqualTo("pub_1");
        assertThat(result.makistryRequests()).isEqualTo(1);
        assertThat(result.waitPlan().callbackRegistered()).isTrue();
        assertThat(server.received().get(0).head()).contains(IDEMPOTENCY_KEY.toString());
        assertThat(server.received().get(0).body())
                .contains("\"cadflow_workflow_id\":\"order-7\"", "\"callback_url\":\"https://cad.example/hook\"");
    }

    @Test
    void withoutACallbackTheWaitIsByPollsAlone() {
        server.reply(answer(202, "{\"job_id\":\"pub_1\"}"));

        assertThat(activities(null)
                        .submit(input(CadRequest.of("A box")))
                        .waitPlan()
                        .callbackRegistered())
                .isFalse();
    }

    @Test
    void anAdoptedJobIsNotSubmittedAndCostsNoRequest() {
        SubmitResult result = activities(null).submit(input(CadRequest.adopting("pub_9")));

        assertThat(result.jobId()).isEqualTo("pub_9");
        assertThat(result.makistryRequests()).isZero();
        assertThat(result.waitPlan().firstPoll()).isZero();
        assertThat(server.received()).isEmpty();
    }

    @Test
    void whatCannotBeAJobIdIsInvalidInputAndNotAskedFor() {
        CadActivities activities = activities(null);

        CadFailure submit = failureOf(() -> activities.submit(input(CadRequest.adopting("../keys"))));
        CadFailure poll = failureOf(() -> activities.poll(new PollInput("j".repeat(10_000))));

        assertThat(submit.type()).isEqualTo(FailureType.INVALID_INPUT);
        assertThat(submit.message()).contains("job_id", "../keys");
        assertThat(poll.type()).isEqualTo(FailureType.INVALID_INPUT);
        assertThat(poll.message()).contains("10000 characters").hasSizeLessThan(300);
        assertThat(server.received()).isEmpty();
    }

    @Test
    void anArchiveKeyThatNoArchiveTakesIsRefusedBeforeAnythingIsPaid() {
        String longName = "\u90e8".repeat(100);
        CadRequest request =
                CadRequest.builder().prompt("A box").archiveKey(longName).build();

        CadFailure failure = failureOf(() -> activities(null).submit(input(request)));

        assertThat(failure.type()).isEqualTo(FailureType.INVALID_INPUT);
        assertThat(failure.message()).contains("at most 200 bytes");
        assertThat(failure.details().nextStep()).contains("nothing was submitted");
        assertThat(server.received()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"queued", "processing", "status_of_tomorrow"})
    void aJobThatGoesOnIsJustItsStatus(String status) {
        server.reply(answer(200, "{\"job_id\":\"pub_1\",\"status\":\"" + status + "\"}"));

        assertThat(activities(null).poll(new PollInput("pub_1"))).isEqualTo(new PollResult(status, null, 1));
    }

    @Test
    void aJobThatSucceededComesWithItsUrlSealed() {
        server.reply(answer(
                200,
                "{\"job_id\":\"pub_1\",\"status\":\"success\",\"tokens_used\":3,\"download_url\":\"" + DOWNLOAD
                        + "\"}"));

        PollResult result = activities(null).poll(new PollInput("pub_1"));

        JobFinished job = Objects.requireNonNull(result.job());
        assertThat(job.succeeded()).isTrue();
        assertThat(job.tokensUsed()).isEqualTo(3);
        assertThat(job.downloadUrl()).startsWith(JobFinished.SEALED_PREFIX).doesNotContain("s3cr3t");
        assertThat(DownloadUrlSeal.forApiKey(KEY).open("pub_1", job.downloadUrl()))
                .contains(URI.create(DOWNLOAD));
    }

    @Test
    void aJobThatSucceededWithoutAUrlIsStillASuccess() {
        server.reply(answer(200, "{\"job_id\":\"pub_1\",\"status\":\"success\"}"));

        JobFinished job = Objects.requireNonNull(
                activities(null).poll(new PollInput("pub_1")).job());

        assertThat(job.succeeded()).isTrue();
        assertThat(job.downloadUrl()).isNull();
    }

    @Test
    void aJobThatFailedKeepsItsErrorCode() {
        server.reply(
                answer(
                        200,
                        "{\"job_id\":\"pub_1\",\"status\":\"failed\",\"error_code\":\"code_of_tomorrow\",\"error_message\":\"No.\"}"));

        JobFinished job = Objects.requireNonNull(
                activities(null).poll(new PollInput("pub_1")).job());

        assertThat(job.isTerminal()).isTrue();
        assertThat(job.errorCode()).isEqualTo("code_of_tomorrow");
        assertThat(job.errorMessage()).isEqualTo("No.");
    }

    @ParameterizedTest(name = "{0} {1}")
    @CsvSource({
        "401, invalid_api_key, INVALID_API_KEY, false",
        "402, payment_required, PAYMENT_REQUIRED, false",
        "418, teapot, REQUEST_REJECTED, false",
        "422, invalid_input, INVALID_INPUT, false",
        "422, image_parse_failed, IMAGE_PARSE_FAILED, false",
        "429, quota_exceeded, QUOTA_EXCEEDED, true",
        "503, busy, SERVICE_UNAVAILABLE, true"
    })
    void everyRefusalOfASubmitIsATypedFailureWithItsDetailsAndTheNextStep(
            int status, String code, FailureType type, boolean retried) {
        server.reply(answer(status, "{\"error_code\":\"" + code + "\",\"message\":\"Because.\"}"));

        ApplicationFailure thrown = applicationFailureOf(() -> activities(null).submit(input(CadRequest.of("A box"))));

        CadFailure failure = CadFailure.from(thrown).orElseThrow();
        assertThat(failure.type()).isEqualTo(type);
        assertThat(failure.details().errorCode()).isEqualTo(code);
        assertThat(failure.details().errorMessage()).isEqualTo("Because.");
        assertThat(failure.details().httpStatus()).isEqualTo(status);
        assertThat(failure.details().nextStep()).isNotBlank();
        assertThat(thrown.isNonRetryable()).isEqualTo(!retried);
        assertThat(thrown.getCause()).isNull();
    }

    @ParameterizedTest
    @CsvSource({"404, JOB_NOT_FOUND", "410, OUTPUT_EXPIRED"})
    void aPollForAJobThatIsGoneNamesTheJob(int status, FailureType type) {
        server.reply(answer(status, ""));

        CadFailure failure = failureOf(() -> activities(null).poll(new PollInput("pub_1")));

        assertThat(failure.type()).isEqualTo(type);
        assertThat(failure.details().jobId()).isEqualTo("pub_1");
        assertThat(failure.details().nextStep()).isNotBlank();
    }

    @ParameterizedTest
    @CsvSource({"'', 60", "5, 60", "90, 90", "999999, 3600"})
    void afterA429TheNextTryWaitsAMinuteOrLongerWhereMakistryAsks(String retryAfter, long seconds) {
        server.reply(answer(429, "{}", "Retry-After: " + retryAfter));

        ApplicationFailure failure = applicationFailureOf(() -> activities(null).poll(new PollInput("pub_1")));

        assertThat(failure.getNextRetryDelay()).isEqualTo(Duration.ofSeconds(seconds));
        assertThat(failure.getCategory()).isEqualTo(ApplicationErrorCategory.BENIGN);
    }

    @Test
    void anOutageFollowsTheRetryPolicyUnlessMakistryAsksForMore() {
        server.reply(answer(503, "{}"), answer(503, "{}", "Retry-After: 30"));
        CadActivities activities = activities(null);

        assertThat(applicationFailureOf(() -> activities.poll(new PollInput("pub_1")))
                        .getNextRetryDelay())
                .isNull();
        assertThat(applicationFailureOf(() -> activities.poll(new PollInput("pub_1")))
                        .getNextRetryDelay())
                .isEqualTo(Duration.ofSeconds(30));
    }

    @Test
    void aSubmitOfUnknownOutcomeSaysHowToFindOut() {
        server.reply(RawServer.cutAfter(40, 202, "{\"job_id\":\"pub_1\"}"));

        CadFailure failure = failureOf(() -> activities(null).submit(input(CadRequest.of("A box"))));

        assertThat(failure.type()).isEqualTo(FailureType.SERVICE_UNAVAILABLE);
        assertThat(failure.details().nextStep()).contains("idempotency key", "cadflow_workflow_id", "adopts");
    }

    @ParameterizedTest
    @ValueSource(ints = {401, 402, 422, 429, 503})
    void whereAnEarlierTryMayHaveBoughtTheLastFailureStillSaysHowToFindOut(int status) {
        temporal.setHeartbeatDetails(new EarlierTries(1, Instant.now(), 1));
        server.reply(answer(status, "{}"), answer(200, "{\"jobs\":[]}"));

        CadFailure failure = failureOf(() -> activities(null).submit(input(CadRequest.of("A box"))));

        assertThat(failure.details().httpStatus()).isEqualTo(status);
        assertThat(failure.details().nextStep()).contains("may have taken the job", "cadflow_workflow_id");
    }

    @Test
    void failedTriesAreCountedWithTheOneThatSucceeds() {
        temporal.setHeartbeatDetails(new EarlierTries(2, null, 1));
        server.reply(answer(202, "{\"job_id\":\"pub_1\"}"));

        assertThat(activities(null).submit(input(CadRequest.of("A box"))).makistryRequests())
                .isEqualTo(3);
    }

    @Test
    void aFailedTryLeavesItsCountToTheNext() {
        List<Integer> counted = new ArrayList<>();
        temporal.setActivityHeartbeatListener(EarlierTries.class, tries -> counted.add(tries.makistryRequests()));
        server.reply(answer(500, ""));

        failureOf(() -> activities(null).submit(input(CadRequest.of("A box"))));

        assertThat(counted).containsExactly(1);
    }

    private CadActivities activities(@Nullable URI callbackUrl) {
        temporal.registerActivitiesImplementations(
                CadActivitiesImpl.builder(client, DownloadUrlSeal.forApiKey(KEY), input -> {
                            throw new AssertionError("Nothing is archived here");
                        })
                        .callbackUrl(callbackUrl)
                        .build());
        return temporal.newActivityStub(CadActivities.class);
    }

    private static SubmitInput input(CadRequest request) {
        return new SubmitInput(request, IDEMPOTENCY_KEY, "order-7");
    }

    private static CadFailure failureOf(ThrowingCallable call) {
        return CadFailure.from(applicationFailureOf(call)).orElseThrow();
    }

    private static ApplicationFailure applicationFailureOf(ThrowingCallable call) {
        Throwable thrown = catchThrowable(call);
        assertThat(thrown).as("a failure").isNotNull();
        Throwable cause = thrown;
        while (cause != null && !(cause instanceof ApplicationFailure)) {
            cause = cause.getCause();
        }
        assertThat(cause).isInstanceOf(ApplicationFailure.class);
        assertThat(cause).message().doesNotContain(KEY, "s3cr3t");
        return (ApplicationFailure) Objects.requireNonNull(cause);
    }
}
