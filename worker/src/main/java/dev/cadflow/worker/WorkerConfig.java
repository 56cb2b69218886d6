package dev.cadflow.worker;

import dev.cadflow.activity.impl.ImagePrefixes;
import dev.cadflow.activity.impl.WaitPlans;
import dev.cadflow.makistry.QuotaLimits;
import dev.cadflow.worker.http.ListenAddress;
import dev.cadflow.workflow.DesignMode;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What a worker is told at its start, checked. Made by {@link #from} alone, of the environment and of the file that
 * {@code CADFLOW_CONFIG} names; the environment wins. Shows no secret.
 *
 * @param apiKey {@code MAKISTRY_API_KEY}
 * @param signingSecrets {@code MAKISTRY_SIGNING_SECRETS}; a webhook is taken that any of them signed. Empty: no receiver
 * @param baseUrl {@code MAKISTRY_BASE_URL}, without a slash at its end
 * @param callback what Makistry is given as callback URL
 * @param webhookListen {@code CADFLOW_WEBHOOK_LISTEN}
 * @param operationsListen {@code CADFLOW_OPERATIONS_LISTEN}
 * @param archive {@code CADFLOW_ARCHIVE} as an absolute {@code file:} or {@code s3:} URI
 * @param staging {@code CADFLOW_STAGING}: where bytes gather on their way to an archive that is not on a disk
 * @param archiveSettings {@code CADFLOW_S3_…} and {@code CADFLOW_MANIFEST_KEY}
 * @param imagePrefixes {@code CADFLOW_IMAGES}: what URIs of images must begin with; empty: none may be read
 * @param tasks {@code CADFLOW_TASK_QUEUE}, {@code CADFLOW_API_…}, {@code CADFLOW_…_AT_ONCE}: what is taken from Temporal
 * @param deployment {@code CADFLOW_DEPLOYMENT_NAME} and {@code CADFLOW_BUILD_ID}; null: the worker is not versioned
 * @param searchAttributes {@code CADFLOW_SEARCH_ATTRIBUTES}: whether workflows set search attributes, where the
 *     namespace has them
 * @param quota {@code CADFLOW_QUOTA_PER_MINUTE} and {@code CADFLOW_QUOTA_PER_HOUR}: this worker's share of the key's
 * @param maxSubmitsPerDay {@code CADFLOW_MAX_SUBMITS_PER_DAY}: jobs that this worker submits on one day; null: no bound
 * @param waits {@code CADFLOW_POLL_…} and {@code CADFLOW_DEADLINE_…}
 * @param shutdownGrace {@code CADFLOW_SHUTDOWN_GRACE}: how long a stop waits for what runs, all parts together
 * @param codec {@code CADFLOW_CODEC_…}: whether payloads are encrypted, and who may decrypt them from afar
 * @param temporal how to reach Temporal, where the worker makes its own client
 */
public record WorkerConfig(
        Secret apiKey,
        List<Secret> signingSecrets,
        URI baseUrl,
        Callback callback,
        ListenAddress webhookListen,
        ListenAddress operationsListen,
        URI archive,
        Path staging,
        ArchiveSettings archiveSettings,
        List<URI> imagePrefixes,
        TaskSettings tasks,
        @Nullable DeploymentSettings deployment,
        boolean searchAttributes,
        QuotaLimits quota,
        @Nullable Integer maxSubmitsPerDay,
        WaitPlans waits,
        Duration shutdownGrace,
        CodecSettings codec,
        TemporalSettings temporal) {

    private static final int MOST_REQUESTS = 1_000_000;

    /**
     * What Makistry is given as {@code callback_url}.
     *
     * @param kind whether there is one
     * @param url of kind {@link Kind#URL} only; null otherwise
     */
    public record Callback(Kind kind, @Nullable URI url) {
        /** Where the callback URL comes from. */
        public enum Kind {
            /** There is none: jobs are only polled for. */
            NONE,
            /** {@code CADFLOW_CALLBACK_URL}: public, and led to the receiver by whoever runs it. */
            URL,
            /** The receiver's own address, for a Makistry on this machine. */
            RECEIVER
        }

        /** Shows no query: some carry a token there. */
        @Override
        public String toString() {
            return url == null ? kind.name() : SettingsReader.shownUrl(url.toString());
        }
    }

    /** Copies the lists. */
    public WorkerConfig {
        signingSecrets = List.copyOf(signingSecrets);
        imagePrefixes = List.copyOf(imagePrefixes);
    }

    /**
     * Reads and checks all settings.
     *
     * @param environment as {@code System.getenv()}; {@code CADFLOW_CONFIG} in it names a file of more
     * @throws InvalidConfigException with every problem at once
     */
    public static WorkerConfig from(Map<String, String> environment) {
        SettingsSource source = SettingsSource.load(environment);
        SettingsReader reader = new SettingsReader(source);
        @Nullable Secret apiKey = reader.secret(Setting.MAKISTRY_API_KEY);
        if (apiKey != null && !apiKey.reveal().chars().allMatch(c -> c > ' ' && c < 127)) {
            reader.problem(
                    Setting.MAKISTRY_API_KEY, "expected printable ASCII characters without blanks, found others");
        } else if (apiKey == null && !reader.hasProblem(Setting.MAKISTRY_API_KEY)) {
            reader.problem(
                    Setting.MAKISTRY_API_KEY,
                    "expected the API key, mk_pub_ and 32 hex digits, or its file in "
                            + Setting.MAKISTRY_API_KEY.fileVariant() + ", found neither");
        }
        List<Secret> signingSecrets = reader.secrets(Setting.MAKISTRY_SIGNING_SECRETS);
        @Nullable URI callbackUrl = reader.read(Setting.CADFLOW_CALLBACK_URL, SettingsReader::secureUrl);
        if (callbackUrl != null && signingSecrets.isEmpty() && !reader.hasProblem(Setting.MAKISTRY_SIGNING_SECRETS)) {
            reader.problem(
                    Setting.MAKISTRY_SIGNING_SECRETS,
                    "expected the key's signing secrets, without which no webhook" + " to "
                            + Setting.CADFLOW_CALLBACK_URL + " can be believed, found none");
        }
        @Nullable URI baseUrl = reader.read(Setting.MAKISTRY_BASE_URL, WorkerConfig::baseUrl);
        @Nullable ListenAddress webhookListen = reader.read(Setting.CADFLOW_WEBHOOK_LISTEN, ListenAddress::parse);
        @Nullable ListenAddress operationsListen = reader.read(Setting.CADFLOW_OPERATIONS_LISTEN, ListenAddress::parse);
        if (webhookListen != null && webhookListen.port() != 0 && webhookListen.equals(operationsListen)) {
            reader.problem(
                    Setting.CADFLOW_OPERATIONS_LISTEN,
                    "expected another address than " + Setting.CADFLOW_WEBHOOK_LISTEN + ", found the same, "
                            + operationsListen);
        }
        @Nullable URI archive = reader.read(Setting.CADFLOW_ARCHIVE, SettingsReader::archive);
        @Nullable Path staging = reader.read(Setting.CADFLOW_STAGING, SettingsReader::folder);
        @Nullable ArchiveSettings archiveSettings = ArchiveSettings.read(reader);
        @Nullable List<URI> imagePrefixes = reader.read(Setting.CADFLOW_IMAGES, WorkerConfig::imagePrefixes);
        @Nullable TaskSettings tasks = TaskSettings.read(reader);
        @Nullable DeploymentSettings deployment = DeploymentSettings.read(reader);
        @Nullable Boolean searchAttributes = reader.read(Setting.CADFLOW_SEARCH_ATTRIBUTES, SettingsReader::trueOrFalse);
        Function<String, Integer> requests = SettingsReader.wholeNumber(1, MOST_REQUESTS);
        @Nullable Integer perMinute = reader.read(Setting.CADFLOW_QUOTA_PER_MINUTE, requests);
        @Nullable Integer perHour = reader.read(Setting.CADFLOW_QUOTA_PER_HOUR, requests);
        @Nullable Integer maxSubmitsPerDay = reader.read(Setting.CADFLOW_MAX_SUBMITS_PER_DAY, requests);
        @Nullable WaitPlans waits = waits(reader);
        @Nullable Duration shutdownGrace = reader.read(Setting.CADFLOW_SHUTDOWN_GRACE, SettingsReader::duration);
        CodecSettings codec = CodecSettings.read(reader);
        if (apiKey == null
                || baseUrl == null
                || webhookListen == null
                || operationsListen == null
                || archive == null
                || staging == null
                || archiveSettings == null
                || tasks == null
                || searchAttributes == null
                || perMinute == null
                || perHour == null
                || waits == null
                || shutdownGrace == null
                || !source.problems().isEmpty()) {
            throw new InvalidConfigException(source.problems());
        }
        return new WorkerConfig(
                apiKey,
                signingSecrets,
                baseUrl,
                new Callback(callbackUrl == null ? Callback.Kind.NONE : Callback.Kind.URL, callbackUrl),
                webhookListen,
                operationsListen,
                archive,
                staging,
                archiveSettings,
                imagePrefixes == null ? List.of() : imagePrefixes,
                tasks,
                deployment,
                searchAttributes,
                QuotaLimits.of(perMinute, perHour),
                maxSubmitsPerDay,
                waits,
                shutdownGrace,
                codec,
                new TemporalSettings(source.all()));
    }

    /** The task queue of the workflows. */
    public String taskQueue() {
        return tasks.taskQueue();
    }

    /**
     * The same, but Makistry is told to call the receiver at its own address, whatever port it gets: for a Makistry on
     * this machine, such as the sandbox.
     *
     * @throws IllegalArgumentException where there is no signing secret
     */
    public WorkerConfig withReceiverAsCallback() {
        if (signingSecrets.isEmpty()) {
            throw new IllegalArgumentException(
                    Setting.MAKISTRY_SIGNING_SECRETS + ": expected one, to have a receiver at all, found none");
        }
        return with(new Callback(Callback.Kind.RECEIVER, null), quota, waits);
    }

    /**
     * The same for a sandbox whose time runs otherwise: quota windows, back-off and waits for jobs take so much less or
     * more. No setting does this, because Makistry's own time always runs alike.
     *
     * @param timeScale that of the sandbox: how long one of Makistry's seconds takes, in seconds
     * @throws IllegalArgumentException where the Makistry of this configuration is not on this machine, or the scale is
     *     not above 0
     */
    public WorkerConfig atTimeScale(double timeScale) {
        if (!"http".equals(baseUrl.getScheme())) {
            throw new IllegalArgumentException(
                    Setting.MAKISTRY_BASE_URL + ": expected a sandbox on this machine, whose time may be scaled, found "
                            + SettingsReader.shownUrl(baseUrl.toString()));
        }
        return with(callback, quota.atTimeScale(timeScale), waits.atTimeScale(timeScale));
    }

    private WorkerConfig with(Callback otherCallback, QuotaLimits otherQuota, WaitPlans otherWaits) {
        return new WorkerConfig(
                apiKey,
                signingSecrets,
                baseUrl,
                otherCallback,
                webhookListen,
                operationsListen,
                archive,
                staging,
                archiveSettings,
                imagePrefixes,
                tasks,
                deployment,
                searchAttributes,
                otherQuota,
                maxSubmitsPerDay,
                otherWaits,
                shutdownGrace,
                codec,
                temporal);
    }

    private static @Nullable WaitPlans waits(SettingsReader reader) {
        Map<DesignMode, Duration> firstPoll = byMode(
                reader,
                Setting.CADFLOW_POLL_FIRST_STANDARD,
                Setting.CADFLOW_POLL_FIRST_PRO,
                Setting.CADFLOW_POLL_FIRST_ASSEMBLY);
        Map<DesignMode, Duration> deadline = byMode(
                reader,
                Setting.CADFLOW_DEADLINE_STANDARD,
                Setting.CADFLOW_DEADLINE_PRO,
                Setting.CADFLOW_DEADLINE_ASSEMBLY);
        @Nullable Duration interval = reader.read(Setting.CADFLOW_POLL_INTERVAL, SettingsReader::positiveDuration);
        @Nullable Duration fastInterval = reader.read(Setting.CADFLOW_POLL_FAST_INTERVAL, SettingsReader::positiveDuration);
        @Nullable Duration fastFor = reader.read(Setting.CADFLOW_POLL_FAST_FOR, SettingsReader::duration);
        @Nullable Duration slowInterval = reader.read(Setting.CADFLOW_POLL_SLOW_INTERVAL, SettingsReader::positiveDuration);
        int modes = DesignMode.values().length;
        if (firstPoll.size() < modes
                || deadline.size() < modes
                || interval == null
                || fastInterval == null
                || fastFor == null
                || slowInterval == null) {
            return null;
        }
        return new WaitPlans(firstPoll, interval, fastInterval, fastFor, slowInterval, deadline);
    }

    private static Map<DesignMode, Duration> byMode(
            SettingsReader reader, Setting standard, Setting pro, Setting assembly) {
        Map<DesignMode, Duration> durations = new EnumMap<>(DesignMode.class);
        Map.of(DesignMode.STANDARD, standard, DesignMode.PRO, pro, DesignMode.ASSEMBLY, assembly)
                .forEach((mode, setting) -> {
                    @Nullable Duration duration = reader.read(setting, SettingsReader::positiveDuration);
                    if (duration != null) {
                        durations.put(mode, duration);
                    }
                });
        return durations;
    }

    private static List<URI> imagePrefixes(String text) {
        List<URI> prefixes = SettingsReader.prefixes(text);
        try {
            // Refuses what could lead elsewhere than it seems.
            ImagePrefixes.of(prefixes);
        } catch (IllegalArgumentException devious) {
            throw new IllegalArgumentException(
                    "expected plain places without a query, found \"" + SettingsReader.shownUrl(text) + "\": "
                            + devious.getMessage(),
                    devious);
        }
        return prefixes;
    }

    /** Paths are added to it, so it ends in none of its own. */
    private static URI baseUrl(String text) {
        URI url = SettingsReader.secureUrl(text);
        if (url.getRawQuery() != null) {
            throw new IllegalArgumentException(
                    "expected a URL without a query, found \"" + SettingsReader.shownUrl(text) + "\"");
        }
        return text.endsWith("/") ? URI.create(text.substring(0, text.length() - 1)) : url;
    }
}
