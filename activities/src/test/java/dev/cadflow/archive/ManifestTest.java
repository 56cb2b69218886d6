package dev.cadflow.archive;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;
import dev.cadflow.workflow.BoundingBox;
import dev.cadflow.workflow.Measures;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

final class ManifestTest {
    private static final ArchiveKey KEY = ArchiveKey.of("a.step");
    private final Manifest manifest = Parts.manifest(KEY, "job-1", Parts.step("a"));

    @Test
    void isCanonicalJson() {
        String json = new String(manifest.toJson(), UTF_8);

        assertThat(json)
                .startsWith("{\"archive_key\":\"a.step\",\"delivery\":{\"archived_at\":\"2026-11-21T12:00:00Z\",")
                .endsWith("\"workflow\":{\"run_id\":\"run-1\",\"workflow_id\":\"order-7\"}}")
                .doesNotContain("\n");
    }

    @Test
    void comesBackAsItWasWritten() throws IOException {
        assertThat(Manifest.parse(manifest.toJson())).isEqualTo(manifest);
    }

    @Test
    void sortsAndPlainsABrainstormOfWhateverShape() throws IOException {
        JsonNode brainstorm = new ObjectMapper()
                .readTree("{\"z\":[{\"b\":1.50,\"a\":1e3}],\"a\":null,\"n\":1e400,\"ü\":\"\\u00fc\"}");

        assertThat(new String(CanonicalJson.write(brainstorm), UTF_8))
                .isEqualTo("{\"a\":null,\"n\":\"Infinity\",\"z\":[{\"a\":1000,\"b\":1.5}],\"ü\":\"ü\"}");
    }

    @Test
    void isUtf8ThroughoutThoughATextEndInTheMiddleOfACharacter() throws IOException {
        JsonNode brainstorm = new ObjectMapper().readTree("{\"\\ud83d\":\"a bolt \\ud83d\\udd29, cut \\ud83d\"}");

        assertThat(new String(CanonicalJson.write(brainstorm), UTF_8))
                .isEqualTo("{\"\uFFFD\":\"a bolt \uD83D\uDD29, cut \uFFFD\"}");
    }

    @Test
    void isNotReadFromWhatLacksItsFile() {
        byte[] json = "{\"manifest_version\":1,\"archive_key\":\"a.step\"}".getBytes(UTF_8);

        assertThatIOException().isThrownBy(() -> Manifest.parse(json)).withMessageContaining("field missing");
    }

    @Test
    void isNotReadFromAnotherVersion() {
        byte[] json = new String(manifest.toJson(), UTF_8)
                .replace("\"manifest_version\":1", "\"manifest_version\":2")
                .getBytes(UTF_8);

        assertThatIOException().isThrownBy(() -> Manifest.parse(json)).withMessageContaining("found version 2");
    }

    @Test
    void isValidByItsPublishedSchema() throws IOException {
        for (Manifest valid : List.of(manifest, full())) {
            assertThat(problems(valid.toJson())).isEmpty();
        }
        String json = new String(full().toJson(), UTF_8);
        for (String broken : List.of(
                json.replace(",\"size_bytes\":1", ""),
                json.replace("\"sha256\":\"", "\"sha256\":\"X"),
                json.replace("\"delivered_by\":\"webhook\"", "\"delivered_by\":\"pigeon\""),
                json.replace("\"manifest_version\":1", "\"manifest_version\":\"1\""))) {
            assertThat(problems(broken.getBytes(UTF_8))).as(broken).isNotEmpty();
        }
    }

    /** The schema names every member that a full manifest has, and nothing that none has. */
    @Test
    void hasEveryMemberThatItsPublishedSchemaNames() throws IOException {
        ObjectMapper mapper = new ObjectMapper();
        JsonNode schema = mapper.readTree(Manifest.class.getResource("manifest.schema.json"));

        assertThat(names(mapper.readTree(full().toJson()), "")).isEqualTo(schemaNames(schema, ""));
    }

    private Manifest full() throws IOException {
        Manifest.MakistryJob job = new Manifest.MakistryJob("j", "c", "u", new ObjectMapper().readTree("{}"), 1L, 2L);
        Measures measures = new Measures(new BoundingBox(40, 20, 10), 12L, 345L, "millimetre");
        Manifest.Content content = new Manifest.Content(
                manifest.file().sha256(), 1, "model/stl", manifest.file().outputFormat(), measures);
        return new Manifest(
                Manifest.VERSION,
                "a.step",
                content,
                job,
                manifest.request(),
                manifest.workflow(),
                manifest.delivery(),
                new Manifest.Quarantine("output_invalid", "m"),
                new Manifest.Signature("Ed25519", "p", "v"));
    }

    private static Set<ValidationMessage> problems(byte[] json) throws IOException {
        JsonSchema schema = JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
                .getSchema(Manifest.class.getResourceAsStream("manifest.schema.json"));
        return schema.validate(new ObjectMapper().readTree(json));
    }

    private static Set<String> names(JsonNode object, String path) {
        Set<String> names = new TreeSet<>();
        object.properties().forEach(field -> {
            names.add(path + field.getKey());
            names.addAll(names(field.getValue(), path + field.getKey() + "."));
        });
        return names;
    }

    private static Set<String> schemaNames(JsonNode schema, String path) {
        Set<String> names = new TreeSet<>();
        schema.path("properties").properties().forEach(field -> {
            names.add(path + field.getKey());
            names.addAll(schemaNames(field.getValue(), path + field.getKey() + "."));
        });
        return names;
    }
}
