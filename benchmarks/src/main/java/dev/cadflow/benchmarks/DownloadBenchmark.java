package dev.cadflow.benchmarks;

import dev.cadflow.makistry.Job;
import dev.cadflow.makistry.MakistryClient;
import dev.cadflow.makistry.Submission;
import dev.cadflow.sandbox.Fault;
import dev.cadflow.sandbox.FaultKind;
import dev.cadflow.sandbox.FaultTarget;
import dev.cadflow.sandbox.SandboxOptions;
import dev.cadflow.sandbox.SandboxServer;
import dev.cadflow.workflow.CadRequest;
import dev.cadflow.workflow.OutputFormat;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Archives a large file from the sandbox in a JVM of its own with a small heap, beside {@code curl} followed by
 * {@code sha256sum} in the same round; which of the two comes first changes with each round. The comparison favours
 * curl, which flushes nothing to the disk, where cadflow does so with all that it says it has. Arguments: size in MiB,
 * rounds, heap in MiB, format; 2048, 3, 64 and GLB where none are given. What fills a large GLB says nothing of the part
 * and is not read by its proof; a large STL is triangles throughout.
 */
public final class DownloadBenchmark {
    private static final Duration LONGEST_CHILD = Duration.ofMinutes(10);

    private final SandboxServer sandbox;
    private final MakistryClient makistry;
    private final int heapMib;
    private final OutputFormat format;
    private int rounds;

    private DownloadBenchmark(SandboxServer sandbox, MakistryClient makistry, int heapMib, OutputFormat format) {
        this.sandbox = sandbox;
        this.makistry = makistry;
        this.heapMib = heapMib;
        this.format = format;
    }

    /**
     * One round.
     *
     * @param sizeBytes of the file
     * @param curl then {@code sha256sum}, both together
     * @param download until the last byte is on disk and hashed
     * @param archived until the file is proven and published too
     * @param sameBytes whether both came to the same SHA-256
     */
    public record Round(long sizeBytes, Duration curl, Duration download, Duration archived, boolean sameBytes) {
        /** The time of curl and sha256sum over that of the download: above 1, cadflow is the faster. */
        public double ratio() {
            return (double) curl.toNanos() / download.toNanos();
        }

        @Override
        public String toString() {
            return String.format(
                    Locale.ROOT,
                    "curl + sha256sum %.0f MB/s, download %.0f MB/s, ratio %.2f; proven and published %.0f MB/s%s",
                    megabytesPerSecond(curl),
                    megabytesPerSecond(download),
                    ratio(),
                    megabytesPerSecond(archived),
                    sameBytes ? "" : "; OTHER BYTES");
        }

        private double megabytesPerSecond(Duration time) {
            return sizeBytes * 1e3 / time.toNanos();
        }
    }

    /** Prints a line for each round. */
    @SuppressWarnings("SystemOut")
    public static void main(String[] arguments) throws IOException, InterruptedException {
        int sizeMib = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 2048;
        int rounds = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 3;
        int heapMib = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 64;
        OutputFormat format = arguments.length > 3 ? OutputFormat.valueOf(arguments[3]) : OutputFormat.GLB;
        System.out.println(format + " of " + sizeMib + " MiB under a heap of " + heapMib + " MiB");
        run(sizeMib, rounds, heapMib, format).forEach(System.out::println);
    }

    /**
     * Runs all rounds.
     *
     * @throws IllegalStateException where a process fails, such as one whose heap is too small
     */
    public static List<Round> run(int sizeMib, int rounds, int heapMib, OutputFormat format)
            throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory("cadflow-download-");
        try (SandboxServer sandbox =
                        SandboxServer.start(SandboxOptions.builder().noQuota().build());
                MakistryClient makistry = MakistryClient.builder(sandbox.apiKey())
                        .baseUrl(sandbox.apiBaseUrl())
                        .build()) {
            DownloadBenchmark benchmark = new DownloadBenchmark(sandbox, makistry, heapMib, format);
            String jobId = benchmark.largeJob((long) sizeMib << 20);
            List<Round> all = new ArrayList<>();
            for (int round = 0; round < rounds; round++) {
                all.add(benchmark.round(jobId, Files.createDirectory(folder.resolve("round-" + round))));
                clear(folder.resolve("round-" + round));
            }
            return all;
        } finally {
            clear(folder);
        }
    }

    private String largeJob(long sizeBytes) {
        sandbox.faults()
                .add(Fault.builder(FaultTarget.SUBMIT, FaultKind.LARGE_FILE)
                        .lengthBytes(sizeBytes)
                        .build());
        CadRequest request = CadRequest.builder()
                .prompt("A 40x20x10mm box")
                .outputFormat(format)
                .build();
        String jobId = makistry.submit(Submission.of(request, List.of(), UUID.randomUUID(), "benchmark", null));
        sandbox.finish(jobId);
        return jobId;
    }

    private Round round(String jobId, Path folder) throws IOException, InterruptedException {
        Job job = makistry.job(jobId);
        URI url = Objects.requireNonNull(job.downloadUrl());
        // The sandbox makes and hashes the file when it is first asked for.
        output(
                "curl",
                "-s",
                "-S",
                "-f",
                "-r",
                "0-0",
                "-o",
                folder.resolve("first").toString(),
                url.toString());
        // Whoever comes second finds the sandbox warm.
        boolean curlFirst = rounds++ % 2 == 0;
        Bytes curl = curlFirst ? curl(url, folder) : null;
        List<String> archived = archive(jobId, folder);
        if (curl == null) {
            curl = curl(url, folder);
        }
        return new Round(
                curl.sizeBytes(),
                curl.time(),
                Duration.ofNanos(Long.parseLong(archived.get(0))),
                Duration.ofNanos(Long.parseLong(archived.get(1))),
                curl.sha256().equals(archived.get(2)));
    }

    private record Bytes(long sizeBytes, Duration time, String sha256) {}

    private static Bytes curl(URI url, Path folder) throws IOException, InterruptedException {
        Path file = folder.resolve("curl");
        long before = System.nanoTime();
        output("curl", "-s", "-S", "-f", "-o", file.toString(), url.toString());
        String sha256 = output("sha256sum", file.toString()).get(0).substring(0, 64);
        Duration time = Duration.ofNanos(System.nanoTime() - before);
        long sizeBytes = Files.size(file);
        Files.delete(file);
        return new Bytes(sizeBytes, time, sha256);
    }

    private List<String> archive(String jobId, Path folder) throws IOException, InterruptedException {
        List<String> said = output(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx" + heapMib + "m",
                "-cp",
                System.getProperty("java.class.path"),
                ArchivingProcess.class.getName(),
                sandbox.apiBaseUrl().toString(),
                sandbox.apiKey(),
                jobId,
                folder.resolve("archive").toString(),
                format.name());
        clear(folder.resolve("archive"));
        return said;
    }

    private static List<String> output(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader reader = process.inputReader()) {
            List<String> lines = reader.lines().toList();
            if (!process.waitFor(LONGEST_CHILD.toSeconds(), TimeUnit.SECONDS) || process.exitValue() != 0) {
                throw new IllegalStateException(command[0] + ": expected exit code 0, found another");
            }
            return lines;
        } finally {
            process.destroyForcibly();
        }
    }

    private static void clear(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
