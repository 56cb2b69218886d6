package dev.cadflow.makistry;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cadflow.workflow.FailureType;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import okhttp3.ConnectionPool;
import okhttp3.HttpUrl;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;

/**
 * The Makistry Generation API over HTTP. Every method is one request, sent at most once; each fails with a
 * {@link MakistryException} that says whether and when to try again. Safe for use by many threads.
 */
public final class MakistryClient implements AutoCloseable {
    /** The vendor's own API. */
    public static final URI DEFAULT_BASE_URL = URI.create("https://api.makistry.ai/v1");

    private static final MediaType JSON = MediaType.get("application/json");

    private final HttpUrl baseUrl;
    private final String authorization;
    private final String userAgent;
    private final OkHttpClient http;
    private final Exchange exchange;

    private MakistryClient(Builder builder) {
        this.baseUrl = builder.baseUrl;
        this.authorization = "Bearer " + builder.apiKey;
        String version = MakistryClient.class.getPackage().getImplementationVersion();
        this.userAgent = "cadflow/" + (version == null ? "development" : version);
        this.http = new OkHttpClient.Builder()
                .connectTimeout(builder.connectTimeout.toMillis(), TimeUnit.MILLISECONDS)
                .readTimeout(builder.readTimeout.toMillis(), TimeUnit.MILLISECONDS)
                .writeTimeout(builder.writeTimeout.toMillis(), TimeUnit.MILLISECONDS)
                .callTimeout(builder.callTimeout.toMillis(), TimeUnit.MILLISECONDS)
                // Servers commonly drop an idle connection after 60 s; a request on a dropped one would fail.
                .connectionPool(new ConnectionPool(5, 30, TimeUnit.SECONDS))
                .build();
        this.exchange = new Exchange(http, builder.largestAnswerBytes, new Redaction(builder.apiKey), builder.clock);
    }

    /**
     * A builder for a client of the vendor's API.
     *
     * @param apiKey such as {@code mk_pub_…}
     * @throws IllegalArgumentException where it is blank or has characters that no header takes; the message does not
     *     quote it
     */
    public static Builder builder(String apiKey) {
        return new Builder(apiKey);
    }

    /**
     * Buys one job, the same one for the same idempotency key.
     *
     * @return the job's id
     * @throws MakistryException of any type of the error table; where {@link MakistryException#isOutcomeUnknown()}, the
     *     job may have been bought
     */
    public String submit(Submission submission) {
        Request request = request("text-to-cad")
                .header("Idempotency-Key", submission.idempotencyKey().toString())
                .post(RequestBody.create(json(submission), JSON))
                .build();
        return jobIdOf(exchange.send(request, null));
    }

    /**
     * How a job stands, with a freshly signed download URL where it succeeded.
     *
     * @throws MakistryException {@code job_not_found} where there is no such job for this key, {@code output_expired}
     *     30 days after its creation, or another of the error table
     */
    public Job job(String jobId) {
        byte[] answer = exchange.send(request("jobs", Job.requireJobId(jobId)).build(), null);
        Job job = answered(() -> Job.parse(answer), "job " + jobId);
        if (!job.jobId().equals(jobId)) {
            throw noAnswer("Makistry was asked for job " + jobId + " and answered with job " + job.jobId(), false);
        }
        return job;
    }

    /** Closes idle connections; a request under way goes on. */
    @Override
    public void close() {
        http.connectionPool().evictAll();
        http.dispatcher().executorService().shutdown();
    }

    /** Names the base URL, not the key. */
    @Override
    public String toString() {
        return "MakistryClient[" + baseUrl + "]";
    }

    private Request.Builder request(String... path) {
        HttpUrl.Builder url = baseUrl.newBuilder();
        for (String segment : path) {
            url.addPathSegment(segment);
        }
        return new Request.Builder()
                .url(url.build())
                .header("Authorization", authorization)
                .header("User-Agent", userAgent)
                .header("Accept", "application/json");
    }

    private static byte[] json(Submission submission) {
        ObjectNode json = JobJson.MAPPER.createObjectNode();
        json.put("prompt", submission.prompt());
        json.put("design_mode", submission.designMode().wireName());
        json.put("output_format", submission.outputFormat().wireName());
        json.set("metadata", JobJson.MAPPER.valueToTree(submission.metadata()));
        URI callback = submission.callbackUrl();
        if (callback != null) {
            json.put("callback_url", callback.toString());
        }
        try {
            return JobJson.MAPPER.writeValueAsBytes(json);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException("A JSON tree can always be written", impossible);
        }
    }

    /** Of an accepted submit only the id matters: a surprise in any other field must not lose a job that was paid. */
    private static String jobIdOf(byte[] answer) {
        JsonNode json = null;
        try {
            json = JobJson.tree(answer);
        } catch (MakistryException notJson) {
            // Told below, with what it means for the purchase.
        }
        String jobId = json == null || !json.isObject() ? null : JobJson.text(json, "job_id");
        if (jobId == null || !Job.isJobId(jobId)) {
            throw noAnswer(
                    "Makistry accepted the submit and gave no usable job_id in " + answer.length + " bytes", true);
        }
        return jobId;
    }

    private static <T> T answered(Supplier<T> parse, String what) {
        try {
            return parse.get();
        } catch (MakistryException unreadable) {
            throw noAnswer("Makistry's answer for " + what + " is unusable: " + unreadable.getMessage(), false);
        }
    }

    private static MakistryException noAnswer(String message, boolean outcomeUnknown) {
        return MakistryException.builder(FailureType.SERVICE_UNAVAILABLE, message)
                .requestSent(true)
                .outcomeUnknown(outcomeUnknown)
                .build();
    }

    /** Builds a {@link MakistryClient}. No timeout includes a retry, for there are none. */
    public static final class Builder {
        private final String apiKey;
        private HttpUrl baseUrl = Objects.requireNonNull(HttpUrl.get(DEFAULT_BASE_URL));
        private Duration connectTimeout = Duration.ofSeconds(10);
        private Duration readTimeout = Duration.ofSeconds(30);
        private Duration writeTimeout = Duration.ofSeconds(30);
        private Duration callTimeout = Duration.ofSeconds(60);
        private long largestAnswerBytes = 8L * 1024 * 1024;
        private Clock clock = Clock.systemUTC();

        private Builder(String apiKey) {
            if (apiKey.isEmpty() || !apiKey.chars().allMatch(c -> c > ' ' && c < 127)) {
                throw new IllegalArgumentException("API key: expected printable ASCII without blanks, found "
                        + apiKey.length() + " characters that are not all so (not shown, as it may be a secret)");
            }
            this.apiKey = apiKey;
        }

        /**
         * Where the API is, with its version part; default {@link #DEFAULT_BASE_URL}.
         *
         * @throws IllegalArgumentException where it is neither {@code https} nor, for a loopback address alone,
         *     {@code http}, or has credentials, a query or a fragment
         */
        public Builder baseUrl(URI url) {
            HttpUrl parsed = HttpUrl.get(url);
            boolean plain = parsed != null
                    && url.getRawUserInfo() == null
                    && url.getRawQuery() == null
                    && url.getRawFragment() == null
                    && (parsed.isHttps() || isLoopback(parsed.host()));
            if (parsed == null || !plain) {
                throw new IllegalArgumentException(
                        "base URL: expected https (http for a loopback address only) without credentials, query or "
                                + "fragment, found scheme " + url.getScheme() + " and host " + url.getHost());
            }
            this.baseUrl = parsed;
            return this;
        }

        /** Bounds the making of one TCP connection; default 10 s. */
        public Builder connectTimeout(Duration timeout) {
            this.connectTimeout = positive("connect timeout", timeout);
            return this;
        }

        /** Bounds the silence between two bytes of an answer, and of the TLS handshake; default 30 s. */
        public Builder readTimeout(Duration timeout) {
            this.readTimeout = positive("read timeout", timeout);
            return this;
        }

        /** Bounds the silence between two bytes of a request; default 30 s. */
        public Builder writeTimeout(Duration timeout) {
            this.writeTimeout = positive("write timeout", timeout);
            return this;
        }

        /** Bounds a whole request from name lookup to the last byte of its answer; default 60 s. */
        public Builder callTimeout(Duration timeout) {
            this.callTimeout = positive("call timeout", timeout);
            return this;
        }

        /** The largest answer that is read, after decompression; default 8 MiB. */
        public Builder largestAnswerBytes(long bytes) {
            if (bytes < 1) {
                throw new IllegalArgumentException("largest answer: expected at least 1 byte, found " + bytes);
            }
            this.largestAnswerBytes = bytes;
            return this;
        }

        /** Tells a {@code Retry-After} that is a date; default the system's clock. */
        public Builder clock(Clock clock) {
            this.clock = clock;
            return this;
        }

        public MakistryClient build() {
            return new MakistryClient(this);
        }

        private static boolean isLoopback(String host) {
            String name = host.toLowerCase(Locale.ROOT);
            return name.equals("localhost") || name.equals("::1") || name.matches("127(\\.[0-9]{1,3}){3}");
        }

        private static Duration positive(String name, Duration value) {
            if (value.isNegative() || value.toMillis() == 0) {
                throw new IllegalArgumentException(name + ": expected at least 1 ms, found " + value);
            }
            return value;
        }
    }
}
