package dev.cadflow.archive;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;

/** Working files in the bucket of an {@link S3Archive}. */
final class S3WorkingFiles implements WorkingFiles {
    private final S3Client client;
    private final S3Settings settings;

    S3WorkingFiles(S3Client client, S3Settings settings) {
        this.client = client;
        this.settings = settings;
    }

    @Override
    public URI write(String name, InputStream content) {
        try {
            // S3 wants to know the length before the first byte.
            Path spooled = Files.createTempFile("cadflow-working-", ".tmp");
            try {
                long bytes = Files.copy(content, spooled, StandardCopyOption.REPLACE_EXISTING);
                client.putObject(
                        request -> S3Upload.encrypt(
                                request.bucket(settings.bucket())
                                        .key(key(name))
                                        .overrideConfiguration(S3Upload.longEnoughFor(bytes, settings)),
                                settings),
                        RequestBody.fromFile(spooled));
            } finally {
                Files.deleteIfExists(spooled);
            }
        } catch (IOException | SdkException failure) {
            throw S3Failures.of(failure, settings, new ArchiveKey(name));
        }
        return S3Failures.uri(settings, name);
    }

    @Override
    public InputStream open(String name) throws IOException {
        try {
            return new WholeBody(client.getObject(
                    request -> request.bucket(settings.bucket()).key(key(name))));
        } catch (NoSuchKeyException missing) {
            throw new NoSuchFileException(name);
        } catch (SdkException failure) {
            throw new IOException(
                    "The store cannot be read now: " + failure.getClass().getSimpleName());
        }
    }

    private String key(String name) {
        if (!name.startsWith(".")) {
            throw new IllegalArgumentException("name: expected one that begins with a dot, found \"" + name + "\"");
        }
        return settings.prefix().isEmpty() ? name : settings.prefix() + "/" + name;
    }
}
