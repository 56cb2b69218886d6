package dev.cadflow.archive;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Checks archived files against their manifests, and manifests against their signatures: one file, or everything below a
 * folder. Reads only; memory is flat.
 */
public final class ArchiveVerifier {
    private static final String MANIFEST_SUFFIX = ".manifest.json";

    private final ManifestKeys keys;

    /**
     * A verifier.
     *
     * @param keys whose signature every manifest must carry; where there are none, signatures are not looked at
     */
    public ArchiveVerifier(ManifestKeys keys) {
        this.keys = keys;
    }

    /**
     * What was found.
     *
     * @param verified how many files are what their manifests say
     * @param differences each file that is not, and what differs, in order of their paths
     */
    public record Report(int verified, List<Difference> differences) {
        /** Copies the list. */
        public Report {
            differences = List.copyOf(differences);
        }

        /** Whether there was something to verify and nothing differs. */
        public boolean isSound() {
            return verified > 0 && differences.isEmpty();
        }
    }

    /**
     * A file that is not what its manifest says.
     *
     * @param path the file
     * @param reason what was expected and what was found
     */
    public record Difference(Path path, String reason) {
        /** Reads as {@code path: reason}. */
        @Override
        public String toString() {
            return path + ": " + reason;
        }
    }

    /**
     * Verifies a file, or every file below a folder but what is on its way in a staging.
     *
     * @throws IOException where the path is not there or cannot be read; a single file that cannot is a difference
     */
    public Report verify(Path path) throws IOException {
        if (!Files.isDirectory(path)) {
            if (!Files.exists(path)) {
                throw new NoSuchFileException(path.toString());
            }
            return report(List.of(path));
        }
        try (Stream<Path> below = Files.walk(path)) {
            return report(below.filter(Files::isRegularFile)
                    .filter(file -> !isStaged(path.relativize(file)))
                    .sorted()
                    .toList());
        }
    }

    private Report report(List<Path> files) {
        int verified = 0;
        List<Difference> differences = new ArrayList<>();
        for (Path file : files) {
            if (isManifest(file)) {
                if (!Files.exists(fileOf(file))) {
                    differences.add(new Difference(file, "expected its file beside it, found none"));
                }
                continue;
            }
            Optional<String> reason = difference(file);
            verified += reason.isEmpty() ? 1 : 0;
            reason.ifPresent(found -> differences.add(new Difference(file, found)));
        }
        return new Report(verified, differences);
    }

    private Optional<String> difference(Path file) {
        Manifest manifest;
        try {
            manifest = Manifest.parse(Files.readAllBytes(Path.of(file + MANIFEST_SUFFIX)));
        } catch (NoSuchFileException none) {
            return Optional.of("expected a manifest beside it, found none");
        } catch (IOException unreadable) {
            return Optional.of("expected a manifest that can be read, found " + unreadable.getMessage());
        }
        if (!keys.isEmpty() && !keys.haveSigned(manifest)) {
            return Optional.of(
                    manifest.signature() == null
                            ? "expected a signed manifest, found none"
                            : "expected a manifest signed by a trusted key, found a signature that is not");
        }
        return contentDifference(file, manifest.file());
    }

    private static Optional<String> contentDifference(Path file, Manifest.Content expected) {
        try {
            long size = Files.size(file);
            if (size != expected.sizeBytes()) {
                return Optional.of("expected " + expected.sizeBytes() + " bytes, found " + size);
            }
            String sha256 = Disk.sha256(file);
            return sha256.equals(expected.sha256())
                    ? Optional.empty()
                    : Optional.of("expected SHA-256 " + expected.sha256() + ", found " + sha256);
        } catch (IOException unreadable) {
            return Optional.of("expected a file that can be read, found " + unreadable.getMessage());
        }
    }

    private static boolean isStaged(Path relative) {
        return relative.startsWith(FileArchive.STAGING);
    }

    private static boolean isManifest(Path file) {
        return file.toString().endsWith(MANIFEST_SUFFIX);
    }

    private static Path fileOf(Path manifest) {
        String name = manifest.toString();
        return Path.of(name.substring(0, name.length() - MANIFEST_SUFFIX.length()));
    }
}
