package dev.cadflow.makistry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.cadflow.sandbox.SandboxOptions;
import dev.cadflow.sandbox.SandboxServer;
import dev.cadflow.workflow.CadRequest;
import dev.cadflow.workflow.FailureType;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The connection cut after every single byte that goes either way around a submit, and what the sandbox charges. */
final class CutsAroundSubmitTest {
    private SandboxServer sandbox;
    private CuttingProxy proxy;
    private MakistryClient cut;
    private MakistryClient whole;

    @BeforeEach
    void start() throws IOException {
        sandbox = SandboxServer.start(SandboxOptions.builder().noQuota().build());
        proxy = new CuttingProxy(sandbox.apiBaseUrl().getPort());
        cut = client(proxied());
        whole = client(sandbox.apiBaseUrl());
    }

    @AfterEach
    void stop() {
        cut.close();
        whole.close();
        proxy.close();
        sandbox.close();
    }

    @Test
    void whereverTheRequestIsCutItsRepeatBuysOneJob() {
        submitUncut();
        int all = Math.toIntExact(proxy.requestBytes());

        for (int bytes = 0; bytes <= all; bytes++) {
            proxy.cutRequestsAfter(bytes);
            UUID key = UUID.randomUUID();
            MakistryException failure = failureOf(key);
            assertThat(failure).as("cut after %d of %d bytes", bytes, all).isNotNull();
            assertThat(failure.type()).isEqualTo(FailureType.SERVICE_UNAVAILABLE);
            assertThat(failure.isOutcomeUnknown()).isTrue();
            submit(whole, key);
        }

        assertThat(sandbox.counts().submitsCharged()).isEqualTo(all + 2);
    }

    @Test
    void whereverTheAnswerIsCutItsRepeatReturnsTheJobThatWasBought() {
        submitUncut();
        int all = Math.toIntExact(proxy.answerBytes());

        for (int bytes = 1; bytes <= all; bytes++) {
            proxy.cutAnswersAfter(bytes);
            UUID key = UUID.randomUUID();
            MakistryException failure = failureOf(key);
            assertThat(failure == null)
                    .as("a whole answer after %d of %d bytes", bytes, all)
                    .isEqualTo(bytes == all);
            assertThat(failure == null || failure.isOutcomeUnknown()).isTrue();
            submit(whole, key);
        }

        assertThat(sandbox.counts().submitsCharged()).isEqualTo(all + 1);
        assertThat(sandbox.counts().submitsRepeated()).isEqualTo(all);
    }

    private @Nullable MakistryException failureOf(UUID key) {
        return catchThrowableOfType(MakistryException.class, () -> submit(cut, key));
    }

    /** By a client whose connection is not kept for those that are to be cut. */
    private void submitUncut() {
        try (MakistryClient uncut = client(proxied())) {
            submit(uncut, UUID.randomUUID());
        }
    }

    private URI proxied() {
        return URI.create("http://127.0.0.1:" + proxy.port() + "/v1");
    }

    private static void submit(MakistryClient client, UUID key) {
        client.submit(Submission.of(CadRequest.of("A box"), List.of(), key, "order-7", null));
    }

    private MakistryClient client(URI url) {
        return MakistryClient.builder(sandbox.apiKey())
                .baseUrl(url)
                .quota(new Quota(QuotaLimits.of(10_000, 10_000)))
                .build();
    }
}
