package dev.cadflow.activity.impl;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import dev.cadflow.activity.BatchPage;
import dev.cadflow.activity.BatchPageInput;
import dev.cadflow.activity.BatchPart;
import dev.cadflow.activity.CadBatchActivities;
import dev.cadflow.activity.FinishReportInput;
import dev.cadflow.activity.PrepareBatchInput;
import dev.cadflow.activity.PreparedBatch;
import dev.cadflow.activity.ReportPageInput;
import dev.cadflow.archive.FileArchive;
import dev.cadflow.workflow.CadBatchPart;
import dev.cadflow.workflow.CadFailure;
import dev.cadflow.workflow.CadRequest;
import dev.cadflow.workflow.FailureType;
import io.temporal.testing.TestActivityEnvironment;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import okhttp3.OkHttpClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CadBatchActivitiesTest {
    private static final String FOLDER = "order-7/run-1";

    private final TestActivityEnvironment environment = TestActivityEnvironment.newInstance();
    private final CadBatchActivities activities = environment.newActivityStub(CadBatchActivities.class);

    @TempDir
    Path root;

    @BeforeEach
    void start() throws IOException {
        Path orders = Files.createDirectories(root.resolve("orders"));
        ImageSources sources = new ImageSources(ImagePrefixes.of(List.of(orders.toUri())), new OkHttpClient(), null);
        environment.registerActivitiesImplementations(
                new CadBatchActivitiesImpl(sources, new FileArchive(root.resolve("archive")).workingFiles()));
    }

    @AfterEach
    void stop() {
        environment.close();
    }

    @Test
    void eachLineOfAJsonLinesFileIsAPart() throws Exception {
        List<BatchPart> parts = partsOf("""
                {"prompt": "A box", "name": "box-1"}

                {"prompt": "A bracket", "output_format": "STL"}
                """);

        assertThat(parts)
                .extracting(BatchPart::number, BatchPart::name)
                .containsExactly(tuple(1, "box-1"), tuple(3, null));
        assertThat(request(parts.get(0)).toString()).isEqualTo("{\"prompt\":\"A box\"}");
        assertThat(request(parts.get(1)).path("output_format").textValue()).isEqualTo("STL");
    }

    @Test
    void aLineThatIsNoRequestIsABrokenPartAndTheOthersStand() throws Exception {
        List<BatchPart> parts = partsOf("""
                {"prompt": "A box", "name": "x"}
                {"prompt": "A
                [1]
                {"prompt": "again", "name": "x"}
                {"prompt": "name", "name": "../x"}
                {"prompt": "1", "prompt": "2"}
                {"prompt": "the number of line 8", "name": "8"}
                {"prompt": "taken"}
                """ + "{\"prompt\": \"" + "x".repeat(300_000) + "\"}\n{\"prompt\": \"last\"}");

        assertThat(parts)
                .filteredOn(part -> part.request() != null)
                .extracting(BatchPart::number)
                .containsExactly(1, 7, 10);
        assertThat(parts)
                .filteredOn(part -> part.problem() != null)
                .extracting(BatchPart::number)
                .containsExactly(2, 3, 4, 5, 6, 8, 9);
        assertThat(parts.get(2).problem()).contains("expected a JSON object", "found array");
        assertThat(parts.get(3).problem()).contains("no other part");
        assertThat(parts.get(8).problem()).contains("expected at most 262144 bytes");
    }

    @Test
    void aCsvFileNamesTheFieldsInItsHeader() throws Exception {
        List<BatchPart> parts = partsOf("""
                name,prompt,design_mode,metadata.order,images,reuse,expect
                a-1,"A box,
                of ""two"" lines",pro,A-17,file:///i/1.png  file:///i/2.png,true,"{""max_size_bytes"": 5}"
                a-2,A bracket,,,,,
                """);

        assertThat(parts).extracting(BatchPart::number).containsExactly(2, 4);
        JsonNode first = request(parts.get(0));
        assertThat(first.path("prompt").textValue()).isEqualTo("A box,\nof \"two\" lines");
        assertThat(first.path("metadata").path("order").textValue()).isEqualTo("A-17");
        assertThat(first.path("images")).hasSize(2);
        assertThat(first.path("reuse").booleanValue()).isTrue();
        assertThat(first.path("expect").path("max_size_bytes").intValue()).isEqualTo(5);
        assertThat(request(parts.get(1)).toString()).isEqualTo("{\"prompt\":\"A bracket\"}");
    }

    @Test
    void whatSpreadsheetsWriteIsRead() throws Exception {
        List<BatchPart> parts = partsOf("\uFEFFname;prompt\r\nx;A box, 40x20\r\n");

        assertThat(parts).singleElement().satisfies(part -> {
            assertThat(part.name()).isEqualTo("x");
            assertThat(request(part).path("prompt").textValue()).isEqualTo("A box, 40x20");
        });
    }

    @Test
    void aBadCsvRecordIsABrokenPartAndAForgottenQuoteEndsSomewhere() throws Exception {
        List<BatchPart> parts =
                partsOf("prompt,reuse\na,maybe\nb,true,more\n\"c" + "\nd".repeat(200_000) + "\ne,false\n");

        assertThat(parts.get(0).problem()).isEqualTo("reuse: expected true or false, found \"maybe\"");
        assertThat(parts.get(1).problem()).isEqualTo("expected 2 cells as in the header, found 3");
        assertThat(parts.get(2).problem()).contains("bytes");
        assertThat(request(parts.get(parts.size() - 1)).path("prompt").textValue())
                .isEqualTo("e");
    }

    @Test
    void aCsvHasAColumnForEveryFieldOfARequest() {
        SnakeCaseStrategy snakeCase = new SnakeCaseStrategy();
        List<String> fields = Arrays.stream(CadRequest.class.getRecordComponents())
                .map(component -> snakeCase.translate(component.getName()))
                .collect(Collectors.toList());
        fields.add("name");

        assertThat(CsvFormat.columns()).containsExactlyInAnyOrderElementsOf(fields);
    }

    @Test
    void aColumnThatIsNotKnownEndsTheBatchBeforeItBegins() throws Exception {
        CadFailure failure = failureOf(write("parts.csv", "promt\nA box\n".getBytes(UTF_8)));

        assertThat(failure.type()).isEqualTo(FailureType.INVALID_INPUT);
        assertThat(failure.message()).contains("header: expected columns of", "prompt", "found \"promt\"", "parts.csv");
    }

    @Test
    void aFileWithoutPartsOrOfAnotherEncodingIsRefused() throws Exception {
        assertThat(failureOf(write("empty.jsonl", new byte[0])).message()).contains("at least one part");
        assertThat(failureOf(write("header.csv", "prompt\n".getBytes(UTF_8))).message())
                .contains("at least one part");
        byte[] latin1 = "prompt\nA bo\u00efte\n".getBytes(StandardCharsets.ISO_8859_1);
        assertThat(partsOf(latin1).get(0).problem()).isEqualTo("expected UTF-8, found another encoding");
    }

    @Test
    void onlyAllowedPlacesAreRead() throws Exception {
        Path secret = Files.writeString(root.resolve("secret.jsonl"), "{}");
        Path link = root.resolve("orders/link.jsonl");
        Files.createSymbolicLink(link, secret);

        assertThat(List.of(
                        secret.toUri().toString(),
                        link.toUri().toString(),
                        "file:///etc/passwd",
                        root.resolve("orders").toUri() + "../secret.jsonl",
                        "https://127.0.0.1/parts.jsonl"))
                .allSatisfy(uri -> assertThat(failureOf(uri).type()).isEqualTo(FailureType.INVALID_INPUT));
    }

    @Test
    void aLongListLiesOnSeveralPagesWhateverBecomesOfTheFile() throws Exception {
        String lines = IntStream.rangeClosed(1, 250)
                .mapToObj(number -> "{\"prompt\": \"Box " + number + "\"}")
                .collect(Collectors.joining("\n"));
        String uri = write("long.jsonl", lines.getBytes(UTF_8));

        PreparedBatch batch = activities.prepare(new PrepareBatchInput(uri, FOLDER));
        Files.delete(Path.of(URI.create(uri)));

        assertThat(batch).isEqualTo(new PreparedBatch(250, 3));
        assertThat(activities.readPage(new BatchPageInput(FOLDER, 2)).parts())
                .extracting(BatchPart::number)
                .containsExactlyElementsOf(
                        IntStream.rangeClosed(201, 250).boxed().toList());
    }

    @Test
    void pagesStayBelowWhatAPayloadMayHold() throws Exception {
        String line = "{\"prompt\": \"" + "x".repeat(100_000) + "\"}\n";

        PreparedBatch batch = activities.prepare(
                new PrepareBatchInput(write("fat.jsonl", line.repeat(20).getBytes(UTF_8)), FOLDER));

        assertThat(batch).isEqualTo(new PreparedBatch(20, 4));
    }

    @Test
    void theReportIsOneFileOfAllPagesHoweverOftenItIsWritten() throws Exception {
        activities.writeReportPage(new ReportPageInput(FOLDER, 0, List.of(ended(1), ended(2))));
        activities.writeReportPage(new ReportPageInput(FOLDER, 0, List.of(ended(1), ended(2))));
        activities.finishReport(new FinishReportInput(FOLDER, 1, List.of()));

        URI report = activities
                .finishReport(new FinishReportInput(FOLDER, 1, List.of(ended(3))))
                .uri();

        assertThat(Path.of(report)).startsWith(root.resolve("archive/.batches/order-7"));
        assertThat(Files.readAllLines(Path.of(report)))
                .hasSize(3)
                .first()
                .isEqualTo("{\"number\":1,\"status\":\"cancelled\",\"workflow_id\":\"w\",\"makistry_requests\":0}");
    }

    private static CadBatchPart ended(int number) {
        return new CadBatchPart(number, null, CadBatchPart.Status.CANCELLED, "w", null, null, null, 0);
    }

    private List<BatchPart> partsOf(String content) throws IOException {
        return partsOf(content.getBytes(UTF_8));
    }

    private List<BatchPart> partsOf(byte[] content) throws IOException {
        PreparedBatch batch = activities.prepare(new PrepareBatchInput(write("parts", content), FOLDER));
        List<BatchPart> parts = IntStream.range(0, batch.pages())
                .mapToObj(page -> activities.readPage(new BatchPageInput(FOLDER, page)))
                .map(BatchPage::parts)
                .flatMap(List::stream)
                .toList();
        assertThat(parts).hasSize(batch.parts());
        return parts;
    }

    private String write(String name, byte[] content) throws IOException {
        return Files.write(root.resolve("orders").resolve(name), content)
                .toUri()
                .toString();
    }

    private CadFailure failureOf(String uri) {
        return CadFailure.from(catchThrowable(() -> activities.prepare(new PrepareBatchInput(uri, FOLDER))))
                .orElseThrow();
    }

    private static JsonNode request(BatchPart part) {
        JsonNode request = part.request();
        if (request == null) {
            throw new AssertionError("broken: " + part.problem());
        }
        return request;
    }
}
