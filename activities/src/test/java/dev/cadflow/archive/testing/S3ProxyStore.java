package dev.cadflow.archive.testing;

import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.gaul.s3proxy.nio2blob.TransientNio2BlobStore;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * S3Proxy in this process: objects in memory, signatures checked for real. While it runs, the AWS SDK's ordinary chain
 * finds its credentials.
 */
public final class S3ProxyStore implements AutoCloseable {
    public static final String ACCESS_KEY = "test-access-key";
    public static final String SECRET_KEY = "test-secret-key";
    public static final String BUCKET = "parts";

    private static final Map<String, String> CHAIN = Map.of(
            "aws.region", "us-east-1",
            "aws.accessKeyId", ACCESS_KEY,
            "aws.secretAccessKey", SECRET_KEY);

    private final S3Proxy server;
    private final Map<String, @Nullable String> before = new LinkedHashMap<>();
    private final S3Client client;

    private S3ProxyStore(S3Proxy server) {
        this.server = server;
        CHAIN.forEach((name, value) -> before.put(name, System.setProperty(name, value)));
        this.client = client(endpoint(), SECRET_KEY);
    }

    /** Starts one with an empty bucket. */
    public static S3ProxyStore start() {
        S3Proxy server = S3Proxy.builder()
                .blobStore(new TransientNio2BlobStore())
                .endpoint(URI.create("http://127.0.0.1:0"))
                .awsAuthentication(AuthenticationType.AWS_V4, ACCESS_KEY, SECRET_KEY)
                .ignoreUnknownHeaders(true)
                .stopTimeout(0)
                .build();
        try {
            server.start();
        } catch (Exception failed) {
            throw new IllegalStateException("S3Proxy does not start", failed);
        }
        S3ProxyStore store = new S3ProxyStore(server);
        store.client.createBucket(request -> request.bucket(BUCKET));
        return store;
    }

    /** A client with the test's access key, as the SDK makes them. */
    public static S3Client client(URI endpoint, String secretKey) {
        return S3Client.builder()
                .endpointOverride(endpoint)
                .region(Region.US_EAST_1)
                .forcePathStyle(true)
                .credentialsProvider(
                        StaticCredentialsProvider.create(AwsBasicCredentials.create(ACCESS_KEY, secretKey)))
                .httpClient(UrlConnectionHttpClient.create())
                .build();
    }

    public URI endpoint() {
        return URI.create("http://127.0.0.1:" + server.getPort());
    }

    /** Of its own, for looking into the store. */
    public S3Client client() {
        return client;
    }

    /** The bytes of an object. */
    public byte[] object(String key) {
        return client.getObjectAsBytes(request -> request.bucket(BUCKET).key(key))
                .asByteArray();
    }

    /** Stops; the SDK's chain finds what it found before. */
    @Override
    public void close() {
        client.close();
        before.forEach((name, value) -> {
            if (value == null) {
                System.clearProperty(name);
            } else {
                System.setProperty(name, value);
            }
        });
        try {
            server.stop();
        } catch (Exception failed) {
            throw new IllegalStateException("S3Proxy does not stop", failed);
        }
    }
}
