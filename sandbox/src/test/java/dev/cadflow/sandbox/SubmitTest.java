package dev.cadflow.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cadflow.sandbox.part.OutputFormat;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code POST /v1/text-to-cad}. */
final class SubmitTest {

    private SandboxServer sandbox;
    private Client client;

    @BeforeEach
    void start() throws Exception {
        sandbox = SandboxServer.start(
                SandboxOptions.builder().noQuota().credits(9).build());
        client = new Client(sandbox);
    }

    @AfterEach
    void stop() {
        sandbox.close();
    }

    @ParameterizedTest
    @EnumSource
    void everyFormatIsTaken(OutputFormat format) throws Exception {
        String id = Client.jobId(
                client.submit("{\"prompt\": \"a box\", \"output_format\": \"" + format.wireName() + "\"}"));

        assertThat(client.job(id).path("output_format").asText()).isEqualTo(format.wireName());
    }

    @ParameterizedTest
    @EnumSource
    void everyModeIsTaken(DesignMode mode) throws Exception {
        String id =
                Client.jobId(client.submit("{\"prompt\": \"a box\", \"design_mode\": \"" + mode.wireName() + "\"}"));

        assertThat(client.job(id).path("design_mode").asText()).isEqualTo(mode.wireName());
        assertThat(sandbox.counts().creditsReserved()).isEqualTo(mode.credits());
    }

    @Test
    void formatAndModeAreStepAndStandardByDefault() throws Exception {
        SandboxJob job = sandbox.job(Client.jobId(client.submit("{\"prompt\": \"a box\"}")));

        assertThat(job.outputFormat()).isEqualTo(OutputFormat.STEP);
        assertThat(job.designMode()).isEqualTo(DesignMode.STANDARD);
        assertThat(job.metadata()).isEmpty();
        assertThat(job.callbackUrl()).isNull();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{}                                                            | prompt: expected 1 to 5000 characters, found 0",
                "{\"prompt\": null}                                            | prompt: expected 1 to 5000 characters",
                "{\"prompt\": \"\"}                                            | prompt: expected 1 to 5000 characters",
                "{\"prompt\": \"  \\n \"}                                      | found only blanks",
                "{\"prompt\": 7}                                               | prompt: expected a string, found NUMBER",
                "{\"prompt\": \"a box\", \"output_format\": \"step\"}          | output_format: expected STEP, STL, GLB or 3MF, found step",
                "{\"prompt\": \"a box\", \"design_mode\": \"fast\"}            | design_mode: expected standard, pro or assembly, found fast",
                "{\"prompt\": \"a box\", \"metadata\": []}                     | metadata: expected a JSON object, found ARRAY",
                "{\"prompt\": \"a box\", \"callback_url\": \"http://example.com/hook\"} | callback_url: expected an HTTPS URL",
                "{\"prompt\": \"a box\", \"callback_url\": \"http://127.0.0.1.example.com/hook\"} | callback_url: expected an HTTPS URL",
                "{\"prompt\": \"a box\", \"callback_url\": \"ftp://127.0.0.1/hook\"}    | callback_url: expected an HTTPS URL",
                "{\"prompt\": \"a box\", \"callback_url\": \"https:hook\"}     | callback_url: expected an HTTPS URL",
                "{\"prompt\": \"a box\", \"callback_url\": \"not a url\"}      | callback_url: expected an HTTPS URL",
                "[]                                                            | body: expected a JSON object, found ARRAY",
                "{\"prompt\": \"a box\"                                        | body: expected a JSON object, found what is not JSON",
                "``                                                            | body: expected a JSON object",
            })
    void aBadSubmitIsRefusedWithTheFieldAndChargesNothing(String json, String message) throws Exception {
        Client.Answer answer = client.submit(json);

        assertThat(answer.status()).isEqualTo(422);
        assertThat(answer.json().path("error_code").asText()).isEqualTo("invalid_input");
        assertThat(answer.json().path("message").asText()).contains(message);
        assertThat(sandbox.counts().submitsCharged()).isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"https://example.com/hook", "http://127.0.0.1:1/hook", "http://localhost:1/", "http://[::1]:1/"})
    void aCallbackIsHttpsOrOnALoopbackAddress(String url) throws Exception {
        ObjectNode json = Json.object().put("prompt", "a box").put("callback_url", url);

        assertThat(client.submit(json.toString()).status()).isEqualTo(202);
    }

    @Test
    void aPromptMayHaveFiveThousandCharactersAndNotOneMore() throws Exception {
        // Two UTF-16 units each: characters are counted, not units.
        String longest = "🔩".repeat(5000);

        assertThat(client.submit(Json.object().put("prompt", longest).toString())
                        .status())
                .isEqualTo(202);
        assertThat(client.submit(Json.object().put("prompt", longest + "x").toString())
                        .status())
                .isEqualTo(422);
    }

    @Test
    void unknownFieldsAreIgnored() throws Exception {
        assertThat(client.submit("{\"prompt\": \"a box\", \"colour\": \"red\"}").status())
                .isEqualTo(202);
    }

    @Test
    void aBodyThatIsNotDeclaredAsJsonIsRefused() throws Exception {
        Client.Answer answer =
                client.send(client.submitRequest("{\"prompt\": \"a box\"}").setHeader("Content-Type", "text/plain"));

        assertThat(answer.status()).isEqualTo(422);
        assertThat(answer.text()).contains("Content-Type: expected application/json, found text/plain");
    }

    @Test
    void anAccountWithoutCreditsIsAnswered402AndNothingIsQueued() throws Exception {
        for (int i = 0; i < 3; i++) {
            client.submit("{\"prompt\": \"a box\", \"design_mode\": \"assembly\"}");
        }

        Client.Answer answer = client.submit("{\"prompt\": \"a box\"}");

        assertThat(answer.status()).isEqualTo(402);
        assertThat(answer.json().path("error_code").asText()).isEqualTo("payment_required");
        assertThat(sandbox.jobs()).hasSize(3);
    }

    @Test
    void creditsOfAFailedJobAreGivenBack() throws Exception {
        sandbox.fail(client.submitPart(), "some_code", "Some message");

        assertThat(sandbox.counts().creditsReserved()).isZero();
        assertThat(sandbox.counts().creditsConsumed()).isZero();
    }

    @Test
    void aKnownIdempotencyKeyAnswersItsJobEvenForABodyThatIsWrong() throws Exception {
        UUID key = UUID.randomUUID();
        String first = Client.jobId(client.submit("{\"prompt\": \"a box\"}", key));

        Client.Answer again = client.submit("{\"prompt\": \"\"}", key);

        assertThat(again.status()).isEqualTo(202);
        assertThat(Client.jobId(again)).isEqualTo(first);
        assertThat(sandbox.counts().submitsRepeated()).isEqualTo(1);
    }

    @Test
    void aRefusedSubmitDoesNotUseUpItsIdempotencyKey() throws Exception {
        UUID key = UUID.randomUUID();

        assertThat(client.submit("{\"prompt\": \"\"}", key).status()).isEqualTo(422);
        assertThat(client.submit("{\"prompt\": \"a box\"}", key).status()).isEqualTo(202);
    }

    @Test
    void anIdempotencyKeyMustBeAUuidOfVersionFour() throws Exception {
        UUID version3 = UUID.fromString("c9a646d3-9c61-3cd7-9d3e-1b2c3d4e5f60");

        Client.Answer answer = client.submit("{\"prompt\": \"a box\"}", version3);

        assertThat(answer.status()).isEqualTo(422);
        assertThat(answer.text()).contains("Idempotency-Key: expected a UUID of version 4");
    }

    @Test
    void sixteenRacingSubmitsOfOneKeyBuyOneJob() throws Exception {
        UUID key = UUID.randomUUID();
        ExecutorService threads = Executors.newFixedThreadPool(16);
        try {
            List<Callable<String>> submits = IntStream.range(0, 16)
                    .<Callable<String>>mapToObj(i -> () -> Client.jobId(client.submit("{\"prompt\": \"a box\"}", key)))
                    .toList();

            assertThat(threads.invokeAll(submits))
                    .extracting(future -> future.get())
                    .containsOnly(sandbox.jobs().get(0).jobId());
        } finally {
            threads.shutdownNow();
        }
        assertThat(sandbox.counts().submitsCharged()).isEqualTo(1);
    }
}
