package dev.cadflow.activity.impl;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.net.httpserver.HttpExchange;
import dev.cadflow.makistry.MakistryClient;
import dev.cadflow.makistry.MakistryException;
import dev.cadflow.workflow.CadFailure;
import dev.cadflow.workflow.FailureType;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import okhttp3.OkHttpClient;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Images from the web, over TLS. The server is on loopback, so loopback counts as a public address here. */
final class WebImagesTest {
    private static final byte[] PNG = "\u0089PNG\r\n\u001a\nand the rest of it".getBytes(ISO_8859_1);

    @TempDir
    private static Path folder;

    private static TlsServer server;
    private static ImageSources sources;

    @BeforeAll
    static void start() throws Exception {
        server = new TlsServer(folder, WebImagesTest::answer);
        sources = new ImageSources(ImagePrefixes.of(List.of(server.url())), server.client(), null, address -> true);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void anImageIsFetchedWithItsQuery() {
        try (FetchedImages fetched = sources.fetch(List.of(server.url() + "good?signature=s3cr3t"))) {
            assertThat(fetched.files().get(0).file()).hasBinaryContent(PNG);
        }
    }

    @Test
    void aRedirectIsNotFollowed() {
        int before = server.requests();

        CadFailure failure = refusalOf("redirect?signature=s3cr3t");

        assertThat(failure.type()).isEqualTo(FailureType.INVALID_INPUT);
        assertThat(failure.message()).contains("no redirect", "302").doesNotContain("s3cr3t");
        assertThat(server.requests()).isEqualTo(before + 1);
    }

    @Test
    void whatIsMissingIsInvalid() {
        assertThat(refusalOf("missing").message()).contains("404");
    }

    @Test
    void whatSaysThatItIsTooLargeIsNotRead() {
        assertThat(refusalOf("claims-too-much").message()).contains("at most 10000000 bytes");
    }

    @Test
    void whatNeverEndsIsNotReadForEver() {
        assertThat(refusalOf("endless").message()).contains("at most 10000000 bytes");
    }

    @Test
    void anOutageIsTriedAgain() {
        assertThat(refusalOf("outage").type()).isEqualTo(FailureType.SERVICE_UNAVAILABLE);
    }

    @Test
    void aServerThatIsNotTrustedIsNotRead() {
        ImageSources distrusting =
                new ImageSources(ImagePrefixes.of(List.of(server.url())), new OkHttpClient(), null, address -> true);

        ImageException refusal = catchThrowableOfType(
                ImageException.class,
                () -> distrusting.fetch(List.of(server.url() + "good")).close());

        assertThat(refusal.failure().type()).isEqualTo(FailureType.SERVICE_UNAVAILABLE);
    }

    @Test
    void aMakistryThatIsNotTrustedIsNeverTalkedTo() {
        int before = server.requests();
        try (MakistryClient distrusting = MakistryClient.builder("mk_pub_0123456789abcdef0123456789abcdef")
                .baseUrl(server.url())
                .build()) {
            MakistryException failure = catchThrowableOfType(MakistryException.class, () -> distrusting.job("pub_1"));

            assertThat(failure.type()).isEqualTo(FailureType.SERVICE_UNAVAILABLE);
            assertThat(failure).hasMessageContaining("TLS failed").hasMessageContaining("trusted certificates");
            assertThat(failure.isRequestSent()).isFalse();
            assertThat(server.requests()).isEqualTo(before);
        }
    }

    private static CadFailure refusalOf(String path) {
        ImageException refusal = catchThrowableOfType(
                ImageException.class,
                () -> sources.fetch(List.of(server.url() + path)).close());
        assertThat(refusal).as("a refusal").isNotNull();
        return refusal.failure();
    }

    private static void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            switch (exchange.getRequestURI().getPath()) {
                case "/good" -> {
                    exchange.sendResponseHeaders(200, PNG.length);
                    exchange.getResponseBody().write(PNG);
                }
                case "/redirect" -> {
                    exchange.getResponseHeaders().set("Location", "/good");
                    exchange.sendResponseHeaders(302, -1);
                }
                case "/claims-too-much" -> {
                    exchange.sendResponseHeaders(200, 10_000_001);
                    // A connection that is closed before its body is whole may take the headers with it.
                    exchange.getResponseBody().write(Arrays.copyOf(PNG, 10_000_001));
                }
                case "/endless" -> {
                    exchange.sendResponseHeaders(200, 0);
                    OutputStream body = exchange.getResponseBody();
                    body.write(PNG);
                    for (int i = 0; i < 200; i++) {
                        body.write(new byte[64 * 1024]);
                    }
                }
                case "/outage" -> exchange.sendResponseHeaders(503, -1);
                default -> exchange.sendResponseHeaders(404, -1);
            }
        }
    }
}
