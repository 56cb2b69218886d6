package dev.cadflow.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code POST /v1/image-to-cad}. */
final class ImageSubmitTest {

    private static final byte[] PNG = Base64.getDecoder()
            .decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==");
    private static final int TEN_MEGABYTES = 10 * 1024 * 1024;

    private SandboxServer sandbox;
    private Client client;
    private Form form;

    @BeforeEach
    void start() throws Exception {
        sandbox = SandboxServer.start(SandboxOptions.builder().noQuota().build());
        client = new Client(sandbox);
        form = new Form();
    }

    @AfterEach
    void stop() {
        sandbox.close();
    }

    /** Builds a multipart form by hand. */
    private static final class Form {

        private final ByteArrayOutputStream out = new ByteArrayOutputStream();

        Form field(String name, String value) {
            return part("name=\"" + name + "\"", "", value.getBytes(StandardCharsets.UTF_8));
        }

        Form image(String contentType, byte[] content) {
            return part("name=\"image\"; filename=\"a.png\"", "Content-Type: " + contentType + "\r\n", content);
        }

        private Form part(String disposition, String header, byte[] content) {
            out.writeBytes(("--XX\r\nContent-Disposition: form-data; " + disposition + "\r\n" + header + "\r\n")
                    .getBytes(StandardCharsets.UTF_8));
            out.writeBytes(content);
            out.writeBytes("\r\n".getBytes(StandardCharsets.UTF_8));
            return this;
        }

        byte[] end() {
            out.writeBytes("--XX--\r\n".getBytes(StandardCharsets.UTF_8));
            return out.toByteArray();
        }
    }

    private Client.Answer submit(byte[] body) throws Exception {
        return client.send(client.api("/image-to-cad")
                .header("Content-Type", "multipart/form-data; boundary=XX")
                .POST(BodyPublishers.ofByteArray(body)));
    }

    @Test
    void imagesWithAllFieldsMakeAJob() throws Exception {
        form.image("image/png", PNG)
                .field("prompt", "As drawn, 30x20x10mm")
                .field("design_mode", "assembly")
                .field("output_format", "3MF")
                .field("metadata_json", "{\"order\": 7}")
                .image("image/gif", "GIF89a".getBytes(StandardCharsets.US_ASCII))
                .image("image/webp", "RIFF\0\0\0\0WEBPVP8 ".getBytes(StandardCharsets.US_ASCII));

        Client.Answer answer = submit(form.end());

        assertThat(answer.status()).isEqualTo(202);
        SandboxJob job = sandbox.job(Client.jobId(answer));
        assertThat(job.endpoint()).isEqualTo(Endpoint.IMAGE_TO_CAD);
        assertThat(job.designMode()).isEqualTo(DesignMode.ASSEMBLY);
        assertThat(job.outputFormat().wireName()).isEqualTo("3MF");
        assertThat(job.metadata().path("order").asInt()).isEqualTo(7);
        assertThat(job.part().lengthMillimetres()).isEqualTo(30);
        assertThat(client.job(job.jobId()).path("endpoint").asText()).isEqualTo("image_to_cad");
    }

    @Test
    void thePromptIsOptional() throws Exception {
        form.image("image/jpeg", new byte[] {(byte) 0xff, (byte) 0xd8, (byte) 0xff, (byte) 0xe0});

        assertThat(submit(form.end()).status()).isEqualTo(202);
    }

    @ParameterizedTest
    @CsvSource({"0", "4"})
    void fewerThanOneAndMoreThanThreeImagesAreRefused(int images) throws Exception {
        form.field("prompt", "a box");
        for (int i = 0; i < images; i++) {
            form.image("image/png", PNG);
        }

        Client.Answer answer = submit(form.end());

        assertThat(answer.status()).isEqualTo(422);
        assertThat(answer.text()).contains("image: expected 1 to 3 files, found " + images);
    }

    @ParameterizedTest
    @CsvSource({"image/jpeg", "image/tiff", "text/plain"})
    void anImageThatIsNotWhatItsTypeSaysIsRefused(String contentType) throws Exception {
        Client.Answer answer = submit(form.image(contentType, PNG).end());

        assertThat(answer.status()).isEqualTo(422);
        assertThat(answer.json().path("error_code").asText()).isEqualTo("image_parse_failed");
    }

    @Test
    void anImageMayHaveTenMegabytesAndNotOneByteMore() throws Exception {
        assertThat(submit(new Form()
                                .image("image/png", Arrays.copyOf(PNG, TEN_MEGABYTES))
                                .end())
                        .status())
                .isEqualTo(202);
        Client.Answer larger = submit(new Form()
                .image("image/png", Arrays.copyOf(PNG, TEN_MEGABYTES + 1))
                .end());

        assertThat(larger.status()).isEqualTo(422);
        assertThat(larger.text()).contains("image 1: expected at most 10485760 bytes, found 10485761");
    }

    @Test
    void theModeProIsRefused() throws Exception {
        Client.Answer answer =
                submit(form.image("image/png", PNG).field("design_mode", "pro").end());

        assertThat(answer.status()).isEqualTo(422);
        assertThat(answer.text()).contains("design_mode: expected standard or assembly for image-to-cad, found pro");
    }

    @ParameterizedTest
    @CsvSource({"not json", "[]"})
    void metadataThatIsNoObjectIsRefused(String metadata) throws Exception {
        Client.Answer answer = submit(
                form.image("image/png", PNG).field("metadata_json", metadata).end());

        assertThat(answer.status()).isEqualTo(422);
        assertThat(answer.text()).contains("metadata");
    }

    @Test
    void aFormThatBreaksOffIsRefused() throws Exception {
        byte[] whole = form.image("image/png", PNG).end();

        Client.Answer answer = submit(Arrays.copyOf(whole, whole.length - 20));

        assertThat(answer.status()).isEqualTo(422);
        assertThat(answer.json().path("error_code").asText()).isEqualTo("invalid_input");
    }

    @Test
    void aBodyThatIsNoFormIsRefused() throws Exception {
        Client.Answer answer = client.send(client.api("/image-to-cad")
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString("{}")));

        assertThat(answer.status()).isEqualTo(422);
        assertThat(answer.text()).contains("expected multipart/form-data with a boundary");
    }
}
