package dev.cadflow.archive;

import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.util.Locale;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.ApiCallAttemptTimeoutException;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** What a store refuses, as the typed failure that says what to do next. All of it may pass by itself. */
final class S3Failures {
    private static final int NOT_FOUND = 404;
    private static final int MOST_CAUSES = 16;
    private static final String AGAIN = " It is tried again by itself.";

    private S3Failures() {}

    /** The failure of something that will be tried again. */
    static ArchiveException of(Exception failure, S3Settings settings, ArchiveKey key) {
        return of(failure, settings, key, AGAIN);
    }

    /** The failure of something that a person asked for, and may ask for again. */
    static ArchiveException once(Exception failure, S3Settings settings, ArchiveKey key) {
        return of(failure, settings, key, "");
    }

    private static ArchiveException of(Exception failure, S3Settings settings, ArchiveKey key, String again) {
        String where = "archive: expected " + uri(settings, key.value()) + " to be written or read, found ";
        if (failure instanceof S3Exception refused) {
            String code = code(refused);
            return ArchiveException.unavailable(
                    where + code, nextStep(code, refused.statusCode(), settings) + again, withoutText(refused));
        }
        if (failure instanceof SdkException unreachable) {
            Unreachable reason = reason(unreachable);
            return ArchiveException.unavailable(
                    where + reason.found, reason.nextStep + again, withoutText(unreachable));
        }
        return ArchiveException.unavailable(
                where + failure.getClass().getSimpleName(),
                "Check the worker's own disk and the way to the store." + again,
                failure);
    }

    /** Where something is in the bucket. */
    static URI uri(S3Settings settings, String path) {
        String prefix = settings.prefix().isEmpty() ? "/" : "/" + settings.prefix() + "/";
        try {
            return new URI("s3", settings.bucket(), prefix + path, null);
        } catch (URISyntaxException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** A HEAD is refused without a body, so without a reason; a GET of an object, there or not, is told it. */
    static S3Exception inWords(S3Exception mute, S3Client client, String bucket, String objectKey) {
        try {
            client.getObject(request -> request.bucket(bucket).key(objectKey)).abort();
            return mute;
        } catch (S3Exception reason) {
            return reason.statusCode() == NOT_FOUND ? mute : reason;
        }
    }

    private static String code(S3Exception refused) {
        @Nullable String code = refused.awsErrorDetails() == null
                ? null
                : refused.awsErrorDetails().errorCode();
        return code == null || code.isBlank() ? "HTTP " + refused.statusCode() : code;
    }

    private static String nextStep(String code, int status, S3Settings settings) {
        if (code.startsWith("KMS.")) {
            return "Check that the KMS key of CADFLOW_S3_SSE_KMS_KEY is there, enabled, and the worker's to use.";
        }
        return switch (code) {
            case "NoSuchBucket" -> "Make the bucket, or name one that is there.";
            case "PermanentRedirect", "AuthorizationHeaderMalformed", "IllegalLocationConstraintException" ->
                "Set AWS_REGION to the bucket's region.";
            case "AccessDenied", "InvalidAccessKeyId", "SignatureDoesNotMatch", "HTTP 401", "HTTP 403" ->
                "Give the credentials that are used here read and write access to the bucket.";
            case "ExpiredToken", "ExpiredTokenException", "TokenRefreshRequired", "InvalidToken" ->
                "Renew the credentials that are used here.";
            case "RequestTimeTooSkewed" -> "Set this machine's clock right.";
            case "SlowDown", "HTTP 503" -> "Nothing: the store asks to go slower.";
            case "ConditionalRequestConflict", "OperationAborted" ->
                "Nothing: another run writes the same key at this moment.";
            case "BadDigest", "XAmzContentSHA256Mismatch", "XAmzContentChecksumMismatch" ->
                "Nothing at first: the bytes were damaged on the way." + withoutChecksums(settings);
            case "NotImplemented", "InvalidArgument", "InvalidRequest" ->
                "Use a store that knows conditional writes (If-None-Match)" + forLocks(settings) + "."
                        + withoutChecksums(settings);
            default ->
                status >= 500
                        ? "Nothing at first. If it lasts, look at the store."
                        : "Read the store's error code and correct bucket, permissions or settings.";
        };
    }

    private static String withoutChecksums(S3Settings settings) {
        return settings.options().checksums() == S3Options.Checksums.WHEN_REQUIRED
                ? ""
                : " If it knows no SHA-256 checksums, set CADFLOW_S3_CHECKSUMS=when_required.";
    }

    private static String forLocks(S3Settings settings) {
        return settings.options().retention() == null
                ? ""
                : " and object lock, in a bucket that was made with it, or leave CADFLOW_S3_RETENTION unset";
    }

    /** Why there was no answer. */
    private enum Unreachable {
        CREDENTIALS("no usable credentials", "Give it credentials as every AWS SDK takes them."),
        NO_HOST("no host of that name", "Check CADFLOW_S3_ENDPOINT, AWS_REGION and the way to the store."),
        REFUSED("nobody who listens there", "Check that the store is up and CADFLOW_S3_ENDPOINT right."),
        SILENT("no answer in time", "Look whether the store is overloaded, or something on the way swallows requests."),
        NOT_TRUSTED("a TLS connection that failed", "Check the store's certificate and that this Java trusts it."),
        BROKEN("a connection that broke", "Nothing at first. If it lasts, check that the store is up.");

        private final String found;
        private final String nextStep;

        Unreachable(String found, String nextStep) {
            this.found = found;
            this.nextStep = nextStep;
        }
    }

    private static Unreachable reason(SdkException failure) {
        if (String.valueOf(failure.getMessage()).toLowerCase(Locale.ROOT).contains("credentials")) {
            return Unreachable.CREDENTIALS;
        }
        @Nullable Throwable cause = failure;
        for (int depth = 0; cause != null && depth < MOST_CAUSES; depth++) {
            if (cause instanceof UnknownHostException) {
                return Unreachable.NO_HOST;
            } else if (cause instanceof ConnectException) {
                return Unreachable.REFUSED;
            } else if (cause instanceof SocketTimeoutException
                    || cause instanceof ApiCallTimeoutException
                    || cause instanceof ApiCallAttemptTimeoutException) {
                return Unreachable.SILENT;
            } else if (cause instanceof SSLException) {
                return Unreachable.NOT_TRUSTED;
            }
            cause = cause.getCause();
        }
        return Unreachable.BROKEN;
    }

    /** The cause by its kind alone: the SDK's texts name requests and hosts, and history needs neither. */
    private static Exception withoutText(SdkException failure) {
        Exception kind = new Exception(failure.getClass().getSimpleName());
        kind.setStackTrace(failure.getStackTrace());
        return kind;
    }
}
