package dev.cadflow.sandbox;

import java.time.Clock;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How a sandbox behaves. Every duration here is the vendor's; the time scale turns it into the sandbox's own.
 *
 * @param host the address to listen on; default {@code 127.0.0.1}. The sandbox has no TLS and its control endpoint no
 *     password: keep it on a loopback address
 * @param port of the API and the control endpoint; default 0, any free port
 * @param storagePort of the storage host, which is another origin as at the vendor; default 0, any free port
 * @param apiKey the one key that is accepted, {@code mk_pub_} and 32 hexadecimal digits; default
 *     {@link #DEFAULT_API_KEY}
 * @param apiKeyId the id of that key in the call that rotates its secret; default {@link #DEFAULT_API_KEY_ID}
 * @param signingSecret signs webhooks until it is rotated, 1 to 256 characters; default
 *     {@link #DEFAULT_SIGNING_SECRET}
 * @param timeScale how long one of the vendor's seconds takes here; default 1. With 0.01 a standard job of 60 s takes
 *     0.6 s. Scales processing times, quota windows, webhook retry delays, the lifetime of download URLs and the 30
 *     days until a job expires. Above 0, at most 1000
 * @param processingTimes how long a job of each mode takes; default {@link DesignMode#typicalTime()}
 * @param quota null for none; default {@link Quota#MAKISTRY}
 * @param credits what the account holds; default a million. A submit that it does not cover answers 402
 * @param downloadUrlLifetime how long a download URL is valid; null (the default) until the job expires
 * @param clock tells the time of everything but the pauses between webhook tries; default the system's
 */
public record SandboxOptions(
        String host,
        int port,
        int storagePort,
        String apiKey,
        String apiKeyId,
        String signingSecret,
        double timeScale,
        Map<DesignMode, Duration> processingTimes,
        @Nullable Quota quota,
        long credits,
        @Nullable Duration downloadUrlLifetime,
        Clock clock) {

    /** The well-known key of the sandbox: it opens nothing else. */
    public static final String DEFAULT_API_KEY = "mk_pub_5a4d0000000000000000000000005a4d";

    /** The id of {@link #DEFAULT_API_KEY}. */
    public static final String DEFAULT_API_KEY_ID = "key_sandbox";

    /** The well-known signing secret of the sandbox: it protects nothing else. */
    public static final String DEFAULT_SIGNING_SECRET = "sandbox-signing-secret-5a4d5a4d5a4d5a4d";

    private static final Pattern API_KEY = Pattern.compile("mk_pub_[0-9a-f]{32}");
    private static final Pattern API_KEY_ID = Pattern.compile("[A-Za-z0-9_-]{1,64}");
    private static final double LARGEST_TIME_SCALE = 1000;

    /**
     * Checks and copies.
     *
     * @throws IllegalArgumentException naming the option, what was expected and what was found
     */
    public SandboxOptions {
        require(!host.isBlank(), "host: expected a name or an address, found nothing");
        requirePort("port", port);
        requirePort("storagePort", storagePort);
        // The value itself stays out of the message: someone may have put a real key here.
        require(
                API_KEY.matcher(apiKey).matches(),
                "apiKey: expected mk_pub_ and 32 lower-case hexadecimal digits, found" + " something else of "
                        + apiKey.length() + " characters");
        require(
                API_KEY_ID.matcher(apiKeyId).matches(),
                "apiKeyId: expected 1 to 64 letters, digits, '_' or '-', found " + apiKeyId);
        require(
                !signingSecret.isEmpty() && signingSecret.length() <= 256,
                "signingSecret: expected 1 to 256 characters, found " + signingSecret.length());
        require(
                timeScale > 0 && timeScale <= LARGEST_TIME_SCALE,
                "timeScale: expected above 0 and at most " + LARGEST_TIME_SCALE + ", found " + timeScale);
        Map<DesignMode, Duration> times = new EnumMap<>(DesignMode.class);
        for (DesignMode mode : DesignMode.values()) {
            Duration duration = processingTimes.getOrDefault(mode, mode.typicalTime());
            require(!duration.isNegative(), "processingTimes: expected 0 or more for " + mode + ", found " + duration);
            times.put(mode, duration);
        }
        processingTimes = Map.copyOf(times);
        require(credits >= 0, "credits: expected 0 or more, found " + credits);
        require(
                downloadUrlLifetime == null || !(downloadUrlLifetime.isNegative() || downloadUrlLifetime.isZero()),
                "downloadUrlLifetime: expected above 0, found " + downloadUrlLifetime);
    }

    private static void requirePort(String name, int port) {
        require(port >= 0 && port <= 65_535, name + ": expected 0 to 65535, found " + port);
    }

    private static void require(boolean condition, String message) {
        if (!condition) {
            throw new IllegalArgumentException(message);
        }
    }

    /** How long a job of a mode takes, before the time scale. */
    public Duration processingTime(DesignMode mode) {
        return processingTimes.getOrDefault(mode, mode.typicalTime());
    }

    /** Without key and secret: options end up in logs. */
    @Override
    public String toString() {
        return "SandboxOptions[host=" + host + ", port=" + port + ", storagePort=" + storagePort + ", timeScale="
                + timeScale + ", processingTimes=" + processingTimes + ", quota=" + quota + ", credits=" + credits
                + ", downloadUrlLifetime=" + downloadUrlLifetime + "]";
    }

    /** All defaults. */
    public static SandboxOptions defaults() {
        return builder().build();
    }

    /** Starts with all defaults. */
    public static Builder builder() {
        return new Builder();
    }

    /** Collects options; see {@link SandboxOptions} for each. */
    public static final class Builder {

        private String host = "127.0.0.1";
        private int port;
        private int storagePort;
        private String apiKey = DEFAULT_API_KEY;
        private String apiKeyId = DEFAULT_API_KEY_ID;
        private String signingSecret = DEFAULT_SIGNING_SECRET;
        private double timeScale = 1;
        private final Map<DesignMode, Duration> processingTimes = new EnumMap<>(DesignMode.class);
        private @Nullable Quota quota = Quota.MAKISTRY;
        private long credits = 1_000_000;
        private @Nullable Duration downloadUrlLifetime;
        private Clock clock = Clock.systemUTC();

        private Builder() {}

        /** Where API and control endpoint listen. */
        public Builder listen(String host, int port) {
            this.host = host;
            this.port = port;
            return this;
        }

        /** Where the storage host listens. */
        public Builder storagePort(int storagePort) {
            this.storagePort = storagePort;
            return this;
        }

        /** The accepted key. */
        public Builder apiKey(String apiKey) {
            this.apiKey = apiKey;
            return this;
        }

        /** The id of the accepted key. */
        public Builder apiKeyId(String apiKeyId) {
            this.apiKeyId = apiKeyId;
            return this;
        }

        /** The secret that signs webhooks. */
        public Builder signingSecret(String signingSecret) {
            this.signingSecret = signingSecret;
            return this;
        }

        /** How long one of the vendor's seconds takes. */
        public Builder timeScale(double timeScale) {
            this.timeScale = timeScale;
            return this;
        }

        /** How long a job of one mode takes, before the time scale. */
        public Builder processingTime(DesignMode mode, Duration duration) {
            processingTimes.put(mode, duration);
            return this;
        }

        /** How long a job of any mode takes, before the time scale. */
        public Builder processingTime(Duration duration) {
            for (DesignMode mode : DesignMode.values()) {
                processingTimes.put(mode, duration);
            }
            return this;
        }

        /** The limits for the key. */
        public Builder quota(int perMinute, int perHour) {
            quota = new Quota(perMinute, perHour);
            return this;
        }

        /** No limits for the key. */
        public Builder noQuota() {
            quota = null;
            return this;
        }

        /** What the account holds. */
        public Builder credits(long credits) {
            this.credits = credits;
            return this;
        }

        /** How long a download URL is valid. */
        public Builder downloadUrlLifetime(Duration lifetime) {
            downloadUrlLifetime = lifetime;
            return this;
        }

        /** The clock. */
        public Builder clock(Clock clock) {
            this.clock = clock;
            return this;
        }

        /**
         * The options.
         *
         * @throws IllegalArgumentException naming the option, what was expected and what was found
         */
        public SandboxOptions build() {
            return new SandboxOptions(
                    host,
                    port,
                    storagePort,
                    apiKey,
                    apiKeyId,
                    signingSecret,
                    timeScale,
                    processingTimes,
                    quota,
                    credits,
                    downloadUrlLifetime,
                    clock);
        }
    }
}
