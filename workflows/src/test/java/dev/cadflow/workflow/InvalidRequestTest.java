package dev.cadflow.workflow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cadflow.activity.PollResult;
import dev.cadflow.workflow.CadFailure.Problem;
import java.time.Duration;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class InvalidRequestTest {
    private WorkflowTestBed bed;

    @BeforeAll
    void start() {
        bed = new WorkflowTestBed();
        bed.activities.whenPolled(
                number -> new PollResult("success", ScriptedActivities.succeeded(ScriptedActivities.JOB), 1));
    }

    @AfterAll
    void stop() {
        bed.close();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {}                                                       | prompt        | a prompt, or images
            {"prompt": ""}                                           | prompt        | 1 to 5000 characters
            {"prompt": " \\t\\n "}                                   | prompt        | not all blank
            {"prompt": "a\\u0000b"}                                  | prompt        | control characters
            {"prompt": "\\ud83d"}                                    | prompt        | control characters
            {"prompt": 42}                                           | prompt        | a string
            {"prompt": null}                                         | prompt        | a prompt, or images
            {"prompt": "b", "design_mode": "deluxe"}                 | design_mode   | one of standard, pro, assembly
            {"prompt": "b", "design_mode": "PRO"}                    | design_mode   | one of standard, pro, assembly
            {"prompt": "b", "output_format": "IGES"}                 | output_format | one of STEP, STL, GLB, 3MF
            {"prompt": "b", "output_format": ["STEP"]}               | output_format | a string
            {"prompt": "b", "metadata": "x"}                         | metadata      | a JSON object
            {"prompt": "b", "metadata": {"cadflow_workflow_id": 1}}  | metadata      | cadflow_
            {"prompt": "b", "metadata": {"a":[[[[[[[[1]]]]]]]]}}     | metadata      | at most 8 levels
            {"prompt": "b", "deadline": "10 min"}                    | deadline      | ISO 8601
            {"prompt": "b", "deadline": "PT0S"}                      | deadline      | more than zero
            {"prompt": "b", "deadline": "-PT5M"}                     | deadline      | more than zero
            {"prompt": "b", "deadline": "P31D"}                      | deadline      | at most 30 days
            {"prompt": "b", "deadline": 600}                         | deadline      | a string
            {"job_id": "../../keys"}                                 | job_id        | 1 to 128 letters
            {"job_id": ""}                                           | job_id        | 1 to 128 letters
            {"images": []}                                           | images        | 1 to 3 URIs
            {"images": "https://example.com/a.png"}                  | images        | 1 to 3 URIs
            {"images": ["s3://b/a","s3://b/b","s3://b/c","s3://b/d"]}| images        | 1 to 3 URIs
            {"images": ["http://example.com/a.png"]}                 | images[0]     | file:, https: or s3:
            {"images": ["s3://b/a", "not a uri"]}                    | images[1]     | file:, https: or s3:
            {"images": ["https://me:pw@example.com/a.png"]}          | images[0]     | without credentials
            {"images": [7]}                                          | images[0]     | a string
            {"images": ["s3://b/a"], "design_mode": "pro"}           | design_mode   | standard or assembly
            {"prompt": "b", "archive_key": ""}                       | archive_key   | 1 to 200 characters
            {"prompt": "b", "archive_key": "/etc/passwd"}            | archive_key   | relative
            {"prompt": "b", "archive_key": "C:/parts/a"}             | archive_key   | relative
            {"prompt": "b", "archive_key": "a/../b"}                 | archive_key   | begins with '.'
            {"prompt": "b", "archive_key": ".hidden"}                | archive_key   | begins with '.'
            {"prompt": "b", "archive_key": "a//b"}                   | archive_key   | no empty part
            {"prompt": "b", "archive_key": "a/"}                     | archive_key   | no empty part
            {"prompt": "b", "archive_key": "a\\\\b"}                 | archive_key   | without '\\'
            {"prompt": "b", "archive_key": "a\\u0007b"}              | archive_key   | letters, digits
            {"prompt": "b", "archive_key": "a?b"}                    | archive_key   | letters, digits
            {"prompt": "b", "archive_key": "a.manifest.json"}        | archive_key   | the manifest's own
            {"prompt": "b", "expect": {}}                            | expect        | a JSON object such as
            {"prompt": "b", "expect": {"bounding_box_mm": [40, 20]}} | expect.bounding_box_mm | three sizes
            {"prompt": "b", "expect": {"bounding_box_mm": [1, -1, 1]}} | expect.bounding_box_mm | three sizes
            {"prompt": "b", "expect": {"tolerance_mm": "wide"}}      | expect.tolerance_mm | millimetres
            {"prompt": "b", "expect": {"max_size_bytes": 0}}         | expect.max_size_bytes | at least 1
            {"prompt": "b", "expect": {"boundingBox": [40, 20, 10]}} | expect.boundingBox | nearest is "bounding_box_mm"
            {"prompt": "b", "resubmit_on_expiry": "yes"}             | resubmit_on_expiry | true or false
            {"job_id": "pub_1", "resubmit_on_expiry": true}          | resubmit_on_expiry | a prompt or images
            {"prompt": "b", "reuse": 1}                              | reuse         | true or false
            {"prompt": "b", "idempotency_key": " "}                  | idempotency_key | 1 to 200 characters
            {"prompt": "b", "idempotency_key": "a\\nb"}              | idempotency_key | on one line
            []                                                       | request       | a JSON object
            "A box"                                                  | request       | a JSON object
            null                                                     | request       | a JSON object
            """)
    void aBrokenRuleFailsTheWorkflowNamingFieldRuleAndValue(String json, String field, String rule) {
        CadFailure failure = bed.start(json).failure();

        assertThat(failure.type()).isEqualTo(FailureType.INVALID_INPUT);
        assertThat(failure.details().problems()).singleElement().satisfies(problem -> {
            assertThat(problem.field()).isEqualTo(field);
            assertThat(problem.rule()).contains(rule);
            assertThat(failure.message()).contains(problem.toString());
        });
        assertThat(failure.details().nextStep()).contains("nothing was submitted");
    }

    @Test
    void aWorkflowWithoutInputFailsAndSaysWhatItTakes() {
        CadFailure failure = bed.startWith().failure();

        assertThat(failure.type()).isEqualTo(FailureType.INVALID_INPUT);
        assertThat(failure.message()).contains("{\"prompt\": \"A 40x20x10mm box\"}");
    }

    @ParameterizedTest
    @CsvSource({
        "promt, prompt",
        "outputFormat, output_format",
        "designMode, design_mode",
        "jobid, job_id",
        "archivekey, archive_key",
        "deadlne, deadline"
    })
    void anUnknownFieldIsNamedWithTheNearestKnownOne(String unknown, String nearest) {
        CadFailure failure =
                bed.start("{\"prompt\": \"A box\", \"" + unknown + "\": \"x\"}").failure();

        assertThat(failure.type()).isEqualTo(FailureType.INVALID_INPUT);
        assertThat(failure.details().problems())
                .extracting(Problem::toString)
                .containsExactly(unknown + ": expected a known field, the nearest is \"" + nearest + "\", found \"x\"");
    }

    @Test
    void allProblemsAreReportedAtOnce() {
        CadFailure failure = bed.start("""
                {"prompt": "", "design_mode": "x", "output_format": "y", "deadline": "z", "colour": "red"}
                """).failure();

        assertThat(failure.details().problems())
                .extracting(Problem::field)
                .containsExactlyInAnyOrder("prompt", "design_mode", "output_format", "deadline", "colour");
    }

    @Test
    void aPromptOf5001CharactersIsRefusedAndOneOf5000Emoji() {
        CadFailure failure = bed.start(CadRequest.of("x".repeat(5001))).failure();

        assertThat(failure.details().problems())
                .containsExactly(new Problem("prompt", "1 to 5000 characters", "5001 characters"));
        assertThat(bed.start(CadRequest.of("\uD83D\uDCE6".repeat(5000)))
                        .result()
                        .jobId())
                .isEqualTo(ScriptedActivities.JOB);
    }

    @ParameterizedTest
    @ValueSource(strings = {"صندوق 40×20×10 مم", "קופסה", "A box 📦 with\ttabs\r\nand lines", "箱"})
    void textOfEveryScriptIsAPrompt(String prompt) {
        assertThat(bed.start(CadRequest.of(prompt)).result().jobId()).isEqualTo(ScriptedActivities.JOB);
        assertThat(bed.activities.submits)
                .extracting(input -> input.request().prompt())
                .contains(prompt);
    }

    @Test
    void hugeMetadataIsRefusedBySize() {
        CadRequest request = CadRequest.builder()
                .prompt("A box")
                .metadata(Map.of("notes", "x".repeat(20_000)))
                .build();

        assertThat(bed.start(request).failure().details().problems())
                .singleElement()
                .satisfies(problem -> {
                    assertThat(problem.field()).isEqualTo("metadata");
                    assertThat(problem.rule()).isEqualTo("at most 16384 bytes of JSON");
                });
    }

    @Test
    void metadataMayHoldNullsListsAndObjects() {
        Map<String, Object> metadata = new HashMap<>(Map.of("tags", List.of("a", 1, true), "owner", Map.of("id", 7)));
        metadata.put("none", null);
        CadRequest request =
                CadRequest.builder().prompt("A box").metadata(metadata).build();

        assertThat(bed.start(request).result().metadata()).isEqualTo(metadata);
    }

    @Test
    void anArchiveKeyOf300CharactersIsRefused() {
        CadRequest request = CadRequest.builder()
                .prompt("A box")
                .archiveKey(String.join("/", Collections.nCopies(150, "a")) + "x")
                .build();

        assertThat(bed.start(request).failure().details().problems())
                .extracting(Problem::field)
                .containsExactly("archive_key");
    }

    @ParameterizedTest
    @CsvSource({
        "parts/b12, parts/b12.step",
        "parts/b12.step, parts/b12.step",
        "Teile/Gehäuse 7.STEP, Teile/Gehäuse 7.STEP"
    })
    void anArchiveKeyGetsTheExtensionOfItsFormat(String key, String archived) {
        CadRequest request =
                CadRequest.builder().prompt("A box").archiveKey(key).build();
        bed.start(request).result();

        assertThat(bed.activities
                        .archives
                        .get(bed.activities.archives.size() - 1)
                        .archiveKey())
                .isEqualTo(archived);
    }

    @Test
    void theRequestsOwnDeadlineReachesTheSubmit() {
        bed.start("{\"prompt\": \"A box\", \"deadline\": \"PT20M\"}").result();

        assertThat(bed.activities
                        .submits
                        .get(bed.activities.submits.size() - 1)
                        .request()
                        .deadline())
                .isEqualTo(Duration.ofMinutes(20));
    }
}
