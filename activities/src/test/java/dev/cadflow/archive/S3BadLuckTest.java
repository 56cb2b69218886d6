package dev.cadflow.archive;

import static dev.cadflow.archive.testing.FaultyStore.cutAfter;
import static dev.cadflow.archive.testing.FaultyStore.halfAnswer;
import static dev.cadflow.archive.testing.FaultyStore.lostAnswer;
import static dev.cadflow.archive.testing.FaultyStore.overtaken;
import static dev.cadflow.archive.testing.FaultyStore.refuse;
import static dev.cadflow.archive.testing.FaultyStore.silence;
import static dev.cadflow.archive.testing.FaultyStore.stopAfter;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.cadflow.activity.ArchiveHeartbeat;
import dev.cadflow.archive.testing.FaultyStore;
import dev.cadflow.archive.testing.FaultyStore.Fault;
import dev.cadflow.archive.testing.FaultyStore.Seen;
import dev.cadflow.archive.testing.S3ProxyStore;
import dev.cadflow.workflow.FailureType;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.services.s3.S3Client;

/** A store that goes wrong: what is said, and that the file is there whole and once when the store is well again. */
@ResourceLock(Resources.SYSTEM_PROPERTIES)
@SuppressWarnings("NullAway.Init")
final class S3BadLuckTest {
    private static final ArchiveKey KEY = ArchiveKey.of("orders/7/bracket.step");
    private static final String SILENT = "no answer in time";
    private static final byte[] SMALL = Parts.step("bracket");
    private static final byte[] LARGE = S3Scenarios.large(2 * (int) S3Options.LEAST_PART_BYTES + 4711);
    /** What S3 answers to a conditional write while another to the same key is under way. */
    private static final Fault CONFLICT = refuse(409, "ConditionalRequestConflict");

    private static final Predicate<Seen> ANYTHING = request -> true;
    private static final Predicate<Seen> SECOND_PART =
            request -> request.query().contains("partNumber=2");
    private static final Predicate<Seen> FILE =
            request -> request.isWrite() && request.path().endsWith(KEY.value());

    /** What never comes is soon given up, and nothing else. */
    private static final S3Patience PATIENT = patience(Duration.ofSeconds(3), Duration.ofMinutes(1));

    private static final S3Patience HASTY = patience(Duration.ofMillis(500), Duration.ofSeconds(1));

    private final List<ArchiveHeartbeat> heartbeats = new CopyOnWriteArrayList<>();
    private S3ProxyStore store;
    private FaultyStore faulty;
    private S3Client client;

    @TempDir
    private Path staging;

    @BeforeEach
    void start() {
        store = S3ProxyStore.start();
        faulty = new FaultyStore(store.endpoint());
        client = S3Clients.open(options(faulty.endpoint(), PATIENT));
    }

    @AfterEach
    void stop() {
        client.close();
        faulty.close();
        store.close();
    }

    static Stream<Arguments> whatLasts() {
        return Stream.of(
                Arguments.of("asks to slow down", ANYTHING, refuse(503, "SlowDown"), "SlowDown", "asks to go slower"),
                Arguments.of("denies access", ANYTHING, refuse(403, "AccessDenied"), "AccessDenied", "read and write"),
                Arguments.of("knows no such key id", ANYTHING, refuse(403, "InvalidAccessKeyId"), "KeyId", "read and"),
                Arguments.of("finds the token old", ANYTHING, refuse(400, "ExpiredToken"), "ExpiredToken", "Renew"),
                Arguments.of(
                        "finds the token old in mid-upload",
                        SECOND_PART,
                        refuse(400, "ExpiredToken"),
                        "ExpiredToken",
                        "Renew the credentials"),
                Arguments.of(
                        "finds the clock wrong",
                        ANYTHING,
                        refuse(403, "RequestTimeTooSkewed"),
                        "RequestTimeTooSkewed",
                        "clock right"),
                Arguments.of("is elsewhere", ANYTHING, refuse(301, "PermanentRedirect"), "Redirect", "Set AWS_REGION"),
                Arguments.of(
                        "has trouble of its own", FILE, refuse(500, "InternalError"), "InternalError", "If it lasts"),
                Arguments.of("sees another write the manifest", manifest(), CONFLICT, "RequestConflict", "another run"),
                Arguments.of("sees another write the file", completion(), CONFLICT, "RequestConflict", "another run"),
                Arguments.of("cannot use the KMS key", FILE, refuse(400, "KMS.DisabledException"), "KMS", "KMS key"),
                Arguments.of("answers nothing", ANYTHING, silence(), SILENT, "overloaded"),
                Arguments.of("takes a part and is silent", SECOND_PART, silence(), SILENT, "overloaded"),
                Arguments.of("stops to read in a part", SECOND_PART, stopAfter(70_000), SILENT, "overloaded"),
                Arguments.of("never completes", completion(), silence(), SILENT, "overloaded"),
                Arguments.of("cuts the line in a part", SECOND_PART, cutAfter(70_000), "connection that broke", "up"));
    }

    @ParameterizedTest(name = "a store that {0}")
    @MethodSource("whatLasts")
    void isSaidWithWhatToDoAndTheFileIsArchivedOnceItIsOver(
            String luck, Predicate<Seen> which, Fault fault, String found, String nextStep) {
        S3Archive archive = archive(client, PATIENT);
        StagedFile staged = Parts.staged(archive, KEY, LARGE);
        faulty.always(which, fault);
        ArchiveException failure;
        if (found.equals(SILENT)) {
            try (S3Client hasty = S3Clients.open(options(faulty.endpoint(), HASTY))) {
                failure = failureOf(archive(hasty, HASTY), staged);
            }
        } else {
            failure = failureOf(archive, staged);
        }

        assertThat(failure.type()).isEqualTo(FailureType.ARCHIVE_UNAVAILABLE);
        assertThat(failure.failure().message()).contains(found).doesNotContain("127.0.0.1", "As the test wishes");
        assertThat(failure.failure().details().nextStep()).contains(nextStep).endsWith("It is tried again by itself.");

        faulty.heal();
        assertThat(archive.find(KEY)).isEmpty();
        PublishedFile published = publish(archive, staged, LARGE);
        assertThat(archive.find(KEY)).contains(published);
        assertThat(store.object("cad/" + KEY)).isEqualTo(LARGE);
    }

    static Stream<Arguments> whatPasses() {
        return Stream.of(
                Arguments.of("asks twice to slow down", 2, ANYTHING, refuse(503, "SlowDown")),
                Arguments.of("asks twice to slow down in mid-upload", 2, SECOND_PART, refuse(503, "SlowDown")),
                Arguments.of("has trouble once", 1, SECOND_PART, refuse(500, "InternalError")),
                Arguments.of("cuts the line once", 1, SECOND_PART, cutAfter(70_000)),
                Arguments.of("is silent once", 1, SECOND_PART, silence()),
                Arguments.of("loses its answer to a part", 1, SECOND_PART, lostAnswer()),
                Arguments.of("loses its answer to the completion", 1, completion(), lostAnswer()),
                Arguments.of("loses its answer to the manifest", 1, manifest(), lostAnswer()),
                Arguments.of("saw another write the manifest", 1, manifest(), overtaken(CONFLICT)),
                Arguments.of("saw another write the file", 1, completion(), overtaken(CONFLICT)));
    }

    @ParameterizedTest(name = "a store that {0}")
    @MethodSource("whatPasses")
    void isNotEvenNoticedWhereItPasses(String luck, int times, Predicate<Seen> which, Fault fault) {
        S3Archive archive = archive(client, PATIENT);
        StagedFile staged = Parts.staged(archive, KEY, LARGE);
        faulty.times(times, which, fault);

        PublishedFile published = publish(archive, staged, LARGE);

        assertThat(archive.find(KEY)).contains(published);
        assertThat(store.object("cad/" + KEY)).isEqualTo(LARGE);
        assertThat(faulty.seen().stream().filter(request -> FILE.test(request) && request.status() == 200))
                .hasSizeLessThanOrEqualTo(1);
    }

    @Test
    void aSmallFileWhoseAnswerIsLostIsThereOnce() {
        S3Archive archive = archive(client, PATIENT);
        faulty.times(1, FILE, lostAnswer());

        PublishedFile published = publish(archive, Parts.staged(archive, KEY, SMALL), SMALL);

        assertThat(archive.find(KEY)).contains(published);
        assertThat(store.object("cad/" + KEY)).isEqualTo(SMALL);
    }

    /** A manifest that seems unreadable would be a conflict, which ends the job for good. */
    @Test
    void aManifestThatBreaksOffOnItsWayIsReadAgain() {
        S3Archive archive = archive(client, PATIENT);
        PublishedFile published = publish(archive, Parts.staged(archive, KEY, SMALL), SMALL);
        faulty.times(1, request -> request.path().endsWith(KEY.manifest()), halfAnswer());

        ArchiveException failure = catchThrowableOfType(ArchiveException.class, () -> archive.find(KEY));

        assertThat(failure.type()).isEqualTo(FailureType.ARCHIVE_UNAVAILABLE);
        assertThat(archive.find(KEY)).contains(published);
    }

    @Test
    void theHeartbeatGoesOnWhileTheStoreIsSilentAndSaysHowMuchIsUp() {
        S3Archive archive = archive(client, PATIENT);
        StagedFile staged = Parts.staged(archive, KEY, LARGE);
        faulty.times(1, SECOND_PART, silence());

        publish(archive, staged, LARGE);

        assertThat(heartbeats.stream().filter(beat -> beat.bytesDone() == S3Options.LEAST_PART_BYTES))
                .hasSizeGreaterThan(3);
        assertThat(heartbeats).extracting(ArchiveHeartbeat::bytesTotal).containsOnly((long) LARGE.length);
    }

    @Test
    void whatTheHeartbeatThrowsEndsTheUploadAndLeavesNothing() {
        S3Archive archive = archive(client, PATIENT);
        StagedFile staged = Parts.staged(archive, KEY, LARGE);

        CancellationException cancelled = catchThrowableOfType(
                CancellationException.class,
                () -> archive.publish(KEY, staged, Parts.manifest(KEY, "job-1", LARGE), beat -> {
                    throw new CancellationException("the workflow was cancelled");
                }));

        assertThat(cancelled).isNotNull();
        assertThat(archive.find(KEY)).isEmpty();
        assertThat(client.listMultipartUploads(request -> request.bucket(S3ProxyStore.BUCKET))
                        .uploads())
                .isEmpty();
        assertThat(staged.path()).exists();
    }

    @Test
    void credentialsThatAreWrongAndAnEndpointWhereNobodyListensAreSaid() {
        try (S3Client stranger = S3ProxyStore.client(store.endpoint(), "wrong");
                S3Client nobody = S3Clients.open(options(URI.create("http://127.0.0.1:1"), PATIENT));
                S3Client lost = S3Clients.open(options(URI.create("http://store.invalid"), PATIENT))) {
            assertThat(failureOf(stranger))
                    .hasMessageContaining("SignatureDoesNotMatch")
                    .hasMessageNotContaining(S3ProxyStore.ACCESS_KEY);
            assertThat(failureOf(nobody)).hasMessageContaining("nobody who listens there");
            assertThat(failureOf(lost)).hasMessageContaining("no host of that name");
        }
    }

    private static Predicate<Seen> completion() {
        return Seen::isCompletion;
    }

    private static Predicate<Seen> manifest() {
        return request -> request.isWrite() && request.path().endsWith(KEY.manifest());
    }

    private static S3Patience patience(Duration oneTry, Duration allTries) {
        return new S3Patience(Duration.ofSeconds(5), oneTry, allTries, 4 << 20, oneTry, Duration.ofMillis(50));
    }

    private static S3Options options(URI endpoint, S3Patience patience) {
        return S3Options.builder()
                .endpoint(endpoint)
                .pathStyle(true)
                .partBytes(S3Options.LEAST_PART_BYTES)
                .patience(patience)
                .build();
    }

    private S3Archive archive(S3Client by, S3Patience patience) {
        S3Settings settings = new S3Settings(S3ProxyStore.BUCKET, "cad", options(faulty.endpoint(), patience));
        return new S3Archive(by, settings, new Staging(staging), Clock.systemUTC());
    }

    private PublishedFile publish(S3Archive archive, StagedFile staged, byte[] content) {
        return archive.publish(KEY, staged, Parts.manifest(KEY, "job-1", content), heartbeats::add);
    }

    private ArchiveException failureOf(S3Archive archive, StagedFile staged) {
        return catchThrowableOfType(ArchiveException.class, () -> publish(archive, staged, LARGE));
    }

    private ArchiveException failureOf(S3Client by) {
        return catchThrowableOfType(
                ArchiveException.class, () -> archive(by, PATIENT).find(KEY));
    }
}
