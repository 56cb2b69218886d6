package dev.cadflow.archive;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.List;

/**
 * Where in an archive a file goes: a relative path of parts separated by {@code /}, checked so that it can never leave
 * the archive, hide in it, or be taken for something else there.
 *
 * @param value the path, such as {@code brackets/order-7.step}
 */
public record ArchiveKey(String value) {
    /** Longest key, in bytes of UTF-8; together with a prefix it must fit into S3's 1024. */
    public static final int LONGEST = 700;
    /** Longest part, in bytes of UTF-8: file systems take 255, and the manifest's name is longer than the file's. */
    public static final int LONGEST_PART = 200;

    private static final int MOST_PARTS = 32;
    private static final String MANIFEST_SUFFIX = ".manifest.json";
    /** Begins with a dot, so that no caller's key can name it. */
    static final String QUARANTINE = ".quarantine/";

    /**
     * Checks a key that comes from a caller.
     *
     * @throws ArchiveException {@code invalid_input}, naming the rule that is broken
     */
    public static ArchiveKey of(String value) {
        String relative = value.startsWith(QUARANTINE) ? "" : value;
        require(!relative.isEmpty(), value, "a relative path such as brackets/order-7.step");
        require(utf8Length(value) <= LONGEST, value, "at most " + LONGEST + " bytes of UTF-8");
        require(value.indexOf('\\') < 0, value, "no backslash");
        require(!value.startsWith("/"), value, "a relative path");
        require(value.codePoints().noneMatch(ArchiveKey::isInvisible), value, "no control or invisible characters");
        require(!value.endsWith(MANIFEST_SUFFIX), value, "no name that ends with " + MANIFEST_SUFFIX);
        List<String> parts = List.of(value.split("/", -1));
        require(parts.size() <= MOST_PARTS, value, "at most " + MOST_PARTS + " parts");
        for (String part : parts) {
            require(!part.isBlank(), value, "no empty part");
            require(part.equals(part.strip()), value, "no part that begins or ends with white space");
            require(!part.startsWith("."), value, "no part that begins with a dot");
            require(utf8Length(part) <= LONGEST_PART, value, "parts of at most " + LONGEST_PART + " bytes of UTF-8");
        }
        return new ArchiveKey(value);
    }

    /** Where bytes go that must not be published under this key, told apart by their SHA-256. */
    ArchiveKey quarantined(String sha256) {
        int name = value.lastIndexOf('/') + 1;
        return new ArchiveKey(
                QUARANTINE + value.substring(0, name) + sha256.substring(0, 16) + "-" + value.substring(name));
    }

    /** The key of the manifest beside the file. */
    String manifest() {
        return value + MANIFEST_SUFFIX;
    }

    private static void require(boolean kept, String value, String rule) {
        if (!kept) {
            throw ArchiveException.invalidKey(value, rule);
        }
    }

    private static boolean isInvisible(int codePoint) {
        int type = Character.getType(codePoint);
        return type == Character.CONTROL
                || type == Character.FORMAT
                || type == Character.LINE_SEPARATOR
                || type == Character.PARAGRAPH_SEPARATOR;
    }

    private static int utf8Length(String text) {
        try {
            return UTF_8.newEncoder().encode(CharBuffer.wrap(text)).remaining();
        } catch (CharacterCodingException unpairedSurrogate) {
            throw ArchiveException.invalidKey("(not Unicode)", "valid Unicode");
        }
    }

    @Override
    public String toString() {
        return value;
    }
}
