package dev.cadflow.makistry;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cadflow.workflow.FailureType;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.Locale;
import java.util.Objects;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import okhttp3.ConnectionPool;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import org.jspecify.annotations.Nullable;

/**
 * The Makistry Generation API over HTTP. Every method is one request, sent at most once; each fails with a
 * {@link MakistryException} that says whether and when to try again. Safe for use by many threads.
 */
public final class MakistryClient implements AutoCloseable {
    /** The vendor's own API. */
    public static final URI DEFAULT_BASE_URL = URI.create("https://api.makistry.ai/v1");

    /** A form with three images of 10 MB goes through a line of 2 Mbit/s in this time. */
    private static final Duration UPLOAD_TIMEOUT = Duration.ofMinutes(4);

    private static final RequestBody EMPTY = RequestBody.create(new byte[0]);

    private final HttpUrl baseUrl;
    private final String authorization;
    private final String userAgent;
    private final OkHttpClient http;
    private final Exchange exchange;
    private final Quota quota;

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
                // A submit on a connection that the server is just dropping would not be answered. Some drop idle ones
                // after 5 s, and more often than that connections are shared by bursts alone.
                .connectionPool(new ConnectionPool(5, 3, TimeUnit.SECONDS))
                .build();
        this.exchange = new Exchange(http, builder.largestAnswerBytes, new Redaction(builder.apiKey), builder.clock);
        this.quota = builder.quota;
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
        try (SubmitTurn turn = turnToSubmit(submission.idempotencyKey(), submission.callbackUrl() != null)) {
            return turn.submit(submission);
        }
    }

    /**
     * A turn in the quota for one submit, in which nothing is sent yet.
     *
     * @param idempotencyKey under which the place in the queue is kept
     * @param callback whether a webhook is expected; without one the job will have to be looked at
     * @throws MakistryException of type {@code quota_exceeded}, with the time until the turn, where it is further away
     *     than a few seconds
     */
    public SubmitTurn turnToSubmit(UUID idempotencyKey, boolean callback) {
        return new SubmitTurn(quota.submit(idempotencyKey, callback));
    }

    /** Leave to submit once. Closed without, it is given back. For one thread. */
    public final class SubmitTurn implements AutoCloseable {
        private final Quota.Turn turn;
        private boolean used;

        private SubmitTurn(Quota.Turn turn) {
            this.turn = turn;
        }

        /** As {@link MakistryClient#submit}. */
        public String submit(Submission submission) {
            boolean fromImages = !submission.images().isEmpty();
            Request request = request(fromImages ? "image-to-cad" : "text-to-cad")
                    .header("Idempotency-Key", submission.idempotencyKey().toString())
                    .post(SubmitBody.of(submission))
                    .build();
            used = true;
            return jobIdOf(send(turn, request, fromImages ? UPLOAD_TIMEOUT : null));
        }

        @Override
        public void close() {
            if (!used) {
                turn.notSent();
                turn.close();
            }
        }
    }

    /**
     * How a job stands, with a freshly signed download URL where it succeeded.
     *
     * @throws MakistryException {@code job_not_found} where there is no such job for this key, {@code output_expired}
     *     30 days after its creation, or another of the error table
     */
    public Job job(String jobId) {
        Request request = request("jobs", Job.requireJobId(jobId)).build();
        return job(quota.look(), request, jobId);
    }

    /** As {@link #job(String)}, in a turn that was taken before. */
    Job job(Quota.Turn turn, String jobId) {
        return job(turn, request("jobs", jobId).build(), jobId);
    }

    private Job job(Quota.Turn turn, Request request, String jobId) {
        byte[] answer = send(turn, request, null);
        Job job = answered(() -> Job.parse(answer), "job " + jobId);
        if (!job.jobId().equals(jobId)) {
            throw noAnswer("Makistry was asked for job " + jobId + " and answered with job " + job.jobId(), false);
        }
        return job;
    }

    /**
     * Jobs of this key, newest first, page by page: a page is asked for when the stream comes to it, each for one
     * request, which fails as {@link #job} does.
     */
    public Stream<JobPage> jobs(JobQuery query) {
        JobPages pages = new JobPages(query.mostPages(), cursor -> jobs(quota.look(), query, cursor));
        int asTheyCome = Spliterator.ORDERED | Spliterator.NONNULL;
        return StreamSupport.stream(Spliterators.spliteratorUnknownSize(pages, asTheyCome), false);
    }

    /** One page, in a turn that was taken before. */
    JobPage jobs(Quota.Turn turn, JobQuery query, @Nullable String cursor) {
        HttpUrl.Builder url = baseUrl.newBuilder().addPathSegment("jobs");
        url.addQueryParameter("limit", Integer.toString(query.limit()));
        if (query.status() != null) {
            url.addQueryParameter("status", query.status());
        }
        if (query.endpoint() != null) {
            url.addQueryParameter("endpoint", query.endpoint());
        }
        if (cursor != null) {
            url.addQueryParameter("cursor", cursor);
        }
        byte[] answer = send(turn, request().url(url.build()).build(), null);
        return answered(() -> JobPage.parse(answer), "the list of jobs");
    }

    /**
     * Makes a new signing secret. Makistry signs webhooks with it at once, so a receiver should go on accepting the old
     * one beside it.
     *
     * @param apiKeyId the id of the API key, which is not the key
     */
    public SigningSecret rotateSigningSecret(String apiKeyId) {
        if (!Job.isJobId(apiKeyId)) {
            throw MakistryException.of(
                    FailureType.INVALID_INPUT,
                    "API key id: expected 1 to 128 characters of A-Z, a-z, 0-9, '_' or '-' (not shown, as it may be a "
                            + "key by mistake)");
        }
        Request request = request("keys", apiKeyId, "rotate-secret").post(EMPTY).build();
        byte[] answer = send(quota.look(), request, null);
        JsonNode json = answered(() -> JobJson.tree(answer), "the new secret");
        String secret = JobJson.text(json, "signing_secret");
        if (secret == null || secret.isBlank()) {
            throw noAnswer(
                    "Makistry rotated the signing secret and did not tell the new one; look it up in its dashboard, or "
                            + "rotate again",
                    true);
        }
        return new SigningSecret(secret);
    }

    /** The quota that all requests of this client go through. */
    Quota quota() {
        return quota;
    }

    private byte[] send(Quota.Turn turn, Request request, @Nullable Duration whole) {
        try (turn) {
            try {
                return exchange.send(request, whole);
            } catch (MakistryException failure) {
                if (!failure.isRequestSent()) {
                    turn.notSent();
                }
                if (failure.type() != FailureType.QUOTA_EXCEEDED) {
                    throw failure;
                }
                Duration wait = turn.refused(failure.retryAfter().orElse(Duration.ZERO));
                throw failure.withRetryAfter(wait);
            }
        }
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
        return request().url(url.build());
    }

    private Request.Builder request() {
        return new Request.Builder()
                .header("Authorization", authorization)
                .header("User-Agent", userAgent)
                .header("Accept", "application/json");
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
        private Quota quota = new Quota(QuotaLimits.DEFAULT);

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

        /** What every request of the client goes through; default a fresh one of {@link QuotaLimits#DEFAULT}. */
        public Builder quota(Quota quota) {
            this.quota = quota;
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
