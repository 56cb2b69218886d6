package dev.cadflow.worker;

import static dev.cadflow.worker.Settings.API_KEY;
import static dev.cadflow.worker.Settings.CODEC_KEY;
import static dev.cadflow.worker.Settings.SECRET;
import static dev.cadflow.worker.Settings.environment;
import static dev.cadflow.worker.Settings.problemsOf;
import static dev.cadflow.worker.Settings.problemsWith;
import static dev.cadflow.worker.Settings.with;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.cadflow.activity.impl.WaitPlans;
import dev.cadflow.makistry.MakistryClient;
import dev.cadflow.makistry.QuotaLimits;
import dev.cadflow.worker.WorkerConfig.Callback;
import dev.cadflow.worker.http.ListenAddress;
import dev.cadflow.workflow.Cadflow;
import dev.cadflow.workflow.DesignMode;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class WorkerConfigTest {
    @Test
    void theApiKeyAloneIsEnoughAndEverythingElseHasItsDefault() {
        WorkerConfig config = with();
        assertThat(config.apiKey().reveal()).isEqualTo(API_KEY);
        assertThat(config.signingSecrets()).isEmpty();
        assertThat(config.baseUrl()).isEqualTo(URI.create("https://api.makistry.ai/v1"));
        assertThat(config.callback()).isEqualTo(new Callback(Callback.Kind.NONE, null));
        assertThat(config.webhookListen()).isEqualTo(new ListenAddress("127.0.0.1", 8088));
        assertThat(config.operationsListen()).isEqualTo(new ListenAddress("127.0.0.1", 9464));
        assertThat(config.archive())
                .isEqualTo(URI.create("file://" + Path.of("archive").toAbsolutePath()));
        assertThat(config.staging()).isEqualTo(Path.of("staging").toAbsolutePath());
        assertThat(config.imagePrefixes()).isEmpty();
        assertThat(config.taskQueue()).isEqualTo("cadflow");
        assertThat(config.quota()).isEqualTo(QuotaLimits.DEFAULT);
        assertThat(config.maxSubmitsPerDay()).isNull();
        assertThat(config.tasks()).isEqualTo(new TaskSettings("cadflow", 200, 600, null, null));
        assertThat(config.shutdownGrace()).isEqualTo(Duration.ofSeconds(30));
    }

    @Test
    void theDefaultsAreThoseThatTheActivitiesHave() {
        assertThat(with().baseUrl()).isEqualTo(MakistryClient.DEFAULT_BASE_URL);
        assertThat(with().taskQueue()).isEqualTo(Cadflow.TASK_QUEUE);
        assertThat(with().waits()).isEqualTo(WaitPlans.defaults());
    }

    @Test
    void theDefaultWaitsAreThoseOfTheModesTypicalTimes() {
        WaitPlans waits = with().waits();
        assertThat(waits.firstPolls())
                .isEqualTo(Map.of(
                        DesignMode.STANDARD, Duration.ofMinutes(2),
                        DesignMode.PRO, Duration.ofMinutes(5),
                        DesignMode.ASSEMBLY, Duration.ofMinutes(15)));
        assertThat(waits.deadlines())
                .isEqualTo(Map.of(
                        DesignMode.STANDARD, Duration.ofMinutes(10),
                        DesignMode.PRO, Duration.ofMinutes(15),
                        DesignMode.ASSEMBLY, Duration.ofMinutes(30)));
        assertThat(waits.callbackInterval()).isEqualTo(Duration.ofSeconds(60));
        assertThat(waits.fastInterval()).isEqualTo(Duration.ofSeconds(5));
        assertThat(waits.fastFor()).isEqualTo(Duration.ofSeconds(30));
        assertThat(waits.interval()).isEqualTo(Duration.ofSeconds(15));
    }

    @Test
    void everySettingCanBeSet() {
        WorkerConfig config = with(
                "MAKISTRY_SIGNING_SECRETS", " new , old ",
                "MAKISTRY_BASE_URL", "http://127.0.0.1:9000/v1/",
                "CADFLOW_CALLBACK_URL", "https://cad.example/hooks?tenant=7",
                "CADFLOW_WEBHOOK_LISTEN", "[::1]:0",
                "CADFLOW_OPERATIONS_LISTEN", "0.0.0.0:9000",
                "CADFLOW_ARCHIVE", "s3://parts/released",
                "CADFLOW_STAGING", "/var/tmp/cadflow",
                "CADFLOW_IMAGES", "/srv/images, https://images.example/, s3://sketches/in",
                "CADFLOW_TASK_QUEUE", "cad-eu",
                "CADFLOW_QUOTA_PER_MINUTE", "10",
                "CADFLOW_QUOTA_PER_HOUR", "50",
                "CADFLOW_MAX_SUBMITS_PER_DAY", "40",
                "CADFLOW_API_TASK_QUEUE", "cad-eu-api",
                "CADFLOW_API_REQUESTS_PER_HOUR", "80",
                "CADFLOW_ARCHIVE_TASK_QUEUE", "cad-eu-archive",
                "CADFLOW_ARCHIVES_AT_ONCE", "0",
                "CADFLOW_ACTIVITIES_AT_ONCE", "50",
                "CADFLOW_WORKFLOW_CACHE", "5000",
                "CADFLOW_POLL_FIRST_STANDARD", "90s",
                "CADFLOW_POLL_FIRST_PRO", "PT3M",
                "CADFLOW_POLL_FIRST_ASSEMBLY", "10m",
                "CADFLOW_POLL_INTERVAL", "2m",
                "CADFLOW_POLL_FAST_INTERVAL", "250ms",
                "CADFLOW_POLL_FAST_FOR", "0s",
                "CADFLOW_POLL_SLOW_INTERVAL", "20s",
                "CADFLOW_DEADLINE_STANDARD", "1h",
                "CADFLOW_DEADLINE_PRO", "2h",
                "CADFLOW_DEADLINE_ASSEMBLY", "1d",
                "CADFLOW_SHUTDOWN_GRACE", "0s");
        assertThat(config.signingSecrets()).extracting(Secret::reveal).containsExactly("new", "old");
        assertThat(config.baseUrl()).isEqualTo(URI.create("http://127.0.0.1:9000/v1"));
        assertThat(config.callback().url()).isEqualTo(URI.create("https://cad.example/hooks?tenant=7"));
        assertThat(config.webhookListen()).isEqualTo(new ListenAddress("::1", 0));
        assertThat(config.operationsListen()).isEqualTo(new ListenAddress("0.0.0.0", 9000));
        assertThat(config.archive()).isEqualTo(URI.create("s3://parts/released"));
        assertThat(config.staging()).isEqualTo(Path.of("/var/tmp/cadflow"));
        assertThat(config.imagePrefixes())
                .containsExactly(
                        URI.create("file:///srv/images"),
                        URI.create("https://images.example/"),
                        URI.create("s3://sketches/in"));
        assertThat(config.taskQueue()).isEqualTo("cad-eu");
        assertThat(config.quota()).isEqualTo(QuotaLimits.of(10, 50));
        assertThat(config.waits())
                .isEqualTo(new WaitPlans(
                        Map.of(
                                DesignMode.STANDARD, Duration.ofSeconds(90),
                                DesignMode.PRO, Duration.ofMinutes(3),
                                DesignMode.ASSEMBLY, Duration.ofMinutes(10)),
                        Duration.ofMinutes(2),
                        Duration.ofMillis(250),
                        Duration.ZERO,
                        Duration.ofSeconds(20),
                        Map.of(
                                DesignMode.STANDARD, Duration.ofHours(1),
                                DesignMode.PRO, Duration.ofHours(2),
                                DesignMode.ASSEMBLY, Duration.ofDays(1))));
        assertThat(config.maxSubmitsPerDay()).isEqualTo(40);
        assertThat(config.tasks())
                .isEqualTo(new TaskSettings(
                        "cad-eu",
                        50,
                        5000,
                        new ApiQueue("cad-eu-api", 80),
                        new TaskSettings.ArchiveQueue("cad-eu-archive", 0)));
        assertThat(config.shutdownGrace()).isEqualTo(Duration.ZERO);
    }

    @Test
    void allProblemsAreToldAtOnce() {
        Map<String, String> environment = environment(
                "CADFLOW_CALLBACK_URL", "http://cad.example/hooks",
                "CADFLOW_WEBHOOK_LISTEN", "8088",
                "CADFLOW_QUOTA_PER_HOUR", "many",
                "CADFLOW_DEADLINE_PRO", "-5m",
                "CADFLOW_CALBACK_URL", "https://cad.example/hooks");
        environment.remove("MAKISTRY_API_KEY");
        assertThat(problemsOf(environment))
                .containsExactlyInAnyOrder(
                        "CADFLOW_CALBACK_URL: expected a setting that cadflow knows; the nearest is"
                                + " CADFLOW_CALLBACK_URL",
                        "MAKISTRY_API_KEY: expected the API key, mk_pub_ and 32 hex digits, or its file in"
                                + " MAKISTRY_API_KEY_FILE, found neither",
                        "CADFLOW_CALLBACK_URL: expected an https URL, or an http URL of this machine (127.0.0.1, [::1]"
                                + " or localhost), without user or fragment, found \"http://cad.example/hooks\"",
                        "CADFLOW_WEBHOOK_LISTEN: expected HOST:PORT, such as 127.0.0.1:8088, found \"8088\"",
                        "CADFLOW_QUOTA_PER_HOUR: expected a whole number from 1 to 1000000, found \"many\"",
                        "CADFLOW_DEADLINE_PRO: expected a duration of 30 days at most, such as 90s, 5m or PT1M30S,"
                                + " found \"-5m\"");
    }

    @Test
    void aCallbackUrlNeedsASigningSecret() {
        assertThat(problemsWith("CADFLOW_CALLBACK_URL", "https://cad.example/hooks"))
                .singleElement()
                .asString()
                .startsWith("MAKISTRY_SIGNING_SECRETS: expected the key's signing secrets");
    }

    @ParameterizedTest
    @CsvSource({
        "MAKISTRY_BASE_URL, http://api.makistry.ai/v1",
        "MAKISTRY_BASE_URL, api.makistry.ai",
        "MAKISTRY_BASE_URL, http://127.0.0.1.evil.example/",
        "MAKISTRY_BASE_URL, http://localhost@evil.example/",
        "MAKISTRY_BASE_URL, https:///v1",
        "MAKISTRY_BASE_URL, https://host with space/",
        "MAKISTRY_BASE_URL, ftp://localhost/",
        "MAKISTRY_BASE_URL, https://api.makistry.ai/v1?key=1",
        "MAKISTRY_API_KEY, mk pub",
        "MAKISTRY_API_KEY, mk_pub_\u00e4",
        "CADFLOW_WEBHOOK_LISTEN, localhost:65536",
        "CADFLOW_WEBHOOK_LISTEN, ::1:80",
        "CADFLOW_WEBHOOK_LISTEN, localhost:-1",
        "CADFLOW_ARCHIVE, https://store.example/bucket",
        "CADFLOW_ARCHIVE, s3:///prefix",
        "CADFLOW_ARCHIVE, file://host/share",
        "CADFLOW_IMAGES, http://images.example/",
        "CADFLOW_IMAGES, '/srv/images,,/srv/more'",
        "CADFLOW_IMAGES, file:///srv/../etc",
        "CADFLOW_MAX_SUBMITS_PER_DAY, 0",
        "CADFLOW_API_TASK_QUEUE, cadflow",
        "CADFLOW_API_REQUESTS_PER_HOUR, 0",
        "CADFLOW_ARCHIVE_TASK_QUEUE, cadflow",
        "CADFLOW_ARCHIVES_AT_ONCE, 0",
        "CADFLOW_ACTIVITIES_AT_ONCE, 0",
        "CADFLOW_WORKFLOW_CACHE, 0",
        "CADFLOW_QUOTA_PER_MINUTE, 0",
        "CADFLOW_QUOTA_PER_MINUTE, 99999999999",
        "CADFLOW_POLL_INTERVAL, 0s",
        "CADFLOW_POLL_INTERVAL, 5",
        "CADFLOW_POLL_INTERVAL, 5 minutes",
        "CADFLOW_POLL_FIRST_PRO, PT0S",
        "CADFLOW_POLL_FAST_FOR, PT-1S",
        "CADFLOW_DEADLINE_ASSEMBLY, 31d",
        "CADFLOW_DEADLINE_ASSEMBLY, 999999999d",
        "CADFLOW_SHUTDOWN_GRACE, soon"
    })
    void aValueThatIsNoGoodIsRefusedByItsName(String name, String value) {
        assertThat(problemsWith(name, value))
                .singleElement()
                .asString()
                .startsWith(name + ": expected ")
                .contains(", found ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"http://localhost:9000", "http://127.8.9.1/v1", "http://[::1]:80", "HTTPS://api.example/v2"})
    void plainHttpIsForThisMachineAlone(String url) {
        assertThat(with("MAKISTRY_BASE_URL", url).baseUrl()).isEqualTo(URI.create(url));
    }

    @Test
    void theTwoServersNeedTwoAddressesUnlessTheSystemChooses() {
        assertThat(problemsWith("CADFLOW_WEBHOOK_LISTEN", "[::1]:1", "CADFLOW_OPERATIONS_LISTEN", "[::1]:1"))
                .singleElement()
                .asString()
                .startsWith("CADFLOW_OPERATIONS_LISTEN: expected another address");
        assertThat(with("CADFLOW_WEBHOOK_LISTEN", "[::1]:0", "CADFLOW_OPERATIONS_LISTEN", "[::1]:0"))
                .isNotNull();
    }

    @Test
    void payloadsAreEncryptedAndReadFromAfarOnlyWhereThatIsAskedFor() {
        assertThat(with().codec()).isEqualTo(new CodecSettings(null, null, null, Set.of()));
        CodecSettings codec = with(
                        "CADFLOW_CODEC_KEYS",
                        "k2:" + CODEC_KEY + ",k1:" + CODEC_KEY,
                        "CADFLOW_CODEC_LISTEN",
                        "127.0.0.1:8081",
                        "CADFLOW_CODEC_TOKEN",
                        SECRET,
                        "CADFLOW_CODEC_ORIGINS",
                        "http://localhost:8233, https://temporal.example")
                .codec();
        assertThat(codec.keys()).hasToString("CodecKeys[k2, k1]");
        assertThat(codec.listen()).isEqualTo(new ListenAddress("127.0.0.1", 8081));
        assertThat(codec.origins()).containsExactlyInAnyOrder("http://localhost:8233", "https://temporal.example");
        assertThat(codec.toString()).doesNotContain(SECRET, CODEC_KEY);
    }

    @Test
    void aCodecEndpointNeedsKeysAndATokenThatIsHardToGuess() {
        assertThat(problemsWith("CADFLOW_CODEC_LISTEN", "127.0.0.1:8081"))
                .containsExactlyInAnyOrder(
                        "CADFLOW_CODEC_TOKEN: expected the token that guards CADFLOW_CODEC_LISTEN, found none",
                        "CADFLOW_CODEC_KEYS: expected the keys that CADFLOW_CODEC_LISTEN decrypts with, found none");
        assertThat(problemsWith(
                        "CADFLOW_CODEC_KEYS", "k1:" + CODEC_KEY.substring(4),
                        "CADFLOW_CODEC_TOKEN", "short",
                        "CADFLOW_CODEC_ORIGINS", "*"))
                .hasSize(3)
                .allSatisfy(problem -> assertThat(problem)
                        .startsWith("CADFLOW_CODEC_")
                        .doesNotContain("short", CODEC_KEY.substring(4)));
    }

    @Test
    void anApiKeyOfAnotherShapeThanDocumentedIsTakenButNotOneWithALineBreak() {
        assertThat(with("MAKISTRY_API_KEY", "key-of-tomorrow").apiKey().reveal())
                .isEqualTo("key-of-tomorrow");
        assertThat(problemsWith("MAKISTRY_API_KEY", "half\nof-it"))
                .singleElement()
                .asString()
                .startsWith("MAKISTRY_API_KEY: expected a text without line breaks")
                .doesNotContain("half");
    }

    @Test
    void noSecretIsShown() {
        WorkerConfig config = with(
                "MAKISTRY_SIGNING_SECRETS", SECRET,
                "CADFLOW_CALLBACK_URL", "https://cad.example/hooks?token=" + SECRET,
                "TEMPORAL_API_KEY", SECRET);
        assertThat(config.toString())
                .contains("https://cad.example/hooks", "TEMPORAL_API_KEY")
                .doesNotContain(SECRET, API_KEY);
    }

    @Test
    void aSecretInAWrongPlaceIsNotShownEither() {
        assertThat(problemsWith(
                        "CADFLOW_CALLBACK_URL", "http://user:" + SECRET + "@cad.example/hooks?token=" + SECRET,
                        "CADFLOW_QUOTA_PER_HOUR", API_KEY,
                        "MAKISTRY_SIGNING_SECRETS", SECRET + "\u0000"))
                .hasSize(3)
                .allSatisfy(problem -> assertThat(problem).doesNotContain(SECRET, API_KEY));
    }

    @Test
    void theReceiverItselfCanBeTheCallbackOnThisMachine() {
        assertThat(with("MAKISTRY_SIGNING_SECRETS", SECRET)
                        .withReceiverAsCallback()
                        .callback()
                        .kind())
                .isEqualTo(Callback.Kind.RECEIVER);
        assertThatIllegalArgumentException().isThrownBy(() -> with().withReceiverAsCallback());
    }

    @Test
    void theTimesOfASandboxRunAsItsTimeDoesAndThoseOfMakistryNever() {
        WorkerConfig scaled =
                with("MAKISTRY_BASE_URL", "http://127.0.0.1:4010/v1").atTimeScale(0.01);

        assertThat(scaled.quota()).isEqualTo(new QuotaLimits(20, 100, Duration.ofMillis(600), Duration.ofSeconds(36)));
        assertThat(scaled.waits().deadlines()).containsEntry(DesignMode.STANDARD, Duration.ofSeconds(6));
        assertThat(scaled.waits().firstPolls()).containsEntry(DesignMode.PRO, Duration.ofSeconds(3));
        assertThat(scaled.waits().interval()).isEqualTo(Duration.ofMillis(150));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> with().atTimeScale(0.01))
                .withMessageStartingWith("MAKISTRY_BASE_URL: expected a sandbox on this machine");
    }

    @Test
    void aWorkerIsVersionedWhereItsDeploymentAndItsBuildAreBothNamed() {
        assertThat(with().deployment()).isNull();
        assertThat(with("CADFLOW_DEPLOYMENT_NAME", "cadflow", "CADFLOW_BUILD_ID", "1.4.0")
                        .deployment())
                .isEqualTo(new DeploymentSettings("cadflow", "1.4.0"));
        assertThat(problemsWith("CADFLOW_BUILD_ID", "1.4.0"))
                .containsExactly("CADFLOW_DEPLOYMENT_NAME: expected the deployment's name beside CADFLOW_BUILD_ID,"
                        + " found none");
        assertThat(problemsWith("CADFLOW_DEPLOYMENT_NAME", "cad:flow", "CADFLOW_BUILD_ID", "1"))
                .singleElement()
                .asString()
                .startsWith("CADFLOW_DEPLOYMENT_NAME: expected at most 200 letters, digits");
    }

    @Test
    void searchAttributesAreSetOnlyWhereThatIsAskedFor() {
        assertThat(with().searchAttributes()).isFalse();
        assertThat(with("CADFLOW_SEARCH_ATTRIBUTES", "true").searchAttributes()).isTrue();
        assertThat(problemsWith("CADFLOW_SEARCH_ATTRIBUTES", "yes"))
                .containsExactly("CADFLOW_SEARCH_ATTRIBUTES: expected true or false, found \"yes\"");
    }
}
