package dev.cadflow.archive;

import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How to reach a store that speaks S3, and how to write to it. Region and credentials are not here: the AWS SDK finds
 * them as it always does. Immutable.
 *
 * @param endpoint of another maker's store; null for the SDK's own, which {@code AWS_ENDPOINT_URL_S3} may name too
 * @param pathStyle whether the bucket stands in the path instead of in the host's name; false by default
 * @param checksums what the store is given to check what arrives
 * @param partBytes files larger than this go up in parts of this size; S3 takes 5 MiB to 5 GiB, and 10,000 parts
 * @param encryption server-side; null for the bucket's own default
 * @param retention object lock from the upload on; null for the bucket's own default
 * @param patience how long it is waited for
 */
public record S3Options(
        @Nullable URI endpoint,
        boolean pathStyle,
        Checksums checksums,
        long partBytes,
        @Nullable Encryption encryption,
        @Nullable Retention retention,
        S3Patience patience) {
    /** The size of a part where none is set: 16 MiB, so that a file may have 156 GiB. */
    public static final long DEFAULT_PART_BYTES = 16L << 20;

    /** The smallest part that S3 takes. */
    public static final long LEAST_PART_BYTES = 5L << 20;

    /** The largest part that S3 takes. */
    public static final long MOST_PART_BYTES = 5L << 30;

    /** Every default. */
    public static final S3Options DEFAULT = builder().build();

    /** What the store is given to check what arrives. */
    public enum Checksums {
        /** The SHA-256 of every object and every part. */
        SHA256,
        /** Only what an operation cannot do without, for stores that know no SHA-256 checksums. */
        WHEN_REQUIRED
    }

    /**
     * Server-side encryption.
     *
     * @param algorithm {@code AES256}, {@code aws:kms} or {@code aws:kms:dsse}
     * @param kmsKeyId the key's id or ARN for the latter two; null for the account's own
     */
    public record Encryption(String algorithm, @Nullable String kmsKeyId) {
        /**
         * Checks that a key goes with an algorithm that takes one.
         *
         * @throws IllegalArgumentException where it does not
         */
        public Encryption {
            require(
                    algorithm.matches("AES256|aws:kms(:dsse)?"),
                    "encryption",
                    "AES256, aws:kms or aws:kms:dsse",
                    algorithm);
            require(
                    kmsKeyId == null || !"AES256".equals(algorithm),
                    "encryption",
                    "aws:kms or aws:kms:dsse with a KMS key",
                    algorithm);
        }
    }

    /**
     * Object lock: who may delete a file before its time is up.
     *
     * @param mode who
     * @param duration from the upload on
     */
    public record Retention(Mode mode, Duration duration) {
        /** Who may delete a locked file. */
        public enum Mode {
            /** Whoever has the permission to bypass it. */
            GOVERNANCE,
            /** Nobody, whatever the permission. */
            COMPLIANCE
        }

        /**
         * Checks the duration.
         *
         * @throws IllegalArgumentException where it is not positive
         */
        public Retention {
            require(
                    !duration.isNegative() && !duration.isZero(),
                    "retention",
                    "a positive duration",
                    String.valueOf(duration));
        }
    }

    /**
     * Checks the size of a part.
     *
     * @throws IllegalArgumentException where S3 does not take it
     */
    public S3Options {
        require(
                partBytes >= LEAST_PART_BYTES && partBytes <= MOST_PART_BYTES,
                "part bytes",
                "from " + LEAST_PART_BYTES + " to " + MOST_PART_BYTES,
                Long.toString(partBytes));
    }

    /** Begins with every default. */
    public static Builder builder() {
        return new Builder();
    }

    private static void require(boolean holds, String name, String expected, String found) {
        if (!holds) {
            throw new IllegalArgumentException(name + ": expected " + expected + ", found \"" + found + "\"");
        }
    }

    /** Collects what differs from the defaults. Not safe for use by several threads. */
    public static final class Builder {
        private @Nullable URI endpoint;
        private boolean pathStyle;
        private Checksums checksums = Checksums.SHA256;
        private long partBytes = DEFAULT_PART_BYTES;
        private @Nullable Encryption encryption;
        private @Nullable Retention retention;
        private S3Patience patience = S3Patience.DEFAULT;

        private Builder() {}

        /** See {@link S3Options#endpoint()}. */
        public Builder endpoint(@Nullable URI value) {
            this.endpoint = value;
            return this;
        }

        /** See {@link S3Options#pathStyle()}. */
        public Builder pathStyle(boolean value) {
            this.pathStyle = value;
            return this;
        }

        /** See {@link S3Options#checksums()}. */
        public Builder checksums(Checksums value) {
            this.checksums = value;
            return this;
        }

        /** See {@link S3Options#partBytes()}. */
        public Builder partBytes(long value) {
            this.partBytes = value;
            return this;
        }

        /** See {@link S3Options#encryption()}. */
        public Builder encryption(@Nullable Encryption value) {
            this.encryption = value;
            return this;
        }

        /** See {@link S3Options#retention()}. */
        public Builder retention(@Nullable Retention value) {
            this.retention = value;
            return this;
        }

        /** See {@link S3Options#patience()}. */
        public Builder patience(S3Patience value) {
            this.patience = value;
            return this;
        }

        /**
         * The options.
         *
         * @throws IllegalArgumentException naming what is wrong
         */
        public S3Options build() {
            return new S3Options(endpoint, pathStyle, checksums, partBytes, encryption, retention, patience);
        }
    }
}
