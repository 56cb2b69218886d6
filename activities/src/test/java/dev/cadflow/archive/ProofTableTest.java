package dev.cadflow.archive;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cadflow.workflow.OutputFormat;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** All files of all writers, their cuts at every percent, and the damage that each format's proof promises to find. */
final class ProofTableTest {
    private static final Pattern STEP_INSTANCE = Pattern.compile("(?m)^#\\d+ *=");
    private static final Pattern STL_KEYWORD = Pattern.compile("facet normal|outer loop|vertex|endloop|endfacet");
    private static final int EACH = 40;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path scratch;

    /** What was tried and what came of it. */
    private static final class Row {
        private int files;
        private final List<String> refused = new ArrayList<>();
        private int cuts;
        private final List<String> cutsAccepted = new ArrayList<>();
        private int damages;
        private final List<String> damagesMissed = new ArrayList<>();
    }

    @Test
    void takesEveryGoodFileAndFindsEveryCutAndAllDamageThatItPromisesToFind() throws IOException {
        Map<OutputFormat, Row> rows = new EnumMap<>(OutputFormat.class);
        for (String name : Corpus.names().toList()) {
            byte[] whole = Corpus.bytes(name);
            OutputFormat format = Corpus.format(name);
            Row row = rows.computeIfAbsent(format, first -> new Row());
            row.files++;
            if (isRefused(whole, format)) {
                row.refused.add(name);
            }
            for (int percent = 0; percent < 100; percent++) {
                row.cuts++;
                byte[] cut = Arrays.copyOf(whole, (int) ((long) whole.length * percent / 100));
                if (!isRefused(cut, format)) {
                    row.cutsAccepted.add(name + " at " + percent + " %");
                }
            }
            for (Map.Entry<Integer, byte[]> damage : damages(whole, format).entrySet()) {
                row.damages++;
                if (!isRefused(damage.getValue(), format)) {
                    row.damagesMissed.add(name + " at byte " + damage.getKey());
                }
            }
        }
        print(rows);
        assertThat(rows.keySet()).containsExactlyInAnyOrder(OutputFormat.values());
        assertThat(rows.values()).allSatisfy(row -> {
            assertThat(row.damages).isPositive();
            assertThat(row.refused).isEmpty();
            assertThat(row.cutsAccepted).isEmpty();
            assertThat(row.damagesMissed).isEmpty();
        });
    }

    // What the table is for.
    @SuppressWarnings("SystemOut")
    private static void print(Map<OutputFormat, Row> rows) {
        StringBuilder table = new StringBuilder("proof: format, good files, refused, cuts, accepted, damages, found\n");
        rows.forEach((format, row) -> table.append(String.format(
                Locale.ROOT,
                "proof: %-8s %3d %3d %6d %3d %6d %6d%n",
                format,
                row.files,
                row.refused.size(),
                row.cuts,
                row.cutsAccepted.size(),
                row.damages,
                row.damages - row.damagesMissed.size())));
        System.out.print(table);
    }

    private boolean isRefused(byte[] content, OutputFormat format) throws IOException {
        return Corpus.refusal(scratch, content, format) != null;
    }

    /** Damaged copies by the place of the damage: what the Javadoc of each format's proof says is found for sure. */
    private static Map<Integer, byte[]> damages(byte[] whole, OutputFormat format) {
        return switch (format) {
            case STEP -> stepDamages(whole);
            case STL -> isBinaryStl(whole) ? binaryStlDamages(whole) : keywordDamages(whole);
            case GLB -> flips(whole, 0, 20);
            case THREE_MF -> entryDamages(whole);
        };
    }

    /** Control characters anywhere before the end, and the equals sign of instances. */
    private static Map<Integer, byte[]> stepDamages(byte[] whole) {
        Map<Integer, byte[]> damages = new TreeMap<>();
        int end = new String(whole, ISO_8859_1).lastIndexOf("END-ISO-10303-21;");
        for (int i = 0; i < EACH; i++) {
            int at = (int) ((long) end * i / EACH);
            damages.put(at, with(whole, at, (byte) 0));
        }
        damages.putAll(matches(whole, STEP_INSTANCE, true));
        return damages;
    }

    private static Map<Integer, byte[]> keywordDamages(byte[] whole) {
        return matches(whole, STL_KEYWORD, false);
    }

    /** One bit of the first or last byte of some matches. */
    private static Map<Integer, byte[]> matches(byte[] whole, Pattern pattern, boolean last) {
        List<Integer> places = new ArrayList<>();
        Matcher matcher = pattern.matcher(new String(whole, ISO_8859_1));
        while (matcher.find()) {
            places.add(last ? matcher.end() - 1 : matcher.start());
        }
        Map<Integer, byte[]> damages = new TreeMap<>();
        int step = Math.max(1, places.size() / EACH);
        for (int i = 0; i < places.size(); i += step) {
            int at = places.get(i);
            damages.put(at, with(whole, at, (byte) (whole[at] ^ 1)));
        }
        return damages;
    }

    /** Every bit of the count, and corners that are not finite. */
    private static Map<Integer, byte[]> binaryStlDamages(byte[] whole) {
        Map<Integer, byte[]> damages = flips(whole, 80, 84);
        int facets = (whole.length - 84) / 50;
        for (int i = 0; i < EACH; i++) {
            int at = 84 + 50 * (int) ((long) facets * i / EACH) + 12;
            byte[] damaged = whole.clone();
            ByteBuffer.wrap(damaged).order(ByteOrder.LITTLE_ENDIAN).putFloat(at, Float.POSITIVE_INFINITY);
            damages.put(at * 8, damaged);
        }
        return damages;
    }

    /** Bits in the middle of each entry, which has a CRC-32. Of ZIP64 archives none: their sizes stand elsewhere. */
    private static Map<Integer, byte[]> entryDamages(byte[] whole) {
        Map<Integer, byte[]> damages = new TreeMap<>();
        ByteBuffer zip = ByteBuffer.wrap(whole).order(ByteOrder.LITTLE_ENDIAN);
        int end = whole.length - 22;
        while (zip.getInt(end) != 0x06054b50) {
            end--;
        }
        int entry = zip.getInt(end + 16);
        while (entry >= 0 && zip.getInt(entry) == 0x02014b50) {
            int size = zip.getInt(entry + 20);
            int header = zip.getInt(entry + 42);
            int data = header < 0 ? 0 : header + 30 + zip.getShort(header + 26) + zip.getShort(header + 28);
            for (int i = 1; i < EACH && data > 0 && size > EACH; i++) {
                int at = data + (int) ((long) size * i / EACH);
                damages.put(at, with(whole, at, (byte) (whole[at] ^ 0x10)));
            }
            entry += 46 + zip.getShort(entry + 28) + zip.getShort(entry + 30) + zip.getShort(entry + 32);
        }
        return damages;
    }

    /** Every bit of these bytes, by its number. */
    private static Map<Integer, byte[]> flips(byte[] whole, int from, int to) {
        Map<Integer, byte[]> damages = new TreeMap<>();
        for (int bit = from * 8; bit < to * 8; bit++) {
            damages.put(bit, with(whole, bit / 8, (byte) (whole[bit / 8] ^ 1 << bit % 8)));
        }
        return damages;
    }

    private static byte[] with(byte[] whole, int at, byte value) {
        byte[] damaged = whole.clone();
        damaged[at] = value;
        return damaged;
    }

    private static boolean isBinaryStl(byte[] whole) {
        return whole.length
                == 84
                        + 50L
                                * ByteBuffer.wrap(whole)
                                        .order(ByteOrder.LITTLE_ENDIAN)
                                        .getInt(80);
    }
}
