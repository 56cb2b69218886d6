package dev.cadflow.archive;

import dev.cadflow.archive.testing.FaultyStore;
import dev.cadflow.archive.testing.S3ProxyStore;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import software.amazon.awssdk.services.s3.S3Client;

/** Against S3Proxy in this process, which checks signatures for real. */
@SuppressWarnings("NullAway.Init")
final class S3ProxyArchiveTest extends S3ArchiveScenarios {
    private S3ProxyStore store;
    private FaultyStore door;
    private S3Client client;

    @BeforeEach
    void start() {
        store = S3ProxyStore.start();
        // Nothing goes wrong here: it only counts.
        door = new FaultyStore(store.endpoint());
        client = client(door.endpoint(), S3ProxyStore.SECRET_KEY);
    }

    @AfterEach
    void stop() {
        client.close();
        door.close();
        store.close();
    }

    @Override
    S3Client client() {
        return client;
    }

    @Override
    String bucket() {
        return S3ProxyStore.BUCKET;
    }

    @Override
    String prefix() {
        return "cad";
    }

    @Override
    OptionalInt timesWritten(String objectKey) {
        return OptionalInt.of((int) door.seen().stream()
                .filter(request -> request.isWrite() && request.path().endsWith("/" + objectKey))
                .filter(request -> request.status() == 200)
                .count());
    }

    @Override
    boolean locks() {
        return false;
    }
}
