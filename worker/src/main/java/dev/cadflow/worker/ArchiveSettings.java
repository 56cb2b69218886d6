package dev.cadflow.worker;

import dev.cadflow.archive.ManifestSigner;
import dev.cadflow.archive.S3Options;
import dev.cadflow.archive.S3Options.Checksums;
import dev.cadflow.archive.S3Options.Encryption;
import dev.cadflow.archive.S3Options.Retention;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How files come into the archive.
 *
 * @param s3 {@code CADFLOW_S3_…}
 * @param signer {@code CADFLOW_MANIFEST_KEY}: who signs manifests; null: nobody does
 */
public record ArchiveSettings(S3Options s3, @Nullable ManifestSigner signer) {
    private static final int MOST_RETENTION_DAYS = 36_500;
    private static final int MOST_PART_MIB = (int) (S3Options.MOST_PART_BYTES >> 20);
    private static final int LEAST_PART_MIB = (int) (S3Options.LEAST_PART_BYTES >> 20);
    private static final Pattern RETENTION = Pattern.compile("(?i)(governance|compliance):(\\d{1,5})d");
    private static final Pattern PART_SIZE = Pattern.compile("(?i)(\\d{1,4})MiB");

    /**
     * How a store that speaks S3 is reached, for who only reads from it: no other setting is looked at.
     *
     * @param environment as {@code System.getenv()}; {@code CADFLOW_CONFIG} in it names a file of more
     * @throws InvalidConfigException with every problem at once
     */
    public static S3Options s3(Map<String, String> environment) {
        SettingsSource source = SettingsSource.load(environment);
        @Nullable S3Options options = s3(new SettingsReader(source));
        if (options == null) {
            throw new InvalidConfigException(source.problems());
        }
        return options;
    }

    /** Null where a problem was noted. */
    static @Nullable ArchiveSettings read(SettingsReader reader) {
        @Nullable S3Options s3 = s3(reader);
        @Nullable ManifestSigner signer = reader.readSecret(Setting.CADFLOW_MANIFEST_KEY, ManifestSigner::ofPem);
        return s3 == null ? null : new ArchiveSettings(s3, signer);
    }

    private static @Nullable S3Options s3(SettingsReader reader) {
        @Nullable URI endpoint = reader.read(Setting.CADFLOW_S3_ENDPOINT, ArchiveSettings::endpoint);
        @Nullable Boolean pathStyle = reader.read(Setting.CADFLOW_S3_PATH_STYLE, ArchiveSettings::trueOrFalse);
        @Nullable Checksums checksums = reader.read(Setting.CADFLOW_S3_CHECKSUMS, ArchiveSettings::checksums);
        @Nullable Long partBytes = reader.read(Setting.CADFLOW_S3_PART_SIZE, ArchiveSettings::partBytes);
        @Nullable Retention retention = reader.read(Setting.CADFLOW_S3_RETENTION, ArchiveSettings::retention);
        @Nullable String kmsKey = reader.read(Setting.CADFLOW_S3_SSE_KMS_KEY, text -> text);
        @Nullable Encryption encryption = reader.read(Setting.CADFLOW_S3_SSE, algorithm -> new Encryption(algorithm, kmsKey));
        if (kmsKey != null && encryption == null && !reader.hasProblem(Setting.CADFLOW_S3_SSE)) {
            reader.problem(
                    Setting.CADFLOW_S3_SSE,
                    "expected aws:kms or aws:kms:dsse with " + Setting.CADFLOW_S3_SSE_KMS_KEY + ", found none");
        }
        if (pathStyle == null || checksums == null || partBytes == null || reader.hasProblems()) {
            return null;
        }
        return S3Options.builder()
                .endpoint(endpoint)
                .pathStyle(pathStyle)
                .checksums(checksums)
                .partBytes(partBytes)
                .encryption(encryption)
                .retention(retention)
                .build();
    }

    /** Any host: what goes there is signed and never the secret key itself, and many stores stand in a net of their own. */
    private static URI endpoint(String text) {
        try {
            URI url = new URI(text);
            boolean isHttp = "https".equals(url.getScheme()) || "http".equals(url.getScheme());
            if (isHttp
                    && url.getHost() != null
                    && url.getRawUserInfo() == null
                    && url.getRawQuery() == null
                    && url.getRawFragment() == null) {
                return url;
            }
        } catch (URISyntaxException notAUrl) {
            // Said below, as for a URL that is not allowed.
        }
        throw new IllegalArgumentException("expected an https or http URL without user, query or fragment, found \""
                + SettingsReader.shownUrl(text) + "\"");
    }

    private static boolean trueOrFalse(String text) {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "true" -> true;
            case "false" -> false;
            default ->
                throw new IllegalArgumentException(
                        "expected true or false, found \"" + SettingsReader.shown(text) + "\"");
        };
    }

    private static Checksums checksums(String text) {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "sha256" -> Checksums.SHA256;
            case "when_required" -> Checksums.WHEN_REQUIRED;
            default ->
                throw new IllegalArgumentException(
                        "expected sha256 or when_required, found \"" + SettingsReader.shown(text) + "\"");
        };
    }

    private static long partBytes(String text) {
        Matcher matcher = PART_SIZE.matcher(text);
        int mebibytes = matcher.matches() ? Integer.parseInt(matcher.group(1)) : 0;
        if (mebibytes < LEAST_PART_MIB || mebibytes > MOST_PART_MIB) {
            throw new IllegalArgumentException("expected a size from " + LEAST_PART_MIB + "MiB to " + MOST_PART_MIB
                    + "MiB, found \"" + SettingsReader.shown(text) + "\"");
        }
        return (long) mebibytes << 20;
    }

    private static Retention retention(String text) {
        Matcher matcher = RETENTION.matcher(text);
        int days = matcher.matches() ? Integer.parseInt(matcher.group(2)) : 0;
        if (days < 1 || days > MOST_RETENTION_DAYS) {
            throw new IllegalArgumentException("expected governance: or compliance: with 1d to " + MOST_RETENTION_DAYS
                    + "d, such as compliance:3650d, found \"" + SettingsReader.shown(text) + "\"");
        }
        return new Retention(Retention.Mode.valueOf(matcher.group(1).toUpperCase(Locale.ROOT)), Duration.ofDays(days));
    }
}
