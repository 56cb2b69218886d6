package dev.cadflow.makistry;

import static dev.cadflow.makistry.RawServer.answer;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.cadflow.workflow.CadRequest;
import dev.cadflow.workflow.FailureType;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPOutputStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Answers that would never end, or would never fit: nobody waits for them, and none fills the memory. */
final class StubbornServerTest {
    private static final String KEY = "mk_pub_0123456789abcdef0123456789abcdef";

    private final RawServer server = new RawServer();
    private final MakistryClient client = MakistryClient.builder(KEY)
            .baseUrl(server.url())
            .callTimeout(Duration.ofMillis(500))
            .quota(new Quota(QuotaLimits.of(10_000, 10_000)))
            .build();

    @AfterEach
    void close() {
        client.close();
        server.close();
    }

    @Test
    void anAnswerThatComesByteByByteEndsWithTheTimeForTheWholeCall() {
        server.reply(trickle(), trickle());

        MakistryException poll = failureOf(() -> client.job("pub_1"));
        MakistryException submit = failureOf(() ->
                client.submit(Submission.of(CadRequest.of("A box"), List.of(), UUID.randomUUID(), "order-7", null)));

        assertThat(poll).hasMessageContaining("did not answer in time");
        assertThat(submit.isOutcomeUnknown()).isTrue();
    }

    @Test
    void aSmallAnswerThatUnpacksTo200MegabytesIsNotReadOn() throws IOException {
        byte[] packed = packed(200_000_000);
        server.reply((socket, closed) -> {
            socket.getOutputStream()
                    .write(("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: " + packed.length
                                    + "\r\nConnection: close\r\n\r\n")
                            .getBytes(UTF_8));
            socket.getOutputStream().write(packed);
        });
        try (MakistryClient patient =
                MakistryClient.builder(KEY).baseUrl(server.url()).build()) {
            assertThat(failureOf(() -> patient.job("pub_1"))).hasMessageContaining("larger than 8388608 bytes");
        }
    }

    @Test
    void aListWhoseCursorIsAlwaysNewEndsWithThePagesThatWereAskedFor() {
        for (int page = 1; page <= 20; page++) {
            server.reply(answer(200, "{\"jobs\":[],\"next_cursor\":\"2026-01-" + (10 + page) + "T00:00:00Z\"}"));
        }

        assertThat(client.jobs(new JobQuery(null, null, 100, 7)).count()).isEqualTo(7);
        assertThat(server.received()).hasSize(7);
    }

    private static RawServer.Reply trickle() {
        return (socket, closed) -> {
            socket.getOutputStream().write("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n".getBytes(UTF_8));
            while (!closed.await(20, TimeUnit.MILLISECONDS)) {
                socket.getOutputStream().write(' ');
            }
        };
    }

    private static byte[] packed(int bytes) throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
            byte[] block = new byte[100_000];
            for (int done = 0; done < bytes; done += block.length) {
                out.write(block);
            }
        }
        return packed.toByteArray();
    }

    private static MakistryException failureOf(ThrowingCallable call) {
        MakistryException failure = catchThrowableOfType(MakistryException.class, call);
        assertThat(failure).as("a failure").isNotNull();
        assertThat(failure.type()).isEqualTo(FailureType.SERVICE_UNAVAILABLE);
        return failure;
    }
}
