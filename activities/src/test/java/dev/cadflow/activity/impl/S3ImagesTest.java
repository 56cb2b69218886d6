package dev.cadflow.activity.impl;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.cadflow.makistry.CuttingProxy;
import dev.cadflow.workflow.CadFailure;
import dev.cadflow.workflow.FailureType;
import java.io.InputStream;
import java.net.URI;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import okhttp3.OkHttpClient;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.gaul.s3proxy.nio2blob.TransientNio2BlobStore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.ProfileCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.profiles.ProfileFile;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

/** Images in S3, against S3Proxy in this process, which checks signatures for real. */
@ResourceLock(Resources.SYSTEM_PROPERTIES)
final class S3ImagesTest {
    private static final byte[] PNG = "\u0089PNG\r\n\u001a\nand the rest of it".getBytes(ISO_8859_1);
    private static final String ACCESS_KEY = "test-access-key";
    private static final String SECRET_KEY = "test-secret-key";
    private static final int TOO_LARGE = 64 << 20;

    private final AtomicLong requests = new AtomicLong();
    private S3Proxy server;
    private S3Client client;

    @BeforeEach
    void start() throws Exception {
        server = S3Proxy.builder()
                .blobStore(new TransientNio2BlobStore())
                .endpoint(URI.create("http://127.0.0.1:0"))
                .awsAuthentication(AuthenticationType.AWS_V4, ACCESS_KEY, SECRET_KEY)
                .ignoreUnknownHeaders(true)
                .stopTimeout(0)
                .build();
        server.start();
        client = client(StaticCredentialsProvider.create(AwsBasicCredentials.create(ACCESS_KEY, SECRET_KEY)));
        client.createBucket(request -> request.bucket("drawings"));
    }

    @AfterEach
    void stop() throws Exception {
        client.close();
        server.stop();
    }

    @ParameterizedTest
    @ValueSource(strings = {"a.png", "deeper/folder/a.png", "a%20sketch%20of%20it.png", "b%C3%BCgel.png"})
    void anImageBelowAnAllowedPrefixIsFetched(String path) {
        put(URI.create("s3://drawings/images/" + path).getPath().substring(1), PNG);

        try (FetchedImages fetched = fetch("s3://drawings/images/" + path)) {
            assertThat(fetched.files()).singleElement().satisfies(image -> {
                assertThat(image.mediaType()).isEqualTo("image/png");
                assertThat(image.file()).hasBinaryContent(PNG);
            });
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "s3://drawings/secret/a.png",
                "s3://drawings/images/../secret/a.png",
                "s3://drawings/images/%2e%2e/secret/a.png",
                "s3://drawings/images-of-others/a.png",
                "s3://vault/images/a.png",
                "s3://key:secret@drawings/images/a.png",
                "s3://drawings/images/a.png?versionId=1"
            })
    void whatNoPrefixAllowsIsNeverAskedFor(String uri) {
        put("secret/a.png", PNG);
        long before = requests.get();

        assertThat(refusalOf(client, uri).type()).isEqualTo(FailureType.INVALID_INPUT);
        assertThat(requests).hasValue(before);
    }

    @ParameterizedTest
    @ValueSource(strings = {"s3://drawings/images/missing.png", "s3://no-such-bucket/images/a.png"})
    void whatIsNotThereIsInvalid(String uri) {
        CadFailure failure = refusalOf(client, uri);

        assertThat(failure.type()).isEqualTo(FailureType.INVALID_INPUT);
        assertThat(failure.message()).contains("images[0]: expected an object that exists", uri);
        assertThat(failure.details().nextStep()).contains("nothing was paid");
    }

    @Test
    void whatIsNoImageIsInvalidWhateverItsName() {
        put("images/a.png", "<html>".getBytes(ISO_8859_1));

        assertThat(refusalOf(client, "s3://drawings/images/a.png").message()).contains("judged by its content");
    }

    @Test
    void whatIsTooLargeIsNotReadToItsEnd() {
        try (CuttingProxy between = new CuttingProxy(server.getPort());
                S3Client counted = client(
                        StaticCredentialsProvider.create(AwsBasicCredentials.create(ACCESS_KEY, SECRET_KEY)),
                        between.port())) {
            byte[] large = new byte[TOO_LARGE];
            System.arraycopy(PNG, 0, large, 0, PNG.length);
            put("images/large.png", large);

            assertThat(refusalOf(counted, "s3://drawings/images/large.png").message())
                    .contains("at most 10000000 bytes");
            assertThat(between.answerBytes()).isBetween(10_000_000L, TOO_LARGE / 2L);
        }
    }

    @Test
    void withoutCredentialsItIsTriedAgainAndSaysWhatMayBeMissing() {
        ProfileFile empty = ProfileFile.builder()
                .content(InputStream.nullInputStream())
                .type(ProfileFile.Type.CREDENTIALS)
                .build();
        put("images/a.png", PNG);
        try (S3Client nobody =
                client(ProfileCredentialsProvider.builder().profileFile(empty).build())) {
            unreadable(nobody);
        }
    }

    @Test
    void withWrongCredentialsTooAndNeitherIsShown() {
        put("images/a.png", PNG);
        try (S3Client stranger =
                client(StaticCredentialsProvider.create(AwsBasicCredentials.create(ACCESS_KEY, "wrong-secret")))) {
            unreadable(stranger);
        }
    }

    @Test
    void aStoreThatIsDownIsTriedAgain() throws Exception {
        server.stop();

        unreadable(client);
    }

    private static void unreadable(S3Client client) {
        CadFailure failure = refusalOf(client, "s3://drawings/images/a.png");

        assertThat(failure.type()).isEqualTo(FailureType.SERVICE_UNAVAILABLE);
        assertThat(failure.message()).contains("s3://drawings/images/a.png", "nothing was submitted");
        assertThat(failure.details().nextStep()).contains("AWS credentials");
        assertThat(failure.toString()).doesNotContain(ACCESS_KEY, SECRET_KEY, "wrong-secret");
    }

    private FetchedImages fetch(String uri) {
        return sources(client).fetch(List.of(uri));
    }

    private static CadFailure refusalOf(S3Client client, String uri) {
        ImageException refusal = catchThrowableOfType(
                ImageException.class, () -> sources(client).fetch(List.of(uri)).close());
        assertThat(refusal).as("a refusal").isNotNull();
        return refusal.failure();
    }

    private static ImageSources sources(S3Client client) {
        return new ImageSources(
                ImagePrefixes.of(
                        List.of(URI.create("s3://drawings/images/"), URI.create("s3://no-such-bucket/images/"))),
                new OkHttpClient(),
                new S3ImageStore(client));
    }

    private void put(String key, byte[] content) {
        client.putObject(request -> request.bucket("drawings").key(key), RequestBody.fromBytes(content));
    }

    private S3Client client(AwsCredentialsProvider credentials) {
        return client(credentials, server.getPort());
    }

    private S3Client client(AwsCredentialsProvider credentials, int port) {
        return S3Client.builder()
                .endpointOverride(URI.create("http://127.0.0.1:" + port))
                .region(Region.US_EAST_1)
                .forcePathStyle(true)
                .credentialsProvider(credentials)
                .httpClient(UrlConnectionHttpClient.create())
                .overrideConfiguration(overrides -> overrides
                        .addExecutionInterceptor(new Counter())
                        // S3Proxy now and then drops a connection at a body's first byte.
                        .retryStrategy(retry -> retry.maxAttempts(5)))
                .build();
    }

    private final class Counter implements ExecutionInterceptor {
        @Override
        public void beforeTransmission(Context.BeforeTransmission context, ExecutionAttributes attributes) {
            requests.incrementAndGet();
        }
    }
}
