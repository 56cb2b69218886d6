package dev.cadflow.archive;

import java.net.URI;
import java.time.Duration;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;

/** Makes clients whose region and credentials come from the AWS SDK's own chain. */
public final class S3Clients {
    /** Between two bytes of an answer, and before its first where nothing else bounds that. */
    private static final Duration SILENCE = Duration.ofMinutes(2);

    private S3Clients() {}

    /**
     * A client.
     *
     * @throws IllegalArgumentException where the SDK finds no region, or cannot read its own configuration
     */
    public static S3Client open(S3Options options) {
        try {
            return builder(options).build();
        } catch (SdkClientException unusable) {
            throw new IllegalArgumentException(
                    "S3: expected a region; set AWS_REGION, or region in the AWS profile that is used; found "
                            + unusable.getMessage(),
                    unusable);
        }
    }

    /** A builder with everything that the options say. */
    static S3ClientBuilder builder(S3Options options) {
        S3Patience patience = options.patience();
        S3ClientBuilder builder = S3Client.builder()
                .httpClientBuilder(UrlConnectionHttpClient.builder()
                        .connectionTimeout(patience.connect())
                        .socketTimeout(SILENCE))
                .overrideConfiguration(overrides ->
                        overrides.apiCallAttemptTimeout(patience.oneTry()).apiCallTimeout(patience.allTries()))
                .forcePathStyle(options.pathStyle());
        if (options.checksums() == S3Options.Checksums.WHEN_REQUIRED) {
            builder.requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
                    .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED);
        }
        URI endpoint = options.endpoint();
        return endpoint == null ? builder : builder.endpointOverride(endpoint);
    }
}
