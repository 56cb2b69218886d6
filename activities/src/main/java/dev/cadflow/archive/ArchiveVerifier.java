package dev.cadflow.archive;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * Checks archived files against their manifests, and manifests against their signatures: one file, or everything below a
 * folder or a prefix, the quarantine included. What else begins with a dot is not looked at: it is on its way, or is no
 * part. Reads only; memory holds the names alone.
 */
public final class ArchiveVerifier {
    private static final String MANIFEST_SUFFIX = ".manifest.json";
    private static final int LARGEST_MANIFEST = 16 << 20;
    private static final int BUFFER_BYTES = 1 << 16;

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
     * @param differences each file that is not, and what differs, in order of their names
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
     * @param place the file's path or URI
     * @param reason what was expected and what was found
     */
    public record Difference(String place, String reason) {
        /** Reads as {@code place: reason}. */
        @Override
        public String toString() {
            return place + ": " + reason;
        }
    }

    /**
     * Verifies a file, or every file below a folder.
     *
     * @throws NoSuchFileException where there is nothing of that name
     * @throws IOException where it cannot be read; a single file that cannot is a difference
     */
    public Report verify(Path path) throws IOException {
        return report(VerifiedFolder.of(path));
    }

    /**
     * Verifies an object, or every object below a prefix.
     *
     * @param location {@code s3://bucket/key} or {@code s3://bucket/prefix}
     * @throws NoSuchFileException where there is nothing of that name
     * @throws ArchiveException {@code archive_unavailable} where the store refuses or does not answer
     * @throws IllegalArgumentException where the location is not of that form, or the AWS SDK finds no region
     */
    public Report verify(URI location, S3Options options) throws IOException {
        S3Settings settings = S3Settings.of(location, options);
        try (S3Client client = S3Clients.open(options)) {
            return verify(client, settings);
        }
    }

    Report verify(S3Client client, S3Settings settings) throws IOException {
        return report(VerifiedBucket.of(client, settings));
    }

    private Report report(VerifiedPlace place) throws IOException {
        int verified = 0;
        List<Difference> differences = new ArrayList<>();
        for (String name : place.names()) {
            if (isHidden(name)) {
                continue;
            }
            boolean isManifest = name.endsWith(MANIFEST_SUFFIX);
            Optional<String> reason = isManifest ? strayManifest(place, name) : difference(place, name);
            verified += reason.isEmpty() && !isManifest ? 1 : 0;
            reason.ifPresent(found -> differences.add(new Difference(place.shown(name), found)));
        }
        return new Report(verified, differences);
    }

    private static Optional<String> strayManifest(VerifiedPlace place, String manifest) throws IOException {
        return place.has(manifest.substring(0, manifest.length() - MANIFEST_SUFFIX.length()))
                ? Optional.empty()
                : Optional.of("expected its file beside it, found none");
    }

    private Optional<String> difference(VerifiedPlace place, String name) throws IOException {
        Manifest manifest;
        boolean isTrusted;
        try (InputStream in = place.open(name + MANIFEST_SUFFIX)) {
            byte[] json = in.readNBytes(LARGEST_MANIFEST);
            manifest = Manifest.parse(json);
            isTrusted = keys.isEmpty() || keys.haveSigned(json);
        } catch (NoSuchFileException none) {
            return Optional.of("expected a manifest beside it, found none");
        } catch (IOException unreadable) {
            return Optional.of("expected a manifest that can be read, found " + unreadable.getMessage());
        }
        if (!isTrusted) {
            return Optional.of(
                    manifest.signature() == null
                            ? "expected a signed manifest, found none"
                            : "expected a manifest signed by a trusted key, found a signature that is not");
        }
        if (place.names().size() > 1 && !isAt(place.shown(name), name, manifest.archiveKey())) {
            return Optional.of(
                    "expected the file of archive key " + name + ", found the manifest of " + manifest.archiveKey());
        }
        return contentDifference(place, name, manifest.file());
    }

    /** Whether the name is the key's, seen from the archive's folder, from one above it or from one below. */
    private static boolean isAt(String shown, String name, String key) {
        return shown.endsWith("/" + key) || key.endsWith("/" + name);
    }

    private static Optional<String> contentDifference(VerifiedPlace place, String name, Manifest.Content expected) {
        MessageDigest digest = Disk.sha256();
        byte[] buffer = new byte[BUFFER_BYTES];
        long size = 0;
        try (InputStream in = place.open(name)) {
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                digest.update(buffer, 0, read);
                size += read;
            }
        } catch (IOException unreadable) {
            return Optional.of("expected a file that can be read, found " + unreadable.getMessage());
        }
        if (size != expected.sizeBytes()) {
            return Optional.of("expected " + expected.sizeBytes() + " bytes, found " + size);
        }
        String sha256 = Disk.hex(digest.digest());
        return sha256.equals(expected.sha256())
                ? Optional.empty()
                : Optional.of("expected SHA-256 " + expected.sha256() + ", found " + sha256);
    }

    private static boolean isHidden(String name) {
        return Arrays.stream(name.split("/", -1))
                .anyMatch(part -> part.startsWith(".") && !ArchiveKey.QUARANTINE.equals(part + "/"));
    }
}
