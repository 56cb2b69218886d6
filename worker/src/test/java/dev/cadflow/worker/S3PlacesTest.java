package dev.cadflow.worker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.cadflow.sandbox.Route;
import dev.cadflow.sandbox.SandboxOptions;
import dev.cadflow.sandbox.SandboxServer;
import dev.cadflow.worker.testing.InMemoryTemporal;
import dev.cadflow.workflow.CadBatchCounts;
import dev.cadflow.workflow.CadBatchRequest;
import dev.cadflow.workflow.CadBatchResult;
import dev.cadflow.workflow.CadFailure;
import dev.cadflow.workflow.CadRequest;
import dev.cadflow.workflow.Cadflow;
import dev.cadflow.workflow.FailureType;
import dev.cadflow.workflow.GenerateCadBatchWorkflow;
import io.temporal.client.WorkflowOptions;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.gaul.s3proxy.nio2blob.TransientNio2BlobStore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.services.s3.S3Client;

/** What a worker reads from S3 where {@code CADFLOW_IMAGES} allows it, with credentials as the AWS SDK finds them. */
@ResourceLock(Resources.SYSTEM_PROPERTIES)
final class S3PlacesTest {
    private static final Map<String, String> AWS = Map.of(
            "aws.accessKeyId", "test-access-key", "aws.secretAccessKey", "test-secret-key", "aws.region", "us-east-1");

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    private Path folder;

    private final InMemoryTemporal temporal = new InMemoryTemporal();
    private S3Proxy store;
    private SandboxServer sandbox;
    private WorkerRuntime worker;
    private Bench bench;

    @BeforeEach
    void start() throws Exception {
        AWS.forEach(System::setProperty);
        store = S3Proxy.builder()
                .blobStore(new TransientNio2BlobStore())
                .endpoint(URI.create("http://127.0.0.1:0"))
                .awsAuthentication(AuthenticationType.AWS_V4, "test-access-key", "test-secret-key")
                .ignoreUnknownHeaders(true)
                .stopTimeout(0)
                .build();
        store.start();
        sandbox = SandboxServer.start(
                SandboxOptions.builder().timeScale(0.005).noQuota().build());
        bench = new Bench(sandbox, temporal.client(), folder);
        worker = WorkerRuntime.start(
                bench.config(
                                "CADFLOW_IMAGES", "s3://orders/drawings/,s3://orders/lists/",
                                "CADFLOW_S3_ENDPOINT", endpoint(),
                                "CADFLOW_S3_PATH_STYLE", "true")
                        .withReceiverAsCallback(),
                temporal.client());
    }

    @AfterEach
    void stop() throws Exception {
        worker.close();
        sandbox.close();
        temporal.close();
        store.stop();
        AWS.keySet().forEach(System::clearProperty);
    }

    @Test
    void anImageBecomesAPart() {
        put("drawings/sketch.png", ReuseTest.PNG);

        bench.run(
                "from-s3",
                CadRequest.builder()
                        .images(List.of("s3://orders/drawings/sketch.png"))
                        .build());

        assertThat(sandbox.counts().of(Route.IMAGE_TO_CAD)).isEqualTo(1);
    }

    @Test
    void aListOfPartsBecomesABatch() {
        put("lists/order-7.csv", "name,prompt\nsmall,A 10x10x10mm box\nlarge,A 90x20x10mm box\n".getBytes(UTF_8));

        CadBatchResult result = batch("s3://orders/lists/order-7.csv");

        assertThat(result.counts()).isEqualTo(new CadBatchCounts(2, 2, 0, 0, 0, 0));
        assertThat(sandbox.counts().submitsCharged()).isEqualTo(2);
    }

    @Test
    void aListThatIsNotAllowedOrNotThereEndsTheBatchBeforeItBegins() {
        put("secret/order-7.csv", "prompt\nA box\n".getBytes(UTF_8));

        assertThat(failureOf("s3://orders/secret/order-7.csv").message()).contains("CADFLOW_IMAGES allows");
        assertThat(failureOf("s3://orders/lists/missing.csv").message()).contains("an object that exists");
        assertThat(sandbox.counts().apiRequests()).isZero();
    }

    private CadFailure failureOf(String list) {
        CadFailure failure = CadFailure.from(catchThrowable(() -> batch(list))).orElseThrow();
        assertThat(failure.type()).isEqualTo(FailureType.INVALID_INPUT);
        return failure;
    }

    private CadBatchResult batch(String list) {
        return temporal.client()
                .newWorkflowStub(
                        GenerateCadBatchWorkflow.class,
                        WorkflowOptions.newBuilder()
                                .setTaskQueue(Cadflow.TASK_QUEUE)
                                .build())
                .generate(CadBatchRequest.ofFile(list));
    }

    private void put(String key, byte[] content) {
        try (S3Client client = S3Client.builder()
                .endpointOverride(URI.create(endpoint()))
                .forcePathStyle(true)
                .httpClient(UrlConnectionHttpClient.create())
                .build()) {
            client.createBucket(request -> request.bucket("orders"));
            client.putObject(request -> request.bucket("orders").key(key), RequestBody.fromBytes(content));
        }
    }

    private String endpoint() {
        return "http://127.0.0.1:" + store.getPort();
    }
}
