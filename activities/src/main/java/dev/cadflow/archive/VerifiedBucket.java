package dev.cadflow.archive;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.S3Object;

/** Objects of a bucket. What the store refuses is an {@link ArchiveException}. */
final class VerifiedBucket implements VerifiedPlace {
    private static final int NOT_FOUND = 404;

    private final S3Client client;
    private final S3Settings settings;
    private final List<String> names;

    private VerifiedBucket(S3Client client, S3Settings settings, List<String> names) {
        this.client = client;
        this.settings = settings;
        this.names = names;
    }

    /** All below the prefix, or the one object of that name. */
    static VerifiedBucket of(S3Client client, S3Settings settings) throws IOException {
        String prefix = settings.prefix();
        int slash = prefix.lastIndexOf('/');
        S3Settings above =
                new S3Settings(settings.bucket(), prefix.substring(0, Math.max(0, slash)), settings.options());
        VerifiedBucket one = new VerifiedBucket(client, above, List.of(prefix.substring(slash + 1)));
        if (!prefix.isEmpty() && one.has(prefix.substring(slash + 1))) {
            return one;
        }
        List<String> names = list(client, settings);
        if (names.isEmpty()) {
            throw new NoSuchFileException("s3://" + settings.bucket() + "/" + prefix);
        }
        return new VerifiedBucket(client, settings, names);
    }

    private static List<String> list(S3Client client, S3Settings settings) {
        String below = settings.prefix().isEmpty() ? "" : settings.prefix() + "/";
        List<String> names = new ArrayList<>();
        try {
            for (S3Object object : client.listObjectsV2Paginator(
                            request -> request.bucket(settings.bucket()).prefix(below))
                    .contents()) {
                names.add(object.key().substring(below.length()));
            }
        } catch (SdkException failure) {
            throw S3Failures.once(failure, settings, new ArchiveKey(""));
        }
        names.removeIf(name -> name.isEmpty() || name.endsWith("/"));
        names.sort(null);
        return names;
    }

    @Override
    public String shown(String name) {
        return "s3://" + settings.bucket() + "/" + objectKey(name);
    }

    @Override
    public List<String> names() {
        return names;
    }

    @Override
    public boolean has(String name) {
        try {
            client.headObject(request -> request.bucket(settings.bucket()).key(objectKey(name)));
            return true;
        } catch (S3Exception failure) {
            if (failure.statusCode() == NOT_FOUND) {
                return false;
            }
            throw failed(S3Failures.inWords(failure, client, settings.bucket(), objectKey(name)), name);
        } catch (SdkException failure) {
            throw failed(failure, name);
        }
    }

    @Override
    public InputStream open(String name) throws IOException {
        try {
            return new WholeBody(client.getObject(
                    request -> request.bucket(settings.bucket()).key(objectKey(name))));
        } catch (NoSuchKeyException none) {
            throw new NoSuchFileException(shown(name));
        } catch (SdkException failure) {
            throw failed(failure, name);
        }
    }

    private ArchiveException failed(SdkException failure, String name) {
        return S3Failures.once(failure, settings, new ArchiveKey(name));
    }

    private String objectKey(String name) {
        return settings.prefix().isEmpty() ? name : settings.prefix() + "/" + name;
    }
}
