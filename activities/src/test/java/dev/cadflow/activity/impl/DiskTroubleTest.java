package dev.cadflow.activity.impl;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.cadflow.activity.ArchiveHeartbeat;
import dev.cadflow.activity.ArchiveInput;
import dev.cadflow.activity.ArchiveResult;
import dev.cadflow.archive.ArchiveException;
import dev.cadflow.archive.Download;
import dev.cadflow.archive.DownloadLimits;
import dev.cadflow.archive.FileArchive;
import dev.cadflow.archive.Parts;
import dev.cadflow.archive.ProvenDownload;
import dev.cadflow.archive.SmallDisk;
import dev.cadflow.archive.StorageHost;
import dev.cadflow.workflow.CadRequest;
import dev.cadflow.workflow.DeliveredBy;
import dev.cadflow.workflow.FailureType;
import dev.cadflow.workflow.JobFinished;
import dev.cadflow.workflow.OutputFormat;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.function.Consumer;
import java.util.stream.Stream;
import okhttp3.OkHttpClient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An archive whose disk is full, read-only, forbidden, not there, or in the way: typed, and whole at the next try. */
final class DiskTroubleTest {
    private static final byte[] PART = Parts.step("bracket");
    private static final byte[] NO_PART = "<html>Sorry</html>".getBytes(UTF_8);
    private static final byte[] LARGE = Parts.step("x".repeat(48 << 20));
    private static final Map<String, String> ETAG = Map.of("ETag", "\"v1\"");
    private static final String KEY = "orders/part.step";
    private static final Consumer<ArchiveHeartbeat> UNHEARD = beat -> {};

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path root;

    @Test
    void aFullDiskKeepsWhatHasComeAndTheNextTryGoesOn() throws IOException {
        try (SmallDisk disk = SmallDisk.mounted(root, 40);
                StorageHost host = new StorageHost(StorageHost.content(LARGE, ETAG))) {
            requireFull(refused(host));
            requireFull(refused(host));
            assertThat(host.seen()).as("bytes that there is no room for").hasSize(1);

            disk.resize(128);
            ArchiveResult result = archive(host, KEY, UNHEARD);

            assertThat(Path.of(result.file().uri())).hasBinaryContent(LARGE);
            String range = String.valueOf(host.seen().get(1).header("Range"));
            assertThat(Integer.parseInt(range.replaceAll("\\D", ""))).isGreaterThanOrEqualTo(32 << 20);
            assertThat(files(".incoming")).isEmpty();
        }
    }

    @Test
    void aDiskThatHoldsTheFileButNoCopyOfWhatHasComeBeginsAnew() throws IOException {
        try (SmallDisk ignored = SmallDisk.mounted(root, 60);
                StorageHost host = new StorageHost(StorageHost.content(LARGE, ETAG))) {
            assertThatExceptionOfType(CancellationException.class)
                    .isThrownBy(() -> archive(host, KEY, beat -> {
                        if (beat.bytesDone() > 40 << 20) {
                            throw new CancellationException();
                        }
                    }));

            assertThat(Path.of(archive(host, KEY, UNHEARD).file().uri())).hasBinaryContent(LARGE);
            assertThat(host.seen().get(1).header("Range")).isNull();
            assertThat(files(".incoming")).isEmpty();
        }
    }

    @Test
    void aDiskThatIsTooSmallForASmallFileIsNotFilledWithRemains() throws IOException {
        try (SmallDisk disk = SmallDisk.mounted(root, 1);
                StorageHost host = new StorageHost(StorageHost.content(Parts.step("x".repeat(2 << 20)), ETAG))) {
            requireFull(refused(host));
            requireFull(refused(host));
            assertThat(files(".incoming")).isEmpty();

            disk.resize(16);
            assertThat(archive(host, KEY, UNHEARD).file().sizeBytes()).isGreaterThan(2 << 20);
        }
    }

    @Test
    void aReadOnlyDiskIsWaitedFor() {
        try (SmallDisk disk = SmallDisk.mounted(root, 8);
                StorageHost host = new StorageHost(StorageHost.content(PART, ETAG))) {
            disk.readOnly();

            ArchiveException refused = refused(host);

            assertThat(refused.type()).isEqualTo(FailureType.ARCHIVE_UNAVAILABLE);
            assertThat(refused.failure().details().nextStep()).contains("for writing", "tried again by itself");
            disk.writable();
            assertThat(Path.of(archive(host, KEY, UNHEARD).file().uri())).hasBinaryContent(PART);
        }
    }

    @Test
    void aDiskThatIsNotMountedIsWaitedForWhereItsMountPointIsImmutable() throws IOException {
        Path mountPoint = Files.createDirectory(root.resolve("mount"));
        SmallDisk.immutable(mountPoint, true);
        try (StorageHost host = new StorageHost(StorageHost.content(PART, ETAG))) {
            ArchiveException refused =
                    catchThrowableOfType(ArchiveException.class, () -> archive(host, mountPoint, KEY, UNHEARD));

            assertThat(refused.type()).isEqualTo(FailureType.ARCHIVE_UNAVAILABLE);
            assertThat(refused).hasMessageContaining("permission denied");
            try (SmallDisk ignored = SmallDisk.mounted(mountPoint, 8)) {
                ArchiveResult result = archive(host, mountPoint, KEY, UNHEARD);
                assertThat(Path.of(result.file().uri())).hasBinaryContent(PART);
            }
            assertThat(mountPoint).isEmptyDirectory();
        } finally {
            SmallDisk.immutable(mountPoint, false);
        }
    }

    @Test
    void aFolderThatTheWorkerMayNotWriteToIsWaitedFor() throws IOException {
        Path orders = Files.createDirectory(root.resolve("orders"));
        try (StorageHost host = new StorageHost(StorageHost.content(PART, ETAG));
                NoWriting ignored = NoWriting.in(orders)) {
            ArchiveException refused = refused(host);

            assertThat(refused.type()).isEqualTo(FailureType.ARCHIVE_UNAVAILABLE);
            assertThat(refused).hasMessageContaining("permission denied");
            assertThat(refused.failure().details().nextStep()).contains("write permission");
        }
        try (StorageHost host = new StorageHost(StorageHost.status(500))) {
            assertThat(Path.of(archive(host, KEY, UNHEARD).file().uri()))
                    .as("from the bytes that were kept")
                    .hasBinaryContent(PART);
            assertThat(host.seen()).isEmpty();
        }
    }

    @Test
    void aFileWhereTheKeyNeedsAFolderIsAConflictAndThePartIsKept() throws IOException {
        Files.writeString(root.resolve("orders"), "somebody's notes");

        requireKeptAside();
        assertThat(root.resolve("orders")).hasContent("somebody's notes");
    }

    @Test
    void aFolderOfTheKeysNameIsAConflictAndThePartIsKept() throws IOException {
        Files.createDirectories(root.resolve(KEY));

        requireKeptAside();
        assertThat(root.resolve(KEY)).isEmptyDirectory();
    }

    @Test
    void aPathThatTheFileSystemCannotHoldIsRefusedBeforeTheDownload() throws IOException {
        Path deep = root;
        for (int depth = 0; depth < 15; depth++) {
            deep = deep.resolve("d".repeat(240));
        }
        Path archive = Files.createDirectories(deep);
        String key = String.join("/", List.of("k".repeat(190), "k".repeat(190), "k".repeat(190), "part.step"));
        try (StorageHost host = new StorageHost(StorageHost.content(PART, ETAG))) {
            ArchiveException refused =
                    catchThrowableOfType(ArchiveException.class, () -> archive(host, archive, key, UNHEARD));

            assertThat(refused.type()).isEqualTo(FailureType.INVALID_INPUT);
            assertThat(refused).hasMessageContaining("archive_key").hasMessageContaining("can hold");
            assertThat(host.seen()).isEmpty();
        }
    }

    @Test
    void aFileInThePlaceOfTheQuarantineIsWaitedForAndTheBytesAreKept() throws IOException {
        Path notes = Files.writeString(root.resolve(".quarantine"), "somebody's notes");
        try (StorageHost host = new StorageHost(StorageHost.content(NO_PART, ETAG))) {
            ArchiveException refused = refused(host);

            assertThat(refused.type()).isEqualTo(FailureType.ARCHIVE_UNAVAILABLE);
            assertThat(refused.failure().details().nextStep()).contains(".quarantine", "tried again by itself");
            Files.delete(notes);
            requireKeptAside(host, FailureType.OUTPUT_INVALID, NO_PART);
        }
    }

    @Test
    void aQuarantineThatTheWorkerMayNotWriteToIsWaitedForAndTheBytesAreKept() throws IOException {
        Path quarantine = Files.createDirectory(root.resolve(".quarantine"));
        Files.createDirectories(root.resolve(KEY));
        try (NoWriting ignored = NoWriting.in(quarantine);
                StorageHost host = new StorageHost(StorageHost.content(PART, ETAG))) {
            ArchiveException refused = refused(host);

            assertThat(refused.type()).isEqualTo(FailureType.ARCHIVE_UNAVAILABLE);
            assertThat(refused.failure().details().nextStep()).contains("write permission");
        }
        try (StorageHost host = new StorageHost(StorageHost.status(500))) {
            requireKeptAside(host, FailureType.ARCHIVE_CONFLICT, PART);
        }
    }

    /** A folder that nothing can be added to: by its mode, or for root, whom modes do not stop, as an immutable one. */
    private record NoWriting(Path folder, boolean byMode) implements AutoCloseable {
        static NoWriting in(Path folder) {
            boolean byMode = folder.toFile().setWritable(false) && !Files.isWritable(folder);
            if (!byMode) {
                SmallDisk.immutable(folder, true);
            }
            return new NoWriting(folder, byMode);
        }

        @Override
        public void close() {
            if (!byMode) {
                SmallDisk.immutable(folder, false);
            }
            assertThat(folder.toFile().setWritable(true)).isTrue();
        }
    }

    private void requireKeptAside() {
        try (StorageHost host = new StorageHost(StorageHost.content(PART, ETAG))) {
            requireKeptAside(host, FailureType.ARCHIVE_CONFLICT, PART);
        }
    }

    private void requireKeptAside(StorageHost host, FailureType reason, byte[] content) {
        ArchiveException refused = refused(host);

        assertThat(refused.type()).isEqualTo(reason);
        String location = String.valueOf(refused.failure().details().location());
        assertThat(Path.of(URI.create(location))).hasBinaryContent(content);
    }

    private static void requireFull(ArchiveException refused) {
        assertThat(refused.type()).isEqualTo(FailureType.ARCHIVE_UNAVAILABLE);
        assertThat(refused).hasMessageContaining("No space left on device");
        assertThat(refused.failure().details().nextStep()).contains("Free space", "what has come is kept");
    }

    private ArchiveException refused(StorageHost host) {
        return catchThrowableOfType(ArchiveException.class, () -> archive(host, KEY, UNHEARD));
    }

    private ArchiveResult archive(StorageHost host, String key, Consumer<ArchiveHeartbeat> heartbeat) {
        return archive(host, root, key, heartbeat);
    }

    private static ArchiveResult archive(
            StorageHost host, Path archive, String key, Consumer<ArchiveHeartbeat> heartbeat) {
        CadFileArchiver archiver = new CadFileArchiver(
                new FileArchive(archive),
                new ProvenDownload(new Download(new OkHttpClient(), DownloadLimits.DEFAULT)),
                (job, seal) -> Optional.of(host.url("sealed")),
                job -> host.url("fresh"),
                Clock.systemUTC(),
                "1.2.3");
        JobFinished job = new JobFinished(
                "job-1", "success", null, null, null, null, null, "sealed:x", null, null, null, null, null, null);
        return archiver.archive(
                new ArchiveInput(
                        key,
                        OutputFormat.STEP,
                        job,
                        CadRequest.of("A box"),
                        "order-7",
                        "run-1",
                        DeliveredBy.WEBHOOK,
                        null),
                0,
                heartbeat);
    }

    private List<Path> files(String folder) throws IOException {
        try (Stream<Path> files = Files.list(root.resolve(folder))) {
            return files.toList();
        }
    }
}
