package dev.cadflow.worker;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.read.ListAppender;
import dev.cadflow.sandbox.Fault;
import dev.cadflow.sandbox.FaultKind;
import dev.cadflow.sandbox.FaultMatch;
import dev.cadflow.sandbox.FaultTarget;
import dev.cadflow.sandbox.SandboxOptions;
import dev.cadflow.sandbox.SandboxServer;
import dev.cadflow.worker.testing.InMemoryTemporal;
import dev.cadflow.workflow.CadRequest;
import dev.cadflow.workflow.CadResult;
import dev.cadflow.workflow.DeliveredBy;
import io.temporal.api.history.v1.HistoryEvent;
import io.temporal.client.WorkflowFailedException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** Searches everything that a run of all kinds of jobs leaves behind for what must not be there. */
final class NothingSecretTest {
    private static final List<String> WORKFLOWS =
            List.of("cadflow-webhook", "cadflow-poll", "cadflow-image", "cadflow-failed", "cadflow-expired");
    /** The start of what the sandbox signs its URLs with; any of it would open a file. */
    private static final String SIGNATURE = "X-Sandbox-";

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    private Path folder;

    private final InMemoryTemporal temporal = new InMemoryTemporal();
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();
    private SandboxServer sandbox;

    @BeforeEach
    void start() throws Exception {
        sandbox = SandboxServer.start(
                SandboxOptions.builder().timeScale(0.01).noQuota().build());
        log.start();
        logger(Logger.ROOT_LOGGER_NAME).addAppender(log);
        logger("dev.cadflow").setLevel(Level.TRACE);
    }

    @AfterEach
    void stop() {
        logger("dev.cadflow").setLevel(null);
        logger(Logger.ROOT_LOGGER_NAME).detachAppender(log);
        sandbox.close();
        temporal.close();
    }

    @Test
    void neitherHistoriesNorLogsNorMetricsHoldASecret() throws Exception {
        Bench bench = new Bench(sandbox, temporal.client(), folder);
        WorkerConfig config = bench.config(
                        "CADFLOW_IMAGES", folder.toString(),
                        "CADFLOW_POLL_FIRST_STANDARD", "1s",
                        "CADFLOW_POLL_INTERVAL", "1s")
                .withReceiverAsCallback();
        String metrics;
        try (WorkerRuntime worker = WorkerRuntime.start(config, temporal.client())) {
            runAllKinds(bench);
            metrics = get(worker.operationsUrl().resolve("/metrics"));
        }

        String histories = WORKFLOWS.stream().map(this::history).collect(Collectors.joining("\n"));
        String logged = log.list.stream().map(NothingSecretTest::text).collect(Collectors.joining("\n"));
        // What is there is found, so that the search below could fail.
        assertThat(histories)
                .contains("a webhook's box", "sealed:", sandbox.jobs().get(0).jobId());
        assertThat(metrics).contains("cadflow_activity_tries_total");
        assertThat(logged).isNotEmpty();
        for (String left : List.of(histories, logged, metrics)) {
            assertThat(secrets()).noneMatch(left::contains);
        }
    }

    private void runAllKinds(Bench bench) throws Exception {
        assertThat(bench.run("cadflow-webhook", CadRequest.of("a webhook's box"))
                        .deliveredBy())
                .isEqualTo(DeliveredBy.WEBHOOK);

        fault(FaultTarget.WEBHOOK, FaultKind.WEBHOOK_DROPPED, "polled");
        assertThat(bench.run("cadflow-poll", CadRequest.of("a polled box")).deliveredBy())
                .isEqualTo(DeliveredBy.POLL);

        Path image = Files.write(folder.resolve("sketch.png"), ReuseTest.PNG);
        bench.run(
                "cadflow-image",
                CadRequest.builder().images(List.of(image.toUri().toString())).build());

        fault(FaultTarget.SUBMIT, FaultKind.JOB_FAILS, "impossible");
        assertThatExceptionOfType(WorkflowFailedException.class)
                .isThrownBy(() -> bench.run("cadflow-failed", CadRequest.of("an impossible box")));

        fault(FaultTarget.DOWNLOAD, FaultKind.SIGNATURE_EXPIRED, "expired");
        CadResult renewed = bench.run("cadflow-expired", CadRequest.of("an expired box"));
        assertThat(renewed.makistryRequests()).isEqualTo(2);
    }

    private void fault(FaultTarget target, FaultKind kind, String prompt) {
        sandbox.faults()
                .add(Fault.builder(target, kind)
                        .match(new FaultMatch(null, null, prompt, null))
                        .build());
    }

    private List<String> secrets() {
        String image = new String(ReuseTest.PNG, ISO_8859_1);
        return Stream.of(
                        List.of(sandbox.apiKey(), sandbox.signingSecret(), SIGNATURE),
                        List.of(sandbox.storageUrl().getAuthority() + "/"),
                        List.of(image.substring(8, 40), base64(ReuseTest.PNG).substring(0, 40)),
                        List.of(base64(sandbox.apiKey().getBytes(ISO_8859_1)).substring(0, 40)))
                .flatMap(List::stream)
                .toList();
    }

    private static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }

    /** The events as bytes: in their JSON form every payload is in Base64, where nothing could be found. */
    private String history(String workflowId) {
        return temporal.client().fetchHistory(workflowId).getEvents().stream()
                .map(HistoryEvent::toByteArray)
                .map(bytes -> new String(bytes, ISO_8859_1))
                .collect(Collectors.joining());
    }

    private static String text(ILoggingEvent event) {
        IThrowableProxy thrown = event.getThrowableProxy();
        Map<String, String> context = event.getMDCPropertyMap();
        return event.getFormattedMessage()
                + context
                + Arrays.toString(event.getArgumentArray())
                + (thrown == null ? "" : ThrowableProxyUtil.asString(thrown));
    }

    private static Logger logger(String name) {
        return (Logger) LoggerFactory.getLogger(name);
    }

    private static String get(URI url) throws Exception {
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(url).build(), HttpResponse.BodyHandlers.ofString())
                .body();
    }
}
