package dev.cadflow.archive;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** What a store refuses, as the typed failure that says what to do next. All of it may pass by itself. */
final class S3Failures {
    private S3Failures() {}

    static ArchiveException of(Exception failure, S3Settings settings, ArchiveKey key) {
        String where = "archive: expected " + uri(settings, key.value()) + " to be written or read, found ";
        if (failure instanceof S3Exception refused) {
            String code = refused.awsErrorDetails() == null
                    ? "HTTP " + refused.statusCode()
                    : String.valueOf(refused.awsErrorDetails().errorCode());
            return ArchiveException.unavailable(
                    where + code, nextStep(code, refused.statusCode()), withoutText(refused));
        }
        if (failure instanceof SdkException unreachable) {
            boolean noCredentials = String.valueOf(unreachable.getMessage())
                    .toLowerCase(Locale.ROOT)
                    .contains("credentials");
            return ArchiveException.unavailable(
                    where + (noCredentials ? "no usable credentials" : "no answer"),
                    noCredentials
                            ? "Give the worker credentials as every AWS SDK takes them; it is tried again by itself."
                            : "Check that the store is up and its endpoint right; it is tried again by itself.",
                    withoutText(unreachable));
        }
        return ArchiveException.unavailable(
                where + failure.getClass().getSimpleName(),
                "Check the worker's own disk and the way to the store; it is tried again by itself.",
                failure);
    }

    static URI uri(S3Settings settings, String path) {
        String prefix = settings.prefix().isEmpty() ? "/" : "/" + settings.prefix() + "/";
        try {
            return new URI("s3", settings.bucket(), prefix + path, null);
        } catch (URISyntaxException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static String nextStep(String code, int status) {
        return switch (code) {
            case "NoSuchBucket" -> "Make the bucket, or set CADFLOW_ARCHIVE to one that is there; it is tried again.";
            case "AccessDenied", "InvalidAccessKeyId", "SignatureDoesNotMatch" ->
                "Give the worker's credentials read and write access to the bucket; it is tried again by itself.";
            case "ExpiredToken", "TokenRefreshRequired" ->
                "Renew the worker's credentials; it is tried again by itself.";
            case "RequestTimeTooSkewed" -> "Set the worker's clock right; it is tried again by itself.";
            case "SlowDown" -> "Nothing: the store asked to go slower, and it is tried again by itself.";
            case "BadDigest", "XAmzContentSHA256Mismatch" ->
                "Nothing at first: the bytes were damaged on the way, and it is tried again by itself.";
            default ->
                status >= 500
                        ? "Nothing at first: it is tried again by itself. If it lasts, look at the store."
                        : "Read the store's error code and correct bucket, permissions or settings; it is tried again.";
        };
    }

    /** The cause by its kind alone: the SDK's texts name requests and hosts, and history needs neither. */
    private static Exception withoutText(SdkException failure) {
        Exception kind = new Exception(failure.getClass().getSimpleName());
        kind.setStackTrace(failure.getStackTrace());
        return kind;
    }
}
