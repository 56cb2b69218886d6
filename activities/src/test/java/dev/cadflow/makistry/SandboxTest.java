package dev.cadflow.makistry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.cadflow.sandbox.Fault;
import dev.cadflow.sandbox.FaultKind;
import dev.cadflow.sandbox.FaultTarget;
import dev.cadflow.sandbox.Route;
import dev.cadflow.sandbox.SandboxJob;
import dev.cadflow.sandbox.SandboxOptions;
import dev.cadflow.sandbox.SandboxServer;
import dev.cadflow.workflow.CadRequest;
import dev.cadflow.workflow.FailureType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The client against the sandbox, which charges and counts as Makistry does. */
final class SandboxTest {
    private static final byte[] PNG = Base64.getDecoder()
            .decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==");

    private SandboxServer sandbox;
    private MakistryClient client;

    @BeforeEach
    void start() throws IOException {
        sandbox = SandboxServer.start(SandboxOptions.builder().noQuota().build());
        client = MakistryClient.builder(sandbox.apiKey())
                .baseUrl(sandbox.apiBaseUrl())
                .readTimeout(Duration.ofSeconds(5))
                .quota(new Quota(QuotaLimits.of(10_000, 10_000)))
                .build();
    }

    @AfterEach
    void stop() {
        client.close();
        sandbox.close();
    }

    @ParameterizedTest
    @EnumSource(names = {"ANSWER", "CUT_BEFORE", "CUT_AFTER", "TRUNCATED", "HUGE", "NOT_GZIP"})
    void whateverHappensToASubmitItsRepeatBuysOneJob(FaultKind fault) {
        sandbox.faults().add(Fault.of(FaultTarget.SUBMIT, fault));
        UUID key = UUID.randomUUID();

        MakistryException failure = catchThrowableOfType(MakistryException.class, () -> submit(key));
        assertThat(failure.type()).isEqualTo(FailureType.SERVICE_UNAVAILABLE);
        assertThat(failure.isOutcomeUnknown()).isTrue();
        String jobId = submit(key);

        assertThat(submit(key)).isEqualTo(jobId);
        assertThat(sandbox.counts().submitsCharged()).isEqualTo(1);
    }

    @Test
    void aCutAtEveryByteOfTheAnswerIsOneCharge() {
        int cuts = 120;
        for (int offset = 0; offset < cuts; offset++) {
            sandbox.faults()
                    .add(Fault.builder(FaultTarget.SUBMIT, FaultKind.TRUNCATED)
                            .offsetBytes(offset)
                            .build());
            UUID key = UUID.randomUUID();
            try {
                submit(key);
            } catch (MakistryException cut) {
                assertThat(cut.isOutcomeUnknown()).isTrue();
                submit(key);
            }
            sandbox.faults().clear();
        }
        assertThat(sandbox.counts().submitsCharged()).isEqualTo(cuts);
    }

    @Test
    void fieldsOfTomorrowAreIgnored() {
        sandbox.faults().add(Fault.of(FaultTarget.SUBMIT, FaultKind.EXTRA_FIELDS));
        sandbox.faults().add(Fault.of(FaultTarget.GET_JOB, FaultKind.EXTRA_FIELDS));
        String jobId = submit(UUID.randomUUID());
        sandbox.finish(jobId);

        Job job = client.job(jobId);

        assertThat(job.status()).isEqualTo("success");
        assertThat(job.downloadUrl()).isNotNull();
        assertThat(job.brainstorm()).isNotNull();
        assertThat(job.metadata()).containsEntry("cadflow_workflow_id", "order-7");
    }

    @Test
    void anExpiredJobIsTyped() {
        String jobId = submit(UUID.randomUUID());
        sandbox.finish(jobId);
        sandbox.expire(jobId);

        assertThat(catchThrowableOfType(MakistryException.class, () -> client.job(jobId))
                        .type())
                .isEqualTo(FailureType.OUTPUT_EXPIRED);
    }

    @Test
    void imagesGoAsAForm(@TempDir Path folder) throws IOException {
        Path image = Files.write(folder.resolve("secret name.bin"), PNG);
        List<ImageFile> images =
                List.of(new ImageFile(image, "image/png", PNG.length), new ImageFile(image, "image/png", PNG.length));
        CadRequest request = CadRequest.builder()
                .prompt("A bräcket")
                .metadata(Map.of("part", "P-7"))
                .build();

        String jobId = client.submit(Submission.of(request, images, UUID.randomUUID(), "order-7", null));

        SandboxJob job = sandbox.job(jobId);
        assertThat(sandbox.counts().of(Route.IMAGE_TO_CAD)).isEqualTo(1);
        assertThat(job.prompt()).isEqualTo("A bräcket");
        assertThat(job.metadata().get("part").asText()).isEqualTo("P-7");
        assertThat(job.metadata().get("cadflow_workflow_id").asText()).isEqualTo("order-7");
    }

    @Test
    void theListComesPageByPageAsItIsRead() {
        List<String> newestFirst = new ArrayList<>();
        for (int i = 0; i < 7; i++) {
            newestFirst.add(0, submit(UUID.randomUUID()));
        }
        sandbox.finish(newestFirst.get(3));

        List<String> first = client.jobs(new JobQuery(null, null, 2, 100))
                .limit(2)
                .flatMap(page -> page.jobs().stream())
                .map(Job::jobId)
                .toList();
        assertThat(first).isEqualTo(newestFirst.subList(0, 4));
        assertThat(sandbox.counts().of(Route.LIST_JOBS)).isEqualTo(2);

        assertThat(client.jobs(new JobQuery(null, null, 3, 100)).flatMap(page -> page.jobs().stream()))
                .extracting(Job::jobId)
                .isEqualTo(newestFirst);
        assertThat(client.jobs(new JobQuery("success", "text_to_cad", 100, 1)).flatMap(page -> page.jobs().stream()))
                .extracting(Job::jobId)
                .containsExactly(newestFirst.get(3));
    }

    @Test
    void aBrokenJobInAPageLeavesTheRest() {
        submit(UUID.randomUUID());
        submit(UUID.randomUUID());
        submit(UUID.randomUUID());
        sandbox.faults().add(Fault.of(FaultTarget.LIST_JOBS, FaultKind.BROKEN_JOB));

        JobPage page = client.jobs(JobQuery.NEWEST).findFirst().orElseThrow();

        assertThat(page.unreadable()).isEqualTo(1);
        assertThat(page.jobs()).hasSize(2);
    }

    @Test
    void aCursorThatNeverEndsIsFoundOut() {
        sandbox.faults()
                .add(Fault.builder(FaultTarget.LIST_JOBS, FaultKind.ANSWER)
                        .times(1000)
                        .status(200)
                        .body("application/json", "{\"jobs\":[],\"next_cursor\":\"2026-01-01T00:00:00Z\"}")
                        .build());

        assertThatThrownBy(() -> client.jobs(JobQuery.ALL).count())
                .isInstanceOf(MakistryException.class)
                .hasMessageContaining("goes round in circles");
        assertThat(sandbox.counts().of(Route.LIST_JOBS)).isEqualTo(2);
    }

    @Test
    void theSigningSecretIsRotatedAndNotShown() {
        String before = sandbox.signingSecret();

        SigningSecret secret = client.rotateSigningSecret(sandbox.apiKeyId());

        assertThat(secret.value()).isEqualTo(sandbox.signingSecret()).isNotEqualTo(before);
        assertThat(secret.toString()).doesNotContain(secret.value());
    }

    @Test
    void anApiKeyInPlaceOfItsIdIsNotQuoted() {
        assertThatThrownBy(() -> client.rotateSigningSecret("mk_pub/" + sandbox.apiKey()))
                .isInstanceOf(MakistryException.class)
                .hasMessageNotContaining(sandbox.apiKey());
    }

    private String submit(UUID key) {
        return client.submit(Submission.of(CadRequest.of("A box"), List.of(), key, "order-7", null));
    }
}
