package dev.cadflow.starter;

import static dev.cadflow.archive.testing.FaultyStore.damagedAnswer;
import static dev.cadflow.archive.testing.FaultyStore.halfAnswer;
import static dev.cadflow.archive.testing.FaultyStore.refuse;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cadflow.archive.testing.FaultyStore;
import dev.cadflow.archive.testing.S3ProxyStore;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;
import software.amazon.awssdk.core.sync.RequestBody;

@ResourceLock(Resources.SYSTEM_PROPERTIES)
@SuppressWarnings("NullAway.Init")
final class VerifyS3Test {
    private S3ProxyStore store;
    private FaultyStore door;

    @BeforeEach
    void archiveTwoParts() {
        store = S3ProxyStore.start();
        door = new FaultyStore(store.endpoint());
        archive("order/a.step");
        archive("order/b.step");
    }

    @AfterEach
    void stop() {
        door.close();
        store.close();
    }

    @Test
    void aSoundBucketGetsASummaryLineAndExitsWith0() {
        for (String place : new String[] {"s3://parts", "s3://parts/cad", "s3://parts/cad/", "s3://parts/cad/order"}) {
            CommandRun run = verify(place);

            assertThat(run.err()).isEqualToIgnoringNewLines("2 files are as archived.");
            assertThat(run.out()).isEmpty();
            assertThat(run.exitCode()).isZero();
        }
        assertThat(verify("s3://parts/cad/order/a.step").err()).isEqualToIgnoringNewLines("1 file is as archived.");
    }

    @Test
    void eachObjectThatDiffersIsNamedAndTheExitCodeIs1() {
        put("cad/order/a.step", "order/A.step");
        put("cad/stray.step", "of unknown origin");

        CommandRun run = verify("s3://parts/cad");

        assertThat(run.out().lines())
                .satisfiesExactly(
                        changed -> assertThat(changed)
                                .startsWith("s3://parts/cad/order/a.step: expected SHA-256 " + sha256("order/a.step")),
                        stray -> assertThat(stray)
                                .isEqualTo("s3://parts/cad/stray.step: expected a manifest beside it, found none"));
        assertThat(run.err()).isEqualToIgnoringNewLines("1 file is as archived; 2 differ.");
        assertThat(run.exitCode()).isEqualTo(1);
    }

    @Test
    void bytesThatAreDamagedOrLostOnTheWayAreADifferenceOfTheirObjectAlone() {
        door.times(
                1,
                request ->
                        request.path().endsWith("/a.step") && request.method().equals("GET"),
                halfAnswer());
        door.times(
                1,
                request ->
                        request.path().endsWith("/b.step") && request.method().equals("GET"),
                damagedAnswer());

        CommandRun run = verify("s3://parts/cad");

        assertThat(run.out().lines())
                .satisfiesExactly(
                        cut -> assertThat(cut)
                                .isEqualTo(
                                        "s3://parts/cad/order/a.step: expected a file that can be read, found a connection that broke after 6 of 12 bytes"),
                        damaged -> assertThat(damaged).startsWith("s3://parts/cad/order/b.step: expected "));
        assertThat(run.exitCode()).isEqualTo(1);
    }

    @Test
    void aBucketThatIsMissingIsSaidWithWhatToDoAndTheExitCodeIs1() {
        CommandRun run = verify("s3://nowhere/cad");

        assertThat(run.err())
                .contains("s3://nowhere/cad/", "found NoSuchBucket. Make the bucket, or name one that is there.")
                .doesNotContain("tried again");
        assertThat(run.exitCode()).isEqualTo(1);
    }

    @Test
    void aStoreThatRefusesIsSaidWithItsReasonAndTheExitCodeIs1() {
        door.always(request -> true, refuse(403, "AccessDenied"));

        CommandRun run = verify("s3://parts/cad");

        assertThat(run.err()).contains("found AccessDenied. Give the credentials that are used here read");
        assertThat(run.exitCode()).isEqualTo(1);
    }

    @Test
    void aPrefixUnderWhichThereIsNothingAndAUriWithoutABucketAreWrongUsage() {
        CommandRun empty = verify("s3://parts/nothing");
        CommandRun noBucket = verify("s3:///cad");

        assertThat(empty.err()).contains("expected a file or a folder, found nothing at \"s3://parts/nothing\"");
        assertThat(empty.exitCode()).isEqualTo(2);
        assertThat(noBucket.err()).contains("bucket: expected a bucket's name");
        assertThat(noBucket.exitCode()).isEqualTo(2);
    }

    private CommandRun verify(String place) {
        return CommandRun.of(
                Map.of("CADFLOW_S3_ENDPOINT", door.endpoint().toString(), "CADFLOW_S3_PATH_STYLE", "true"),
                "verify",
                place);
    }

    /** A part whose content is its name. */
    private void archive(String name) {
        put("cad/" + name, name);
        put("cad/" + name + ".manifest.json", """
                {"archive_key":"%s","file":{"media_type":"application/step","output_format":"STEP",\
                "sha256":"%s","size_bytes":%d},"job":{"job_id":"pub_1"},"manifest_version":1}""".formatted(name, sha256(name), name.length()));
    }

    private void put(String key, String content) {
        store.client()
                .putObject(request -> request.bucket(S3ProxyStore.BUCKET).key(key), RequestBody.fromString(content));
    }

    private static String sha256(String text) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8)));
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException(missing);
        }
    }
}
