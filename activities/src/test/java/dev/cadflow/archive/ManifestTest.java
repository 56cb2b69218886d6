package dev.cadflow.archive;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
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
}
