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
    private static final Duration CONNECT = Duration.ofSeconds(10);
    /** From a request's last byte to its answer: a store that completes a large upload hashes first. */
    private static final Duration SILENCE = Duration.ofSeconds(60);
    /** One try of one request: a part of 16 MiB at 30 KiB/s. */
    private static final Duration ONE_TRY = Duration.ofMinutes(10);

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
                    "S3: expected a region such as AWS_REGION or a profile sets, found " + unusable.getMessage(),
                    unusable);
        }
    }

    /** A builder with everything that the options say. */
    static S3ClientBuilder builder(S3Options options) {
        S3ClientBuilder builder = S3Client.builder()
                .httpClientBuilder(UrlConnectionHttpClient.builder()
                        .connectionTimeout(CONNECT)
                        .socketTimeout(SILENCE))
                .overrideConfiguration(overrides -> overrides.apiCallAttemptTimeout(ONE_TRY))
                .forcePathStyle(options.pathStyle());
        if (options.checksums() == S3Options.Checksums.WHEN_REQUIRED) {
            builder.requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
                    .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED);
        }
        URI endpoint = options.endpoint();
        return endpoint == null ? builder : builder.endpointOverride(endpoint);
    }
}
